# cmake -D COMPILER=… -D PKG_CONFIG=… -D PREFIX=… -D LIBDIR=… -D BINDIR=… -D CONSUMER=… -D GROWING=… -D FLAGS=… -D
# SCRATCH=… -P pkg_config.cmake: builds and runs the consumer's programs with nothing but what pkg-config says about the
# installed tree; then an application with generated code proves the upgrade of GROWING's first version to its second.
cmake_minimum_required(VERSION 3.25)

set(ENV{PKG_CONFIG_PATH} ${PREFIX}/${LIBDIR}/pkgconfig:$ENV{PKG_CONFIG_PATH})
set(ENV{LD_LIBRARY_PATH} ${PREFIX}/${LIBDIR}:$ENV{LD_LIBRARY_PATH})
set(ENV{DYLD_LIBRARY_PATH} ${PREFIX}/${LIBDIR})
file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})
separate_arguments(instrumentation UNIX_COMMAND "${FLAGS}")

# build_and_run(packages program sources… [OPTIONS option…]): OPTIONS are pkg-config's.
function(build_and_run packages program)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "" "" OPTIONS)
  execute_process(COMMAND ${PKG_CONFIG} ${ARG_OPTIONS} --cflags --libs ${packages} OUTPUT_VARIABLE flags
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(flags UNIX_COMMAND "${flags}")
  execute_process(COMMAND ${COMPILER} -std=c11 ${instrumentation} ${ARG_UNPARSED_ARGUMENTS} -o ${SCRATCH}/${program} ${flags}
                          COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${SCRATCH}/${program} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

build_and_run(drift app ${CONSUMER}/app.c)
build_and_run(drift-kit proof ${CONSUMER}/proof.c)
build_and_run(drift-kit proof ${CONSUMER}/proof.c OPTIONS --static)

set(grown ${SCRATCH}/grown)
foreach(version 1 2)
  configure_file(${GROWING}/schema_v${version}.sql ${grown}/schema.sql COPYONLY)
  execute_process(COMMAND ${PREFIX}/${BINDIR}/drift make-migrations --quiet schema.sql WORKING_DIRECTORY ${grown}
                          COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(GLOB generated ${grown}/generated/*.c)
build_and_run("drift-kit;check" upgrade -I${grown}/generated ${generated} ${GROWING}/app_v2.c
              ${grown}/tests/check_v1_to_v2.c)
