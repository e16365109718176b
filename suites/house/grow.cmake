# cmake -D DRIFT=… -D CONSUMER=consumer_app -D SCRATCH=… -D IN_SOURCE=ON|OFF -D CONFIGURE=options|… -P grow.cmake
#
# An application from its first version to its second, as its developer goes: make-migrations, build, a test that fails,
# the step, a test that passes. drift_generate follows the snapshots by itself.
cmake_minimum_required(VERSION 3.25)

# Paths with blanks are paths too.
set(app "${SCRATCH}/the app")
set(build "${SCRATCH}/the build")
if(IN_SOURCE)
  set(generated ${app}/generated)
else()
  set(generated ${build}/drift_generated/app)
endif()
string(REPLACE "|" ";" CONFIGURE "${CONFIGURE}")

# run(expected command…): the exit status is 0 or, where `expected` is FAILS, another one. What the command writes goes to
# `output`, without its standard error, on which the instrumentation of a coverage build speaks too.
function(run expected)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${app} RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
  string(COMPARE EQUAL "${status}" 0 passed)
  string(COMPARE EQUAL "${expected}" PASSES wanted)
  if(NOT passed STREQUAL wanted)
    message(FATAL_ERROR "expected that this ${expected}: ${ARGN}\n${status}: ${out}${err}")
  endif()
  set(output "${out}" PARENT_SCOPE)
endfunction()

function(expect_versions expected)
  foreach(program versions shipped)
    run(PASSES ${build}/${program})
    if(NOT output STREQUAL expected)
      message(FATAL_ERROR "expected the versions ${expected} from ${program}, found ${output}")
    endif()
  endforeach()
endfunction()

# take(name as): a file of the consumer becomes the application's, younger than what was built of it.
function(take name as)
  configure_file(${CONSUMER}/${name} ${app}/${as} COPYONLY)
  file(TOUCH ${app}/${as})
endfunction()

function(expect_generated name text)
  file(READ ${generated}/${name} found)
  string(FIND "${found}" "${text}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "expected \"${text}\" in ${generated}/${name}")
  endif()
endfunction()

# The clocks of some file systems tick slowly; two states of one file are to have two times.
function(wait)
  execute_process(COMMAND ${CMAKE_COMMAND} -E sleep 1.1)
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${app})
take(CMakeLists.txt CMakeLists.txt)
take(versions.c versions.c)

# expect_migrations(passed failed told…): `ctest -L migration` runs entries of which `passed` pass, and these regular
# expressions say which ones fail; what is told stands in their logs.
function(expect_migrations passed failed)
  execute_process(COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${build} -L migration --output-on-failure
                  RESULT_VARIABLE status OUTPUT_VARIABLE log ERROR_VARIABLE log)
  string(REGEX MATCHALL "Passed  " passes "${log}")
  list(LENGTH passes count)
  string(REGEX MATCHALL "migration[.a-z0-9_]+ [(]Failed[)]" failures "${log}")
  set(expected)
  foreach(entry IN LISTS failed)
    list(APPEND expected "migration.${entry} (Failed)")
  endforeach()
  if(NOT count EQUAL passed OR NOT "${failures}" STREQUAL "${expected}")
    message(FATAL_ERROR "expected ${passed} entries that pass and failures ${expected}, found ${count} and ${failures}:\n${log}")
  endif()
  foreach(text IN LISTS ARGN)
    string(FIND "${log}" "${text}" at)
    if(at EQUAL -1)
      message(FATAL_ERROR "expected \"${text}\" in the log of the migrations:\n${log}")
    endif()
  endforeach()
endfunction()

# forget(file text): a line of the application is not there.
function(forget name text)
  file(READ ${app}/${name} content)
  string(REPLACE "${text}" "" changed "${content}")
  if(changed STREQUAL content)
    message(FATAL_ERROR "expected \"${text}\" in ${name}")
  endif()
  file(WRITE ${app}/${name} "${changed}")
endfunction()

# The first version.
take(schema_v1.sql schema.sql)
take(app_v1.c app.c)
run(PASSES ${DRIFT} make-migrations schema.sql)
file(MAKE_DIRECTORY ${app}/migrations)
run(PASSES ${CMAKE_COMMAND} -S ${app} -B ${build} -DIN_SOURCE=${IN_SOURCE} ${CONFIGURE})
run(PASSES ${CMAKE_COMMAND} --build ${build})
expect_versions("1;")
# There is no upgrade yet, which is no proof: the entries are there, and do not pass.
expect_migrations(0 "" "migration.app " "migration.app_sql " "Not Run (Disabled)")

