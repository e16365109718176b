# cmake -D MODULE=DriftGenerate.cmake -D SCRATCH=… -D GENERATOR=… -P generate_refuses.cmake: what drift_generate does not
# take ends the configuration with a line that says what was expected.
cmake_minimum_required(VERSION 3.25)

# refuses(arguments expected)
function(refuses arguments expected)
  file(REMOVE_RECURSE ${SCRATCH})
  file(MAKE_DIRECTORY ${SCRATCH}/empty ${SCRATCH}/named)
  file(WRITE ${SCRATCH}/named/drift_schema_v0.json "{}")
  file(WRITE ${SCRATCH}/named/drift_schema_v2.json.bak "{}")
  file(WRITE ${SCRATCH}/lower/CMakeLists.txt "add_custom_target(lower)\n")
  file(WRITE ${SCRATCH}/CMakeLists.txt
       "cmake_minimum_required(VERSION 3.25)\nproject(refused LANGUAGES NONE)\ninclude(${MODULE})\n"
       "add_subdirectory(lower)\nadd_custom_target(app)\ndrift_generate(${arguments})\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${SCRATCH} -B ${SCRATCH}/build -G ${GENERATOR} RESULT_VARIABLE status
                  OUTPUT_QUIET ERROR_VARIABLE told)
  # CMake breaks the lines of its messages.
  string(REGEX REPLACE "[ \n]+" " " told "${told}")
  if(status EQUAL 0 OR NOT told MATCHES "${expected}")
    message(FATAL_ERROR "drift_generate(${arguments}): expected \"${expected}\", found: ${told}")
  endif()
endfunction()

refuses("other SCHEMAS empty" "drift_generate: other is no target")
refuses("lower SCHEMAS named" "drift_generate\\(lower\\): expected a target of this folder, found one of .*/lower")
refuses("app" "drift_generate\\(app\\): expected SCHEMAS and a folder of snapshots")
refuses("app SCHEMAS" "drift_generate\\(app\\): expected a value behind SCHEMAS")
refuses("app SCHEMAS empty SEPT" "drift_generate\\(app\\): unknown argument SEPT")
refuses("app SCHEMAS empty" "drift_generate\\(app\\): .*/empty holds no drift_schema_vN.json")
refuses("app SCHEMAS missing" "drift_generate\\(app\\): .*/missing holds no drift_schema_vN.json")
refuses("app SCHEMAS named" "drift_generate\\(app\\): .*/named holds no drift_schema_vN.json")
