# drift_add_migration_tests(app SCHEMAS dir [DATA level…] [EXPECT file] …)
#
# A ctest entry for every upgrade that a user of `app` can meet, and every level of data: each takes a database as a
# release left it, lets the app's own code upgrade it, and judges what is left. The entries follow the snapshots: a new
# one gives new entries at the next build.
#
#   add_library(todos app.c migrations.c)
#   target_link_libraries(todos PUBLIC drift::drift)
#   drift_add_migration_tests(todos SCHEMAS drift_schemas/todos)
#
#   $ ctest -L migration            all of them
#   $ ctest -R todos.v1_to          every upgrade from version 1
#         Start 3: migration.todos.v1_to_v2.boundary
#   3/24 Test #3: migration.todos.v1_to_v2.boundary ...   Passed
#   $ ./todos_migrations            all at once, as one table; --help tells what else the program does
#
# `app` is a library of this build, static, shared or object, that defines a drift_database_definition. The program
# <app>_migrations links it before drift::kit, so that an app that brings its own SQLite is proven with that one.
#
# Where the steps are SQL files, no library is needed; `app` is then only a name:
#
#   drift_add_migration_tests(todos SCHEMAS drift_schemas/todos MIGRATIONS migrations)
#
#   SCHEMAS         the folder of snapshots. With one snapshot there is no upgrade yet: the one entry migration.<app> is
#                   shown as disabled
#   DATA            levels of data: empty one boundary hostile many; the first four if not given
#   EXPECT          a file of expectations: what steps mean to change. One more entry, migration.<app>.expectations, runs
#                   everything at once: an expectation that never took effect shows only there
#   FROM, TO        only upgrades from, or to, this version
#   PAIRS           all, adjacent or to-latest
#   SEED, ROWS      what the rows follow from, and how many each table gets at level many
#   OVERRIDES       a file that says as SQL what only Dart could evaluate
#   STRICT          also column order, declared type names, constraint and index names
#   STUB_FUNCTIONS  stand-ins for functions and collations that SQLite does not know
#  with a library:
#   DEFINITION      the name of the drift_database_definition; else <prefix>_database, where the prefix is that of
#                   drift_generate: the name of the folder SCHEMAS, app for drift_schemas
#   SETUP           the name of a drift_setup_fn that is run on every connection: functions, collations
#  with MIGRATIONS:
#   RUNNER          drift, transaction or plain
#
# Files and folders are relative to the current source folder. Every entry has the labels `migration` and <app>. Its log
# holds the report, each difference included; its exit status is 0 if all is well, 1 if something was found.
include_guard(GLOBAL)
include(${CMAKE_CURRENT_LIST_DIR}/DriftGenerate.cmake)

# drift__refuse(text): what the caller got wrong ends the configuration.
function(drift__refuse text)
  message(FATAL_ERROR "drift_add_migration_tests(${app}): ${text}")
endfunction()

# drift__prefix(out schemas): what names begin with that drift generates from a folder of snapshots, if nobody says more.
function(drift__prefix out schemas)
  cmake_path(GET schemas FILENAME name)
  string(REGEX REPLACE "([a-z0-9])([A-Z])" "\\1_\\2" name "${name}")
  string(TOLOWER "${name}" name)
  string(REGEX REPLACE "[^a-z0-9]+" "_" name "${name}")
  string(REGEX REPLACE "^_|_$" "" name "${name}")
  string(REGEX REPLACE "^([0-9])" "n\\1" name "${name}")
  string(LENGTH "${name}" length)
  if(length EQUAL 0 OR length GREATER 32 OR name MATCHES "^drift(_|$)")
    set(name app)
  endif()
  set(${out} ${name} PARENT_SCOPE)
endfunction()

# drift__c_string(out text): a string literal of C. Trigraphs too are text.
function(drift__c_string out text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "?" "\\?" text "${text}")
  set(${out} "\"${text}\"" PARENT_SCOPE)
endfunction()

