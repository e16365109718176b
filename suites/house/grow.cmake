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

# The first version.
take(schema_v1.sql schema.sql)
take(app_v1.c app.c)
run(PASSES ${DRIFT} make-migrations schema.sql)
run(PASSES ${CMAKE_COMMAND} -S ${app} -B ${build} -DIN_SOURCE=${IN_SOURCE} ${CONFIGURE})
run(PASSES ${CMAKE_COMMAND} --build ${build})
expect_versions("1;")

# The second: its test is compiled, and fails as long as the step is missing.
wait()
take(schema_v2.sql schema.sql)
run(PASSES ${DRIFT} make-migrations schema.sql)
run(PASSES ${CMAKE_COMMAND} --build ${build})
expect_versions("1;2;")
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

# A third version, and without it again.
wait()
run(PASSES ${DRIFT} make-migrations schema.sql --version 3)
run(PASSES ${CMAKE_COMMAND} --build ${build})
expect_versions("1;2;3;")
wait()
file(REMOVE ${app}/drift_schemas/drift_schema_v3.json ${app}/tests/check_v2_to_v3.c)
run(PASSES ${CMAKE_COMMAND} --build ${build})
expect_versions("1;2;")
if(EXISTS ${generated}/schema_v3.h)
  message(FATAL_ERROR "the code of a version that is gone stayed")
endif()
