# count(OUT PROGRAM SIZE SIDE [OPTION…]): the instructions between entering and leaving bench_timed; empty if it failed.
function(count out program size side)
  execute_process(
    COMMAND ${VALGRIND} --tool=callgrind --collect-atstart=no --toggle-collect=bench_timed --callgrind-out-file=/dev/null
            ${FOLDER}/bench_${program} --size ${size} --side ${side} ${ARGN}
    RESULT_VARIABLE status ERROR_VARIABLE told OUTPUT_QUIET)
  if(status EQUAL 0 AND told MATCHES "Collected : ([0-9]+)")
    set(${out} ${CMAKE_MATCH_1} PARENT_SCOPE)
  else()
    message("${told}")
    set(${out} "" PARENT_SCOPE)
  endif()
endfunction()
