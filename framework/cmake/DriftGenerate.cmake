# drift_generate(target SCHEMAS dir [PREFIX prefix] [STEPS] [OUT dir])
#
# Compiles into `target` what `drift schema generate --data-classes --companions` makes of the snapshots in SCHEMAS, and
# with STEPS also what `drift schema steps` makes of them, schema_steps.{h,c}. The code is generated when the target is
# built and a snapshot is new, changed or gone.
#
#   SCHEMAS  the folder of snapshots, relative to the current source folder
#   PREFIX   what every name begins with; else the name of the folder SCHEMAS
#   STEPS    the typed steps too
#   OUT      where the code is written, relative to the current source folder (a project that commits its generated code
#            names that folder); else a folder below the current binary folder. No two targets share one
#
# OUT becomes an include folder of the target and of what links it. The target links drift::drift or drift::kit by
# itself: the shared kit holds the library, and the two are not linked side by side.
#
# DRIFT_EXECUTABLE, if it is set, is the program that generates, for builds whose own programs do not run on the machine
# that builds; else it is drift::program.
include_guard(GLOBAL)

# drift__snapshots(snapshots versions caller folder): the snapshots of a folder, and their versions, ascending. A snapshot
# that comes or goes configures anew. `caller` is what messages begin with.
function(drift__snapshots snapshots versions caller folder)
  if(folder MATCHES ";")
    message(FATAL_ERROR "${caller}: expected a path without semicolons, which separate the items of CMake's lists, found \
${folder}")
  endif()
  # What stands for other characters in a pattern stands for itself between brackets.
  string(REGEX REPLACE "([[*?])" "[\\1]" pattern "${folder}")
  file(GLOB candidates CONFIGURE_DEPENDS ${pattern}/drift_schema_v*.json ${pattern}/moor_schema_v*.json)
  set(found)
  set(numbers)
  foreach(snapshot IN LISTS candidates)
    if(snapshot MATCHES "/(drift|moor)_schema_v([1-9][0-9]*)\\.json$")
      if(CMAKE_MATCH_2 IN_LIST numbers)
        message(FATAL_ERROR "${caller}: version ${CMAKE_MATCH_2} has two snapshots in ${folder}")
      endif()
      list(APPEND found ${snapshot})
      list(APPEND numbers ${CMAKE_MATCH_2})
    elseif(snapshot MATCHES "_schema_v[0-9]+\\.json$")
      message(FATAL_ERROR "${caller}: expected a version from 1 without leading zeros, found ${snapshot}")
    endif()
  endforeach()
  if(NOT numbers)
    message(FATAL_ERROR "${caller}: ${folder} holds no drift_schema_vN.json; dump a snapshot of each released version: \
drift schema dump SOURCE ${folder}")
  endif()
  list(SORT numbers COMPARE NATURAL)
  set(${snapshots} ${found} PARENT_SCOPE)
  set(${versions} ${numbers} PARENT_SCOPE)
endfunction()

# drift__check_generate(): what the caller of drift_generate got wrong ends the configuration.
macro(drift__check_generate)
  if(NOT TARGET ${target})
    message(FATAL_ERROR "drift_generate: ${target} is no target")
  endif()
  # CMake runs a custom command only for targets of the folder in which it was added.
  get_target_property(folder ${target} SOURCE_DIR)
  if(NOT folder STREQUAL CMAKE_CURRENT_SOURCE_DIR)
    message(FATAL_ERROR "drift_generate(${target}): expected a target of this folder, found one of ${folder}")
  elseif(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "drift_generate(${target}): unknown argument ${ARG_UNPARSED_ARGUMENTS}")
  elseif(ARG_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "drift_generate(${target}): expected a value behind ${ARG_KEYWORDS_MISSING_VALUES}")
  elseif(NOT DEFINED ARG_SCHEMAS)
    message(FATAL_ERROR "drift_generate(${target}): expected SCHEMAS and a folder of snapshots")
  elseif(DEFINED ARG_PREFIX AND NOT ARG_PREFIX MATCHES "^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
    message(FATAL_ERROR "drift_generate(${target}): expected small letters, digits and single underscores as PREFIX, found \
${ARG_PREFIX}")
  elseif("${ARG_OUT}" MATCHES ";")
    message(FATAL_ERROR "drift_generate(${target}): expected a path without semicolons, which separate the items of \
CMake's lists, found ${ARG_OUT}")
  endif()
endmacro()

# drift__check_language(): without C CMake would leave the generated files out of the target without a word.
macro(drift__check_language)
  if(NOT CMAKE_C_COMPILER_LOADED)
    message(FATAL_ERROR "drift_generate(${target}): expected a project with the language C, for the generated code, as in \
project(${PROJECT_NAME} LANGUAGES C CXX)")
  endif()
endmacro()

function(drift_generate target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "STEPS" "SCHEMAS;PREFIX;OUT" "")
  drift__check_generate()
  cmake_path(ABSOLUTE_PATH ARG_SCHEMAS BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE OUTPUT_VARIABLE schemas)
  if(DEFINED ARG_OUT)
    cmake_path(ABSOLUTE_PATH ARG_OUT BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE OUTPUT_VARIABLE out)
  else()
    set(out ${CMAKE_CURRENT_BINARY_DIR}/drift_generated/${target})
  endif()

  drift__snapshots(snapshots names "drift_generate(${target})" "${schemas}")
  drift__check_language()
  list(TRANSFORM names PREPEND schema_v)
  list(APPEND names schema_versions)

  set(prefix)
  if(DEFINED ARG_PREFIX)
    set(prefix --prefix ${ARG_PREFIX})
  endif()
  if(DRIFT_EXECUTABLE)
    set(program ${DRIFT_EXECUTABLE})
  else()
    set(program drift::program)
  endif()
  set(steps)
  if(ARG_STEPS)
    list(APPEND names schema_steps)
    set(steps COMMAND ${program} schema steps --quiet ${schemas} ${out}/schema_steps ${prefix})
  endif()
  list(TRANSFORM names PREPEND ${out}/)
  list(TRANSFORM names APPEND .c OUTPUT_VARIABLE sources)
  list(TRANSFORM names APPEND .h OUTPUT_VARIABLE headers)

  # Files whose text stays keep their time, so that what includes them is not compiled again. The stamp tells when they
  # were last looked at; it depends on the list of snapshots too, since a version that is gone changes no other file.
  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/drift_generated/${target}.stamp)
  file(CONFIGURE OUTPUT ${stamp}.list CONTENT "${snapshots}\n" @ONLY)
  add_custom_command(
    OUTPUT ${stamp}
    BYPRODUCTS ${sources} ${headers}
    COMMAND ${program} schema generate --quiet ${schemas} ${out} --data-classes --companions ${prefix} ${steps}
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS ${snapshots} ${stamp}.list ${program}
    COMMENT "Generating ${target}'s schemas"
    VERBATIM)
  set_source_files_properties(${sources} ${headers} PROPERTIES GENERATED TRUE)
  target_sources(${target} PRIVATE ${stamp} ${sources})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${out}>)
endfunction()
