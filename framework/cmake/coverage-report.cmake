# cmake -D BUILD=… -D SOURCE=… -D LCOV=… -D GENHTML=… -D GCOV=… -P coverage-report.cmake
#
# Writes BUILD/html/index.html and prints one line with the lines and branches of framework/src that were reached, and
# what the project promises. Counts are of the build folder's .gcda files: run the suites first.
cmake_minimum_required(VERSION 3.25)

set(PROMISED_LINES 95)
set(PROMISED_BRANCHES 85)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE out)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}\n${out}")
  endif()
endfunction()

# lcov 2 renamed the settings of 1.x and ends on a setting that it does not know.
execute_process(COMMAND ${LCOV} --version OUTPUT_VARIABLE version)
string(REGEX MATCH "[0-9]+\\.[0-9]+" version "${version}")
if(version VERSION_LESS 2.0)
  set(branches --rc lcov_branch_coverage=1)
else()
  set(branches --rc branch_coverage=1)
endif()

file(GLOB_RECURSE counts ${BUILD}/framework/src/*.gcda)
if(NOT counts)
  message(FATAL_ERROR "no counts under ${BUILD}/framework/src: run the suites first")
endif()
# A baseline of zeros, so that files that no test loads count as well.
run(${LCOV} ${branches} --gcov-tool ${GCOV} --capture --initial --directory ${BUILD}/framework/src --output-file
    ${BUILD}/none.info)
run(${LCOV} ${branches} --gcov-tool ${GCOV} --capture --directory ${BUILD}/framework/src --output-file ${BUILD}/run.info)
run(${LCOV} ${branches} --add-tracefile ${BUILD}/none.info --add-tracefile ${BUILD}/run.info --output-file
    ${BUILD}/all.info)
run(${LCOV} ${branches} --extract ${BUILD}/all.info ${SOURCE}/framework/src/* --output-file ${BUILD}/coverage.info)
file(REMOVE_RECURSE ${BUILD}/html)
run(${GENHTML} --branch-coverage --legend --title drift --prefix ${SOURCE} --output-directory ${BUILD}/html
    ${BUILD}/coverage.info)

# total(out key): the sum of a key's numbers over all files of the trace (LF, LH: lines; BRF, BRH: branches).
function(total out key)
  file(STRINGS ${BUILD}/coverage.info entries REGEX "^${key}:")
  set(sum 0)
  foreach(entry IN LISTS entries)
    string(REGEX REPLACE "^${key}:" "" entry ${entry})
    math(EXPR sum "${sum} + ${entry}")
  endforeach()
  set(${out} ${sum} PARENT_SCOPE)
endfunction()

# rate(out hit found): "97.3 % (1400 of 1439)"
function(rate out hit found)
  if(found EQUAL 0)
    message(FATAL_ERROR "the trace ${BUILD}/coverage.info counts nothing")
  endif()
  math(EXPR tenths "${hit} * 1000 / ${found}")
  math(EXPR whole "${tenths} / 10")
  math(EXPR tenth "${tenths} % 10")
  set(${out} "${whole}.${tenth} % (${hit} of ${found})" PARENT_SCOPE)
endfunction()

total(lines_hit LH)
total(lines_found LF)
total(branches_hit BRH)
total(branches_found BRF)
rate(lines ${lines_hit} ${lines_found})
rate(branches ${branches_hit} ${branches_found})
execute_process(
  COMMAND
    ${CMAKE_COMMAND} -E echo
    "coverage of framework/src: lines ${lines}, branches ${branches}; promised ${PROMISED_LINES} % and ${PROMISED_BRANCHES} %; ${BUILD}/html/index.html"
)
