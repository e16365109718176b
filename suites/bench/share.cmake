# cmake -D VALGRIND=… -D ANNOTATE=… -D FOLDER=… -P share.cmake: whose instructions those of W1 are: for each side, the share
# of every library and program whose code runs in the timed part.
cmake_minimum_required(VERSION 3.25)

if(NOT VALGRIND OR NOT ANNOTATE)
  message(FATAL_ERROR "expected valgrind and callgrind_annotate")
endif()
set(profile ${FOLDER}/share.callgrind)
foreach(side IN ITEMS "raw, kept schemas" "drift, independent" "drift" "program, independent" "program")
  execute_process(
    COMMAND ${VALGRIND} --tool=callgrind --collect-atstart=no --toggle-collect=bench_timed
            --callgrind-out-file=${profile} ${FOLDER}/bench_w1_pairs --side ${side}
    OUTPUT_QUIET ERROR_QUIET COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${ANNOTATE} --auto=no --threshold=100 --show-percs=no ${profile} OUTPUT_VARIABLE told
                  COMMAND_ERROR_IS_FATAL ANY)
  # "1,234  file:function [/folder/library]"
  string(REGEX REPLACE "([0-9,]+)  [^\n]*/([^]/\n]+)\\]\n" "\\1=\\2\n" told "${told}")
  string(REPLACE "," "" told "${told}")
  string(REGEX MATCHALL "[0-9]+=[^=\n]+" lines "${told}")
  set(total 0)
  set(owners "")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "^([0-9]+)=(.+)$" line "${line}")
    set(owner ${CMAKE_MATCH_2})
    if(NOT owner IN_LIST owners)
      list(APPEND owners ${owner})
      set(of_${owner} 0)
    endif()
    math(EXPR of_${owner} "${of_${owner}} + ${CMAKE_MATCH_1}")
    math(EXPR total "${total} + ${CMAKE_MATCH_1}")
  endforeach()
  message("W1, ${side}: ${total} instructions")
  foreach(owner IN LISTS owners)
    math(EXPR percent "100 * ${of_${owner}} / ${total}")
    math(EXPR tenths "1000 * ${of_${owner}} / ${total} % 10")
    message("  ${percent}.${tenths} % ${owner}: ${of_${owner}}")
  endforeach()
endforeach()
file(REMOVE ${profile})
