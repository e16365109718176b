# cmake -D MODULE=DriftMigrationTests.cmake -D SCRATCH=… -D GENERATOR=… -P migration_tests_refuse.cmake: what
# drift_add_migration_tests does not take ends the configuration with a line that says what was expected.
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH}/empty ${SCRATCH}/steps)
foreach(version 1 2 10)
  file(WRITE ${SCRATCH}/three/drift_schema_v${version}.json "{}")
endforeach()
file(WRITE ${SCRATCH}/named/drift_schema_v2.json.bak "{}")
file(WRITE ${SCRATCH}/zero/drift_schema_v01.json "{}")
file(WRITE ${SCRATCH}/one/moor_schema_v7.json "{}")

# configure(calls): the exit status goes to `status`, what is told to `told`.
function(configure)
  list(JOIN ARGN "\n" calls)
  file(REMOVE_RECURSE ${SCRATCH}/build)
  file(WRITE ${SCRATCH}/CMakeLists.txt
       "cmake_minimum_required(VERSION 3.25)\nproject(refused LANGUAGES NONE)\nenable_testing()\nset(DRIFT_EXECUTABLE drift)\n"
       "include([[${MODULE}]])\nadd_library(app INTERFACE)\nadd_custom_target(no_library)\n${calls}\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${SCRATCH} -B ${SCRATCH}/build -G ${GENERATOR} RESULT_VARIABLE status
                  OUTPUT_VARIABLE told ERROR_VARIABLE told)
  # CMake breaks the lines of its messages.
  string(REGEX REPLACE "[ \n]+" " " told "${told}")
  set(status ${status} PARENT_SCOPE)
  set(told "${told}" PARENT_SCOPE)
endfunction()

# refuses(arguments expected): `expected` is a regular expression.
function(refuses arguments expected)
  configure("drift_add_migration_tests(${arguments})")
  if(status EQUAL 0 OR NOT told MATCHES "drift_add_migration_tests\\([a-z_]*\\): ${expected}")
    message(FATAL_ERROR "drift_add_migration_tests(${arguments}): expected \"${expected}\", found: ${told}")
  endif()
endfunction()

refuses("app" "expected SCHEMAS and a folder of snapshots")
refuses("app SCHEMAS" "expected a value behind SCHEMAS")
refuses("app SCHEMAS three DAT one" "unknown argument DAT one")
refuses("app SCHEMAS three DATA one huge" "expected levels of data out of empty, one, boundary, hostile, many, found huge")
refuses("app SCHEMAS three PAIRS some" "expected PAIRS to be one of all, adjacent, to-latest, found some")
refuses("app SCHEMAS three SEED x" "expected a number behind SEED, found x")
refuses("app SCHEMAS three SEED 007" "expected a number behind SEED, found 007")
refuses("app SCHEMAS three ROWS -1" "expected a number behind ROWS, found -1")
refuses("app SCHEMAS three DEFINITION a-b" "expected a name of C behind DEFINITION, found a-b")
refuses("app SCHEMAS three EXPECT expect.json" "expected a file behind EXPECT, found none at .*/expect.json")
refuses("app SCHEMAS three OVERRIDES steps" "expected a file behind OVERRIDES, found none at .*/steps")
refuses("other SCHEMAS three"
        "expected a library target, found no target other; steps in SQL files need MIGRATIONS and their folder")
refuses("no_library SCHEMAS three" "expected a library that can be linked, found a target of type UTILITY")
refuses("app SCHEMAS three" "expected a project with the language C")
refuses("app SCHEMAS three RUNNER plain" "RUNNER does not go with a library")
refuses("app SCHEMAS three MIGRATIONS steps SETUP setup" "SETUP does not go with steps in SQL")
refuses("app SCHEMAS three MIGRATIONS steps DEFINITION d" "DEFINITION does not go with steps in SQL")
refuses("app SCHEMAS three MIGRATIONS steps RUNNER fast" "expected RUNNER to be one of drift, transaction, plain, found fast")
refuses("app SCHEMAS three MIGRATIONS nowhere" "expected a folder behind MIGRATIONS, found none at .*/nowhere")
refuses("app SCHEMAS empty MIGRATIONS steps" ".*/empty holds no drift_schema_vN.json. dump a snapshot")
refuses("app SCHEMAS missing MIGRATIONS steps" ".*/missing holds no drift_schema_vN.json")
refuses("app SCHEMAS named MIGRATIONS steps" ".*/named holds no drift_schema_vN.json")
refuses("app SCHEMAS zero MIGRATIONS steps" "expected a version from 1 without leading zeros, found .*/drift_schema_v01.json")
refuses("app SCHEMAS three MIGRATIONS steps FROM 3" "expected FROM to be one of 1, 2, 10, found 3")
refuses("app SCHEMAS three MIGRATIONS steps FROM 10" "FROM, TO and PAIRS leave no upgrade among the versions 1, 2, 10")
refuses("app SCHEMAS three MIGRATIONS steps FROM 1 TO 10 PAIRS adjacent" "FROM, TO and PAIRS leave no upgrade")

# entries(arguments expected…): what is taken has these entries in this order.
function(entries arguments)
  configure("drift_add_migration_tests(${arguments})")
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "drift_add_migration_tests(${arguments}): ${told}")
  endif()
  execute_process(COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${SCRATCH}/build -N OUTPUT_VARIABLE listed)
  string(REGEX MATCHALL "migration\\.[^\n]*" listed "${listed}")
  if(NOT "${listed}" STREQUAL "${ARGN}")
    message(FATAL_ERROR "drift_add_migration_tests(${arguments}): expected the entries ${ARGN}, found ${listed}")
  endif()
endfunction()

entries("sql SCHEMAS three MIGRATIONS steps DATA one" migration.sql.v1_to_v2.one migration.sql.v1_to_v10.one
        migration.sql.v2_to_v10.one)
entries("sql SCHEMAS three/ MIGRATIONS steps PAIRS to-latest" migration.sql.v1_to_v10.empty migration.sql.v1_to_v10.one
        migration.sql.v1_to_v10.boundary migration.sql.v1_to_v10.hostile migration.sql.v2_to_v10.empty
        migration.sql.v2_to_v10.one migration.sql.v2_to_v10.boundary migration.sql.v2_to_v10.hostile)
entries("sql SCHEMAS three MIGRATIONS steps PAIRS adjacent DATA many many ROWS 5" migration.sql.v1_to_v2.many
        migration.sql.v2_to_v10.many)
entries("sql SCHEMAS three MIGRATIONS steps FROM 1 TO 10 DATA empty STRICT" migration.sql.v1_to_v10.empty)
file(WRITE ${SCRATCH}/expect.json "{}")
entries("sql SCHEMAS three MIGRATIONS steps FROM 2 DATA one EXPECT expect.json" migration.sql.v2_to_v10.one
        migration.sql.expectations)
entries("sql SCHEMAS one MIGRATIONS steps" "migration.sql (Disabled)")
