# cmake -D COMPILER=… -D PKG_CONFIG=… -D PREFIX=… -D LIBDIR=… -D CONSUMER=… -D FLAGS=… -D SCRATCH=… -P pkg_config.cmake:
# builds and runs the consumer's programs with nothing but what pkg-config says about the installed tree.
cmake_minimum_required(VERSION 3.25)

set(ENV{PKG_CONFIG_PATH} ${PREFIX}/${LIBDIR}/pkgconfig:$ENV{PKG_CONFIG_PATH})
set(ENV{LD_LIBRARY_PATH} ${PREFIX}/${LIBDIR}:$ENV{LD_LIBRARY_PATH})
set(ENV{DYLD_LIBRARY_PATH} ${PREFIX}/${LIBDIR})
file(MAKE_DIRECTORY ${SCRATCH})
separate_arguments(instrumentation UNIX_COMMAND "${FLAGS}")

# run_with(package program option…)
function(run_with package program)
  execute_process(COMMAND ${PKG_CONFIG} ${ARGN} --cflags --libs ${package} OUTPUT_VARIABLE flags
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(flags UNIX_COMMAND "${flags}")
  execute_process(COMMAND ${COMPILER} -std=c11 ${instrumentation} ${CONSUMER}/${program}.c -o ${SCRATCH}/${program}
                          ${flags} COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${SCRATCH}/${program} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

run_with(drift app)
run_with(drift-kit proof)
run_with(drift-kit proof --static)
