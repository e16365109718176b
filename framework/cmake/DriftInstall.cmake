# What `cmake --install` puts where: both libraries in both kinds, the program, the headers, the manual pages, and the two
# ways in which a build finds them, find_package(drift) and pkg-config.
include(CMakePackageConfigHelpers)

install(
  TARGETS drift_static drift_shared drift_kit_static drift_kit_shared
  EXPORT drift-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS drift EXPORT drift-targets RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/framework/include/drift DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h")
install(DIRECTORY ${PROJECT_SOURCE_DIR}/framework/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man7
        FILES_MATCHING PATTERN "*.7")

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/drift)
install(EXPORT drift-targets NAMESPACE drift:: DESTINATION ${package_dir})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/drift-config.cmake.in
                              ${PROJECT_BINARY_DIR}/package/drift-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/drift-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/package/drift-config.cmake
              ${PROJECT_BINARY_DIR}/package/drift-config-version.cmake ${CMAKE_CURRENT_LIST_DIR}/DriftGenerate.cmake
              ${CMAKE_CURRENT_LIST_DIR}/DriftMigrationTests.cmake ${CMAKE_CURRENT_LIST_DIR}/migration_tests.c.in
        DESTINATION ${package_dir})

# The prefix is told relative to the file itself, so that an installed tree may be moved.
file(RELATIVE_PATH up_to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" up_to_prefix "${up_to_prefix}")
foreach(dir LIBDIR INCLUDEDIR)
  cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_${dir} BASE_DIRECTORY "\${prefix}" OUTPUT_VARIABLE PC_${dir})
endforeach()
foreach(name drift drift-kit)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/${name}.pc.in ${PROJECT_BINARY_DIR}/package/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/package/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
