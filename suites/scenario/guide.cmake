# cmake -D GUIDE=….md -D OUT=folder -P guide.cmake: writes the C examples of a guide into files, so that they are compiled.
#
# An example is a fenced block of C behind a line that names its file; blocks of one file are joined in their order:
#     <!-- example: growing.c -->
#     ```c
# A block of C without such a line is an error: no example goes uncompiled.
cmake_minimum_required(VERSION 3.25)

set(marker "<!-- example: ")
set(opening " -->\n```c\n")
set(closing "\n```\n")

file(READ ${GUIDE} rest)
string(REGEX MATCHALL "\n```c\n" blocks "${rest}")
list(LENGTH blocks block_count)
set(example_count 0)
set(files)

# Lists would be split at the semicolons of C, so that only positions and quoted strings are used.
string(FIND "${rest}" "${marker}" at)
while(NOT at EQUAL -1)
  string(LENGTH "${marker}" skipped)
  math(EXPR at "${at} + ${skipped}")
  string(SUBSTRING "${rest}" ${at} -1 rest)
  string(FIND "${rest}" "${opening}" name_length)
  string(FIND "${rest}" "\n" line_length)
  if(name_length EQUAL -1 OR name_length GREATER line_length)
    message(FATAL_ERROR "${GUIDE}: expected a block of C behind the name of an example")
  endif()
  string(SUBSTRING "${rest}" 0 ${name_length} name)
  string(LENGTH "${opening}" skipped)
  math(EXPR at "${name_length} + ${skipped}")
  string(SUBSTRING "${rest}" ${at} -1 rest)
  string(FIND "${rest}" "${closing}" length)
  if(length EQUAL -1)
    message(FATAL_ERROR "${GUIDE}: the block of ${name} has no end")
  endif()
  string(SUBSTRING "${rest}" 0 ${length} code)
  string(APPEND text_${name} "${code}\n\n")
  if(NOT name IN_LIST files)
    list(APPEND files ${name})
  endif()
  math(EXPR example_count "${example_count} + 1")
  string(FIND "${rest}" "${marker}" at)
endwhile()

if(NOT example_count EQUAL block_count OR example_count EQUAL 0)
  message(FATAL_ERROR "${GUIDE}: ${block_count} blocks of C, but ${example_count} of them belong to an example")
endif()
foreach(name IN LISTS files)
  file(WRITE ${OUT}/${name} "${text_${name}}")
endforeach()
