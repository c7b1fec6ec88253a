# What `cmake --install` puts where: the library, its headers and CMake files, and the command.
include(CMakePackageConfigHelpers)

set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/foothold)
install(TARGETS libfoothold EXPORT foothold-targets
  LIBRARY COMPONENT library NAMELINK_COMPONENT development
  ARCHIVE COMPONENT development
  FILE_SET HEADERS COMPONENT development)
install(EXPORT foothold-targets NAMESPACE foothold:: DESTINATION ${config_folder} COMPONENT development)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/foothold-config.cmake.in foothold-config.cmake
  INSTALL_DESTINATION ${config_folder})
write_basic_package_version_file(foothold-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/foothold-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/foothold-config-version.cmake
  DESTINATION ${config_folder} COMPONENT development)
if(FOOTHOLD_WITH_XGBOOST AND NOT FOOTHOLD_SHARED_LIBRARY)
  install(FILES cmake/FindNettle.cmake cmake/FindXGBoost.cmake DESTINATION ${config_folder} COMPONENT development)
endif()

# What there is to install: all that ./dev package needs to build.
add_custom_target(installed)
add_dependencies(installed libfoothold foothold)
install(TARGETS foothold COMPONENT command)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT command)
if(TARGET foothold-opencl-runner)
  add_dependencies(installed foothold-opencl-runner)
  install(TARGETS foothold-opencl-runner COMPONENT command)  # the command looks for it beside itself, then in PATH
endif()

# The study in a folder of its own beside the programs that it looks for there, with a link in the path.
if(TARGET foothold-study)
  add_dependencies(installed foothold-study)
  set(study_folder ${CMAKE_INSTALL_LIBDIR}/foothold-study)
  install(TARGETS foothold-study misbehave cpu_peers RUNTIME DESTINATION ${study_folder} COMPONENT study)
  file(CREATE_LINK ../${study_folder}/foothold-study ${CMAKE_CURRENT_BINARY_DIR}/foothold-study.link SYMBOLIC)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/foothold-study.link RENAME foothold-study
          DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT study)
endif()