# drift__one_of(option): its value, if it has one, is among allowed_<option>.
macro(drift__one_of option)
  if(DEFINED ARG_${option} AND NOT ARG_${option} IN_LIST allowed_${option})
    list(JOIN allowed_${option} ", " choices)
    drift__refuse("expected ${option} to be one of ${choices}, found ${ARG_${option}}")
  endif()
endmacro()

# drift__check_words(): arguments that can be judged by themselves.
macro(drift__check_words)
  if(ARG_UNPARSED_ARGUMENTS)
    list(JOIN ARG_UNPARSED_ARGUMENTS " " unknown)
    drift__refuse("unknown argument ${unknown}")
  elseif(ARG_KEYWORDS_MISSING_VALUES)
    list(JOIN ARG_KEYWORDS_MISSING_VALUES " " missing)
    drift__refuse("expected a value behind ${missing}")
  elseif(NOT DEFINED ARG_SCHEMAS)
    drift__refuse("expected SCHEMAS and a folder of snapshots")
  endif()
  set(allowed_DATA empty one boundary hostile many)
  foreach(level IN LISTS ARG_DATA)
    if(NOT level IN_LIST allowed_DATA)
      list(JOIN allowed_DATA ", " choices)
      drift__refuse("expected levels of data out of ${choices}, found ${level}")
    endif()
  endforeach()
  set(allowed_PAIRS all adjacent to-latest)
  drift__one_of(PAIRS)
  set(allowed_RUNNER drift transaction plain)
  drift__one_of(RUNNER)
  # In C a zero in front would mean octal.
  foreach(option SEED ROWS)
    if(DEFINED ARG_${option} AND NOT ARG_${option} MATCHES "^[1-9][0-9]*$")
      drift__refuse("expected a number behind ${option}, found ${ARG_${option}}")
    endif()
  endforeach()
  foreach(option DEFINITION SETUP)
    if(DEFINED ARG_${option} AND NOT ARG_${option} MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
      drift__refuse("expected a name of C behind ${option}, found ${ARG_${option}}")
    endif()
  endforeach()
endmacro()

# drift__check_files(): paths become absolute, and what they lead to is there.
macro(drift__check_files)
  foreach(option SCHEMAS MIGRATIONS EXPECT OVERRIDES)
    if(DEFINED ARG_${option})
      cmake_path(ABSOLUTE_PATH ARG_${option} BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
      # "dir/" and "dir" are one folder, and have one name.
      string(REGEX REPLACE "(.)/+$" "\\1" ARG_${option} "${ARG_${option}}")
    endif()
  endforeach()
  foreach(option EXPECT OVERRIDES)
    if(DEFINED ARG_${option} AND (NOT EXISTS "${ARG_${option}}" OR IS_DIRECTORY "${ARG_${option}}"))
      drift__refuse("expected a file behind ${option}, found none at ${ARG_${option}}")
    endif()
  endforeach()
  if(DEFINED ARG_MIGRATIONS AND NOT IS_DIRECTORY "${ARG_MIGRATIONS}")
    drift__refuse("expected a folder behind MIGRATIONS, found none at ${ARG_MIGRATIONS}")
  endif()
endmacro()

# drift__check_source(): what migrates is a library or a folder of steps, and has only its own options.
macro(drift__check_source)
  if(DEFINED ARG_MIGRATIONS)
    set(foreign DEFINITION SETUP)
    set(way "steps in SQL")
  else()
    set(foreign RUNNER)
    set(way "a library")
  endif()
  foreach(option IN LISTS foreign)
    if(DEFINED ARG_${option})
      drift__refuse("${option} does not go with ${way}")
    endif()
  endforeach()
  if(NOT DEFINED ARG_MIGRATIONS)
    drift__check_library()
  endif()
endmacro()

macro(drift__check_library)
  if(NOT TARGET ${app})
    drift__refuse("expected a library target, found no target ${app}; steps in SQL files need MIGRATIONS and their folder")
  endif()
  get_target_property(kind ${app} TYPE)
  if(NOT kind MATCHES "^(STATIC|SHARED|OBJECT|INTERFACE|UNKNOWN)_LIBRARY$")
    drift__refuse("expected a library that can be linked, found a target of type ${kind}; put the definition and its \
migrations into a library that the program links too")
  elseif(NOT CMAKE_C_COMPILER_LOADED)
    drift__refuse("expected a project with the language C, for the program that runs the tests")
  endif()
endmacro()

# drift__pairs(out): "from;to;from;to…", of all versions that FROM, TO and PAIRS select.
macro(drift__pairs out)
  set(${out})
  list(GET versions -1 latest)
  set(rest ${versions})
  foreach(from IN LISTS versions)
    list(POP_FRONT rest)
    set(targets ${rest})
    if(ARG_PAIRS STREQUAL "adjacent" AND rest)
      list(GET rest 0 targets)
    elseif(ARG_PAIRS STREQUAL "to-latest" AND rest)
      set(targets ${latest})
    endif()
    foreach(to IN LISTS targets)
      if((NOT DEFINED ARG_FROM OR from EQUAL ARG_FROM) AND (NOT DEFINED ARG_TO OR to EQUAL ARG_TO))
        list(APPEND ${out} ${from} ${to})
      endif()
    endforeach()
  endforeach()
endmacro()

# drift__fill_template(): what stands between @ in migration_tests.c.in: everything but the pair and the level.
macro(drift__fill_template)
  if(NOT DEFINED ARG_DEFINITION)
    drift__prefix(prefix "${ARG_SCHEMAS}")
    set(ARG_DEFINITION ${prefix}_database)
  endif()
  drift__c_string(schemas "${ARG_SCHEMAS}")
  set(overrides NULL)
  if(DEFINED ARG_OVERRIDES)
    drift__c_string(overrides "${ARG_OVERRIDES}")
  endif()
  set(expect_definition)
  if(DEFINED ARG_EXPECT)
    drift__c_string(expect "${ARG_EXPECT}")
    set(expect_definition "#define EXPECT ${expect}\n")
  endif()
  list(TRANSFORM ARG_DATA TOUPPER OUTPUT_VARIABLE levels)
  list(TRANSFORM levels PREPEND "1u << DRIFT_DATA_")
  list(JOIN levels " | " levels)
  set(seed 42)
  if(DEFINED ARG_SEED)
    set(seed ${ARG_SEED})
  endif()
  set(strict false)
  if(ARG_STRICT)
    set(strict true)
  endif()
  drift__fill_settings()
endmacro()

# drift__fill_settings(): the fields of the options that are there only if they are asked for.
macro(drift__fill_settings)
  set(settings)
  foreach(option FROM TO ROWS)
    if(DEFINED ARG_${option})
      string(TOLOWER ${option} field)
      string(APPEND settings "\n    .${field} = ${ARG_${option}},")
    endif()
  endforeach()
  if(DEFINED ARG_PAIRS)
    string(TOUPPER ${ARG_PAIRS} word)
    string(REPLACE "-" "_" word ${word})
    string(APPEND settings "\n    .pairs = DRIFT_PAIRS_${word},")
  endif()
  if(ARG_STUB_FUNCTIONS)
    string(APPEND settings "\n    .stub_functions = true,")
  endif()
  set(setup_declaration)
  if(DEFINED ARG_SETUP)
    string(APPEND settings "\n    .setup = ${ARG_SETUP},")
    set(setup_declaration
        "\nint ${ARG_SETUP}(drift_connection *connection, const void *payload, drift_error *err);\n")
  endif()
endmacro()

# drift__add_program(program): <app>_migrations.
macro(drift__add_program program)
  if(TARGET ${program})
    drift__refuse("expected no target ${program} yet; an app has one call with a library")
  endif()
  drift__fill_template()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/drift_generated/${program}.c)
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/migration_tests.c.in ${source} @ONLY)
  add_executable(${program} ${source})
  target_compile_features(${program} PRIVATE c_std_11)
  # The app comes first: an SQLite that it brings is the one that its migrations are run by.
  target_link_libraries(${program} PRIVATE ${app} drift::kit)
