# cmake -D COMPILER=… -D FLAGS=… -D "INCLUDES=dir|dir" -D "LIBRARIES=file|file" -D GENERATED=… -P run.cmake: builds the
# program that generate_all left in GENERATED, and runs it.
cmake_minimum_required(VERSION 3.25)

string(REPLACE "|" ";" includes "${INCLUDES}")
string(REPLACE "|" ";" libraries "${LIBRARIES}")
list(TRANSFORM includes PREPEND -I)
separate_arguments(flags UNIX_COMMAND "${FLAGS}")
execute_process(
  COMMAND ${COMPILER} -std=c11 ${flags} ${includes} -I${GENERATED} ${GENERATED}/all.c ${libraries} -lm -o
          ${GENERATED}/all COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${GENERATED}/all WORKING_DIRECTORY ${GENERATED} COMMAND_ERROR_IS_FATAL ANY)
