# cmake -D INCLUDE=… -D SCRATCH=… -D COMPILER=… -D LANGUAGE=c|c++ -D STANDARD=… -P headers.cmake: compiles every public
# header by itself, twice included, with the strict warnings as errors.
cmake_minimum_required(VERSION 3.25)

if(NOT COMPILER)
  message("SKIP: no compiler for ${LANGUAGE}")
  return()
endif()
set(flags -std=${STANDARD} -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)

file(GLOB_RECURSE headers RELATIVE ${INCLUDE} ${INCLUDE}/*.h)
if(NOT headers)
  message(FATAL_ERROR "no header under ${INCLUDE}")
endif()
set(failed 0)
foreach(header IN LISTS headers)
  string(MAKE_C_IDENTIFIER ${header} name)
  file(WRITE ${SCRATCH}/${name}.txt "#include \"${header}\"\n#include \"${header}\"\nint ${name};\n")
  execute_process(
    COMMAND ${COMPILER} ${flags} -I${INCLUDE} -fsyntax-only -x ${LANGUAGE} ${SCRATCH}/${name}.txt
    RESULT_VARIABLE status
    ERROR_VARIABLE problems)
  if(NOT status EQUAL 0)
    message("${header} does not compile alone as ${STANDARD}:\n${problems}")
    math(EXPR failed "${failed} + 1")
  endif()
endforeach()
list(LENGTH headers count)
if(failed GREATER 0)
  message(FATAL_ERROR "${failed} of ${count} headers do not compile alone as ${STANDARD}")
endif()
message("${count} headers compile alone as ${STANDARD}")
