# cmake -D VALGRIND=… -D FOLDER=… -D FIGURES=… -D BUILT_WITH=… [-D UPDATE=ON] -P gate.cmake: counts the instructions of
# the timed part of W1, W3 and W5 at small sizes, and holds them against the committed figures (± 3 %).
#
# Instruction counts do not move with the machine's load, but with the compiler and with libsqlite3: figures that were
# made with others are no measure, and the gate is skipped, visibly. UPDATE=ON writes the file anew; raising a figure
# needs its reason in the commit.
cmake_minimum_required(VERSION 3.25)

set(works "w1_pairs 8" "w3_compare 200" "w3_compare 1000" "w5_open 50")
set(tolerance 3)

if(NOT VALGRIND)
  message("SKIP: no valgrind")
  return()
endif()

# count(out program size side): instructions between entering and leaving bench_timed.
function(count out program size side)
  execute_process(
    COMMAND ${VALGRIND} --tool=callgrind --collect-atstart=no --toggle-collect=bench_timed --callgrind-out-file=/dev/null
            ${FOLDER}/bench_${program} --size ${size} --side ${side}
    RESULT_VARIABLE status ERROR_VARIABLE told OUTPUT_QUIET)
  if(NOT status EQUAL 0 OR NOT told MATCHES "Collected : ([0-9]+)")
    message(FATAL_ERROR "bench_${program} failed under valgrind:\n${told}")
  endif()
  set(${out} ${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()

execute_process(COMMAND ${FOLDER}/bench_w5_open --library OUTPUT_VARIABLE library OUTPUT_STRIP_TRAILING_WHITESPACE)
set(with "${BUILT_WITH}, libsqlite3 ${library}")
if(UPDATE)
  set(text "# instructions of the timed part: work, size, count\n# ${with}\n")
else()
  file(STRINGS ${FIGURES} lines)
  list(GET lines 1 committed)
  if(NOT committed STREQUAL "# ${with}")
    message("SKIP: figures are for another build: ${committed}, this is ${with}")
    return()
  endif()
endif()

set(faults 0)
foreach(work IN LISTS works)
  string(REPLACE " " ";" work "${work}")
  list(GET work 0 program)
  list(GET work 1 size)
  count(found ${program} ${size} drift)
  set(${program}_${size} ${found})
  if(UPDATE)
    string(APPEND text "${program} ${size} ${found}\n")
    continue()
  endif()
  string(REGEX MATCH "${program} ${size} ([0-9]+)" line "${lines}")
  if(NOT line)
    message(FATAL_ERROR "${FIGURES} has no figure for ${program} ${size}")
  endif()
  set(expected ${CMAKE_MATCH_1})
  math(EXPR thousandths "1000 * ${found} / ${expected}")
  math(EXPR least "1000 - 10 * ${tolerance}")
  math(EXPR most "1000 + 10 * ${tolerance}")
  message("${program} ${size}: ${found} instructions, ${thousandths} thousandths of ${expected}")
  if(thousandths LESS least OR thousandths GREATER most)
    message("${program} ${size}: expected within ${tolerance} % of ${expected}, found ${found}")
    math(EXPR faults "${faults} + 1")
  endif()
endforeach()
# Five times the tables are five times the work, not twenty-five.
math(EXPR growth "100 * ${w3_compare_1000} / ${w3_compare_200}")
message("w3_compare: 5 times the tables take ${growth} hundredths of the instructions")
if(growth GREATER 580)
  message("w3_compare: expected at most 580 hundredths")
  math(EXPR faults "${faults} + 1")
endif()
if(UPDATE)
  file(WRITE ${FIGURES} "${text}")
elseif(faults)
  message(FATAL_ERROR "${faults} figures moved: if that is meant, build target bench-figures and give the reason")
endif()
