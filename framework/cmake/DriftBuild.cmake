# How a module and a suite are built: language level, warnings, visibility, sanitizers, and the two functions with which
# every folder of framework/src and of suites describes itself.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
endif()

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
# Objects are compiled once and go into the static and the shared library alike.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# Also how suites/house compiles every public header by itself.
set(DRIFT_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(DRIFT_WERROR)
  list(APPEND DRIFT_WARNINGS -Werror)
endif()

# What every source of the project is compiled with; never what its users get.
add_library(drift_flags INTERFACE)
target_compile_options(drift_flags INTERFACE ${DRIFT_WARNINGS})
target_compile_definitions(drift_flags INTERFACE _POSIX_C_SOURCE=200809L)
target_include_directories(drift_flags INTERFACE ${PROJECT_SOURCE_DIR}/framework/include
                                                 ${PROJECT_SOURCE_DIR}/framework/src)

set(DRIFT_INSTRUMENTATION)
if(DRIFT_SANITIZE)
  # The first report ends the program: a test that goes on after undefined behaviour proves nothing.
  list(APPEND DRIFT_INSTRUMENTATION -fsanitize=${DRIFT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
endif()
if(DRIFT_COVERAGE)
  list(APPEND DRIFT_INSTRUMENTATION --coverage)
endif()
add_compile_options(${DRIFT_INSTRUMENTATION})
add_link_options(${DRIFT_INSTRUMENTATION})
if(DRIFT_COVERAGE)
  # libgcov is linked into every library; its names are not ours to export.
  add_link_options(LINKER:--exclude-libs,libgcov.a)
endif()

# drift_add_module(name SOURCES … [LINK …]): framework/src/<name> as the object library drift_<name>. LINK names what its
# sources include beyond the project's own headers; framework/CMakeLists.txt says which library takes the objects.
function(drift_add_module name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LINK")
  add_library(drift_${name} OBJECT ${ARG_SOURCES})
  target_link_libraries(drift_${name} PRIVATE drift_flags ${ARG_LINK})
endfunction()

# What a build with ThreadSanitizer is for: `cmake --build … --target threads`, then `ctest -L threads`.
add_custom_target(threads)

# drift_add_suite(name [THREADS] SOURCES … [LINK …]): the Check program check_<name>, and a ctest entry <name> that runs
# it. Suites link the static libraries, because they also test what is hidden. THREADS: it belongs to target and label
# threads. LONG: it is begun before the others, so that no processor waits at the end for one that was begun last.
function(drift_add_suite name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "THREADS;LONG" "" "SOURCES;LINK")
  add_executable(check_${name} ${ARG_SOURCES})
  target_link_libraries(check_${name} PRIVATE drift_suite_support drift_kit_static ${ARG_LINK})
  target_compile_definitions(check_${name} PRIVATE DRIFT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND check_${name})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 1200)
  if(ARG_THREADS)
    set_tests_properties(${name} PROPERTIES LABELS threads)
    add_dependencies(threads check_${name})
  endif()
  if(ARG_LONG)
    set_tests_properties(${name} PROPERTIES COST 1)
  endif()
endfunction()