# The second: its test is compiled, and fails as long as the step is missing.
wait()
take(schema_v2.sql schema.sql)
run(PASSES ${DRIFT} make-migrations schema.sql)
run(PASSES ${CMAKE_COMMAND} --build ${build})
expect_versions("1;2;")
set(v1_to_v2 app.v1_to_v2.empty app.v1_to_v2.one app.v1_to_v2.boundary app.v1_to_v2.hostile)
expect_migrations(0 "${v1_to_v2};app_sql.v1_to_v2.empty;app_sql.v1_to_v2.one" "no callback for the step from 1 to 2"
                  "expected steps that lead from version 1 to 2")
run(FAILS ${build}/check_v1_to_v2)
foreach(told "Checks: 3, Failures: 3, Errors: 0" "app_database.schema_version == 1" "no callback for the step from 1 to 2")
  string(FIND "${output}" "${told}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "expected \"${told}\" in: ${output}")
  endif()
endforeach()

wait()
take(app_v2.c app.c)
run(PASSES ${CMAKE_COMMAND} --build ${build})
run(PASSES ${build}/check_v1_to_v2)

# Nothing changed: nothing is generated.
file(TIMESTAMP ${build}/drift_generated/app.stamp before "%s")
wait()
run(PASSES ${CMAKE_COMMAND} --build ${build})
file(TIMESTAMP ${build}/drift_generated/app.stamp after "%s")
if(NOT before STREQUAL after)
  message(FATAL_ERROR "the code was generated again although no snapshot changed")
endif()

# A snapshot that is written again.
file(APPEND ${app}/schema.sql "CREATE TABLE tags (name TEXT PRIMARY KEY);\n")
run(PASSES ${DRIFT} schema dump schema.sql drift_schemas --force)
run(PASSES ${CMAKE_COMMAND} --build ${build})
expect_generated(schema_v2.h app_v2_tag_insert)

# A third version: new upgrades, new entries.
wait()
run(PASSES ${DRIFT} make-migrations schema.sql --version 3)
take(app_v3.c app.c)
take(v1_to_v2.sql migrations/v1_to_v2.sql)
take(v2_to_v3.sql migrations/v2_to_v3.sql)
run(PASSES ${CMAKE_COMMAND} --build ${build})
expect_versions("1;2;3;")
expect_migrations(18 "")

# A step that is broken: what it is part of fails, and nothing else; the difference is told.
wait()
forget(app.c "    if (rc == DRIFT_OK) rc = drift_migrator_create_index(m, v2->notes_by_pinned.index, err);\n")
forget(migrations/v1_to_v2.sql "CREATE INDEX notes_by_pinned ON notes (pinned);\n")
run(PASSES ${CMAKE_COMMAND} --build ${build})
set(v1_to_v3 app.v1_to_v3.empty app.v1_to_v3.one app.v1_to_v3.boundary app.v1_to_v3.hostile)
expect_migrations(
  6 "${v1_to_v2};${v1_to_v3};app_sql.v1_to_v2.empty;app_sql.v1_to_v2.one;app_sql.v1_to_v3.empty;app_sql.v1_to_v3.one"
  "schema.missing notes_by_pinned [step 1->2]")
run(FAILS ${build}/app_migrations)

# An input that cannot be read is told with its place.
file(RENAME ${app}/drift_schemas/drift_schema_v2.json ${app}/aside.json)
file(WRITE ${app}/drift_schemas/drift_schema_v2.json "{\n}}\n")
execute_process(COMMAND ${build}/app_migrations RESULT_VARIABLE status ERROR_VARIABLE told)
file(RENAME ${app}/aside.json ${app}/drift_schemas/drift_schema_v2.json)
if(NOT status EQUAL 3 OR NOT told MATCHES "/drift_schema_v2\\.json:2:[0-9]+: expected JSON")
  message(FATAL_ERROR "expected the place of a snapshot that cannot be read, found ${status}: ${told}")
endif()

# Without the third version again.
wait()
take(app_v2.c app.c)
file(REMOVE ${app}/drift_schemas/drift_schema_v3.json ${app}/tests/check_v2_to_v3.c)
run(PASSES ${CMAKE_COMMAND} --build ${build})
expect_versions("1;2;")
if(EXISTS ${generated}/schema_v3.h)
  message(FATAL_ERROR "the code of a version that is gone stayed")
endif()
