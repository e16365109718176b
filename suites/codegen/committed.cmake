# cmake -D DRIFT=program -D SCHEMAS=… -D COMMITTED=… -D SCRATCH=… -P committed.cmake: the program generates, byte by byte,
# what is committed; a second run writes nothing; what it must not touch it refuses.
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE ${SCRATCH})

# run(expected_status expected_error argument…): the program, from the folder above SCRATCH.
function(run expected_status expected_error)
  execute_process(COMMAND ${DRIFT} ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE problems)
  if(NOT status EQUAL expected_status OR NOT problems MATCHES "${expected_error}" OR NOT output STREQUAL "")
    message(FATAL_ERROR "drift ${ARGN}: exit ${status}, expected ${expected_status}\n${output}${problems}")
  endif()
endfunction()

run(0 "files written, 0 unchanged" schema generate ${SCHEMAS} ${SCRATCH} --data-classes --companions)
run(0 "2 files written, 0 unchanged" schema steps ${SCHEMAS} ${SCRATCH}/schema_steps)
file(GLOB found RELATIVE ${SCRATCH} ${SCRATCH}/*)
file(GLOB committed RELATIVE ${COMMITTED} ${COMMITTED}/*)
if(NOT found STREQUAL committed)
  message(FATAL_ERROR "generated ${found}\ncommitted ${committed}")
endif()
foreach(name IN LISTS found)
  execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${SCRATCH}/${name} ${COMMITTED}/${name}
                          COMMAND_ERROR_IS_FATAL ANY)
endforeach()

run(0 ": 0 files written" schema generate ${SCHEMAS} ${SCRATCH} --data-classes --companions)
run(0 ": 0 files written, 2 unchanged" schema steps ${SCHEMAS} ${SCRATCH}/schema_steps)

file(WRITE ${SCRATCH}/mine.h "mine\n")
run(2 "mine.h exists and was not generated" schema steps ${SCHEMAS} ${SCRATCH}/mine)
run(2 "expected a prefix for names in C, found \"while\"" schema generate ${SCHEMAS} ${SCRATCH} --prefix while)
run(2 "expected a prefix for names in C, found \"\"" schema steps ${SCHEMAS} ${SCRATCH}/schema_steps --prefix=)
run(2 "expected a name for the files of the steps, found \"\"" schema steps ${SCHEMAS} ${SCRATCH}/)
run(3 "no_such_folder" schema generate ${SCRATCH}/no_such_folder ${SCRATCH})
run(3 "no_such_folder" schema steps ${SCRATCH}/no_such_folder ${SCRATCH}/x)
file(WRITE ${SCRATCH}/two/drift_schema_v1.json "{}")
file(WRITE ${SCRATCH}/two/moor_schema_v1.json "{}")
run(3 "version 1" schema generate ${SCRATCH}/two ${SCRATCH}/out)
run(3 "version 1" schema steps ${SCRATCH}/two ${SCRATCH}/out/steps)
file(WRITE ${SCRATCH}/zero/drift_schema_v1.json "{}")
file(WRITE ${SCRATCH}/zero/drift_schema_v01.json "{}")
run(3 "without leading zeros, found .*/drift_schema_v01.json" schema generate ${SCRATCH}/zero ${SCRATCH}/out)
run(3 "without leading zeros, found .*/drift_schema_v01.json" schema steps ${SCRATCH}/zero ${SCRATCH}/out/steps)
if(EXISTS ${SCRATCH}/out)
  message(FATAL_ERROR "something was written")
endif()
