# cmake -D COMPILER=… -D "FLAGS=…" -D "INCLUDES=dir|dir" -D "LIBRARIES=file|file" -D GENERATED=… -D SOURCE=user.cc -D
# SCRATCH=… -P user.cmake: builds a C++17 program with generated code, which is compiled as C++ too, and runs it.
cmake_minimum_required(VERSION 3.25)

if(NOT COMPILER)
  message("SKIP: no such compiler")
  return()
endif()
string(REPLACE "|" ";" includes "${INCLUDES}")
string(REPLACE "|" ";" libraries "${LIBRARIES}")
list(TRANSFORM includes PREPEND -I)
separate_arguments(flags UNIX_COMMAND "${FLAGS}")
file(GLOB generated ${GENERATED}/*.c)
file(MAKE_DIRECTORY ${SCRATCH})
execute_process(
  COMMAND ${COMPILER} -std=c++17 -Wall -Wextra -Wpedantic -Wconversion -Werror ${flags} ${includes} -x c++ ${generated}
          ${SOURCE} -x none ${libraries} -lm -o ${SCRATCH}/user COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${SCRATCH}/user COMMAND_ERROR_IS_FATAL ANY)
