# cmake -D COMPILER=… -D LANGUAGE=c|c++ -D STANDARD=… -D "INCLUDES=dir|dir" -D GENERATED=… -P compile.cmake: compiles all
# that generate_all left in GENERATED, with the strict warnings as errors.
cmake_minimum_required(VERSION 3.25)

if(NOT COMPILER)
  message("SKIP: no such compiler")
  return()
endif()
string(REPLACE "|" ";" includes "${INCLUDES}")
list(TRANSFORM includes PREPEND -I)
execute_process(
  COMMAND ${COMPILER} -std=${STANDARD} -Wall -Wextra -Wpedantic -Wconversion -Werror ${includes} -I${GENERATED}
          -fsyntax-only -x ${LANGUAGE} ${GENERATED}/all.h COMMAND_ERROR_IS_FATAL ANY)