endmacro()

# drift__add_entry(what command…): the ctest entry migration.<app>.<what>
macro(drift__add_entry what)
  add_test(NAME migration.${app}.${what} COMMAND ${ARGN})
  set_tests_properties(migration.${app}.${what} PROPERTIES LABELS "migration;${app}")
endmacro()

# drift__add_entries(): of every pair and level, and of what only all of them together show.
macro(drift__add_entries)
  while(pairs)
    list(POP_FRONT pairs from to)
    foreach(level IN LISTS ARG_DATA)
      set(selection ${from} ${to} ${level})
      if(DEFINED ARG_MIGRATIONS)
        set(selection --from ${from} --to ${to} --data ${level})
      endif()
      drift__add_entry(v${from}_to_v${to}.${level} ${command} ${selection})
    endforeach()
  endwhile()
  if(DEFINED ARG_EXPECT)
    drift__add_entry(expectations ${command} ${everything})
  endif()
endmacro()

# drift__use_program(): `command` is drift verify with everything but the pair and the level, which for `everything` is
# what the call selects.
macro(drift__use_program)
  set(command $<TARGET_FILE:drift::program>)
  if(DRIFT_EXECUTABLE)
    set(command ${DRIFT_EXECUTABLE})
  endif()
  list(APPEND command verify --schemas ${ARG_SCHEMAS} --migrations ${ARG_MIGRATIONS})
  foreach(option EXPECT SEED ROWS OVERRIDES RUNNER)
    if(DEFINED ARG_${option})
      string(TOLOWER ${option} word)
      list(APPEND command --${word} ${ARG_${option}})
    endif()
  endforeach()
  if(ARG_STRICT)
    list(APPEND command --strict)
  endif()
  if(ARG_STUB_FUNCTIONS)
    list(APPEND command --stub-functions)
  endif()
  list(JOIN ARG_DATA "," levels)
  set(everything --data ${levels})
  foreach(option FROM TO PAIRS)
    if(DEFINED ARG_${option})
      string(TOLOWER ${option} word)
      list(APPEND everything --${word} ${ARG_${option}})
    endif()
  endforeach()
