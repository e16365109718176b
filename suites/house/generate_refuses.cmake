# cmake -D MODULE=DriftGenerate.cmake -D SCRATCH=… -D GENERATOR=… -P generate_refuses.cmake: what drift_generate does not
# take ends the configuration with a line that says what was expected.
cmake_minimum_required(VERSION 3.25)

# refuses(arguments expected)
function(refuses arguments expected)
  file(REMOVE_RECURSE ${SCRATCH})
  file(MAKE_DIRECTORY ${SCRATCH}/empty ${SCRATCH}/named)
  file(WRITE ${SCRATCH}/named/drift_schema_v2.json.bak "{}")
  file(WRITE ${SCRATCH}/zero/drift_schema_v1.json "{}")
  file(WRITE ${SCRATCH}/zero/drift_schema_v01.json "{}")
  file(WRITE ${SCRATCH}/twice/drift_schema_v1.json "{}")
  file(WRITE ${SCRATCH}/twice/moor_schema_v1.json "{}")
  file(WRITE "${SCRATCH}/brac[k]et*/drift_schema_v1.json" "{}")
  file(WRITE "${SCRATCH}/brac[k]ets/drift_schema_v01.json" "{}")
  file(WRITE ${SCRATCH}/lower/CMakeLists.txt "add_custom_target(lower)\n")
  file(WRITE ${SCRATCH}/CMakeLists.txt
       "cmake_minimum_required(VERSION 3.25)\nproject(refused LANGUAGES NONE)\ninclude([[${MODULE}]])\n"
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
refuses("app SCHEMAS zero" "drift_generate\\(app\\): expected a version from 1 without leading zeros, found .*_v01.json")
refuses("app SCHEMAS twice" "drift_generate\\(app\\): version 1 has two snapshots in .*/twice")
refuses("app SCHEMAS [=[se;mi]=]" "drift_generate\\(app\\): expected a path without semicolons, .* found .*/se;mi")
refuses("app SCHEMAS zero OUT [=[se;mi]=]" "drift_generate\\(app\\): expected a path without semicolons, .* found se;mi")
# The folder is found though its name is a pattern, and no other one that the pattern fits.
refuses("app SCHEMAS [=[brac[k]et*]=]"
        "drift_generate\\(app\\): expected a project with the language C, .* project\\(refused LANGUAGES C CXX\\)")
foreach(prefix My_app 2fa a__b a-b _a)
  refuses("app SCHEMAS named PREFIX ${prefix}"
          "drift_generate\\(app\\): expected small letters, digits and single underscores as PREFIX, found ${prefix}")
endforeach()
