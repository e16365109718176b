# The targets coverage-reset (forgets the counts of earlier runs) and coverage-report (HTML, and one line with lines and
# branches). `cmake --workflow --preset coverage` runs them around the suites.
if(NOT CMAKE_C_COMPILER_ID STREQUAL "GNU")
  message(FATAL_ERROR "DRIFT_COVERAGE needs gcc, whose counts lcov reads; the compiler is ${CMAKE_C_COMPILER_ID}")
endif()

find_program(DRIFT_LCOV lcov)
find_program(DRIFT_GENHTML genhtml)
# The gcov of the compiler's own version: another one does not read its files.
string(REGEX MATCH "^[0-9]+" gcc_major ${CMAKE_C_COMPILER_VERSION})
get_filename_component(gcc_folder ${CMAKE_C_COMPILER} DIRECTORY)
find_program(DRIFT_GCOV NAMES gcov-${gcc_major} gcov HINTS ${gcc_folder})
foreach(tool LCOV GENHTML GCOV)
  if(NOT DRIFT_${tool})
    string(TOLOWER ${tool} name)
    message(FATAL_ERROR "DRIFT_COVERAGE needs ${name}, which is not on the path; ./bootstrap tools installs it")
  endif()
endforeach()

add_custom_target(
  coverage-reset
  COMMAND ${CMAKE_COMMAND} -D BUILD=${PROJECT_BINARY_DIR} -P ${CMAKE_CURRENT_LIST_DIR}/coverage-reset.cmake
  VERBATIM)
add_custom_target(
  coverage-report
  COMMAND
    ${CMAKE_COMMAND} -D BUILD=${PROJECT_BINARY_DIR} -D SOURCE=${PROJECT_SOURCE_DIR} -D LCOV=${DRIFT_LCOV} -D
    GENHTML=${DRIFT_GENHTML} -D GCOV=${DRIFT_GCOV} -P ${CMAKE_CURRENT_LIST_DIR}/coverage-report.cmake
  USES_TERMINAL VERBATIM)