endmacro()

function(drift_add_migration_tests app)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "STRICT;STUB_FUNCTIONS"
                        "SCHEMAS;MIGRATIONS;DEFINITION;SETUP;EXPECT;OVERRIDES;FROM;TO;PAIRS;SEED;ROWS;RUNNER" "DATA")
  drift__check_words()
  drift__check_files()
  drift__check_source()
  drift__snapshots(snapshots versions "drift_add_migration_tests(${app})" "${ARG_SCHEMAS}")
  set(allowed_FROM ${versions})
  set(allowed_TO ${versions})
  drift__one_of(FROM)
  drift__one_of(TO)
  list(REMOVE_DUPLICATES ARG_DATA)
  if(NOT ARG_DATA)
    set(ARG_DATA empty one boundary hostile)
  endif()

  if(DEFINED ARG_MIGRATIONS)
    drift__use_program()
  else()
    string(MAKE_C_IDENTIFIER "${app}" program)
    string(APPEND program _migrations)
    drift__add_program(${program})
    set(command ${program})
    set(everything)
  endif()

  list(LENGTH versions count)
  drift__pairs(pairs)
  if(count EQUAL 1)
    # Nothing to prove is not a proof: the entry is shown, and never passes.
    message(STATUS "drift_add_migration_tests(${app}): only version ${versions} has a snapshot, there is no upgrade yet")
    add_test(NAME migration.${app} COMMAND ${CMAKE_COMMAND} -E false)
    set_tests_properties(migration.${app} PROPERTIES LABELS "migration;${app}" DISABLED ON)
  elseif(NOT pairs)
    list(JOIN versions ", " released)
    drift__refuse("FROM, TO and PAIRS leave no upgrade among the versions ${released}")
  else()
    drift__add_entries()
  endif()
endfunction()
