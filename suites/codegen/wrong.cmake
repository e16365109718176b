# cmake -D COMPILER=… -D "INCLUDES=dir|dir" -D SOURCE=wrong.c -D MISTAKES=n -P wrong.cmake: the source compiles, and with
# -DWRONG=1 … -DWRONG=n it does not.
cmake_minimum_required(VERSION 3.25)

if(NOT COMPILER)
  message("SKIP: no such compiler")
  return()
endif()
string(REPLACE "|" ";" includes "${INCLUDES}")
list(TRANSFORM includes PREPEND -I)
foreach(mistake RANGE 0 ${MISTAKES})
  execute_process(
    COMMAND ${COMPILER} -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror ${includes} -DWRONG=${mistake}
            -fsyntax-only ${SOURCE}
    RESULT_VARIABLE status
    ERROR_VARIABLE problems)
  if(mistake EQUAL 0 AND NOT status EQUAL 0)
    message(FATAL_ERROR "without a mistake it does not compile:\n${problems}")
  elseif(mistake GREATER 0 AND status EQUAL 0)
    message(FATAL_ERROR "mistake ${mistake} compiles")
  endif()
endforeach()
message("${MISTAKES} of ${MISTAKES} mistakes do not compile")
