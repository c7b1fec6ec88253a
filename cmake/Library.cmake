# libfoothold: the modules that the public headers are about, in one library.
#
# Shared by default: then a program that uses it needs the headers of include/foothold and nothing that Foothold itself
# is made of. A static one needs some of that to link, which foothold-config.cmake finds.
include(GNUInstallDirs)

# Every module that `modules` use, themselves included, each once.
function(foothold_modules_below result)
  set(all "")
  set(open ${ARGN})
  while(open)
    list(POP_FRONT open module)
    if(module IN_LIST all)
      continue()
    endif()
    list(APPEND all ${module})
    get_target_property(used ${module} LINK_LIBRARIES)
    list(FILTER used INCLUDE REGEX "^foothold_")
    list(REMOVE_ITEM used foothold_warnings)
    list(APPEND open ${used})
  endwhile()
  set(${result} ${all} PARENT_SCOPE)
endfunction()

foothold_modules_below(modules foothold_process foothold_tune foothold_targets foothold_targets_function foothold_formats_t1)
set(objects "")
set(links "")
foreach(module ${modules})
  list(APPEND objects $<TARGET_OBJECTS:${module}>)
  get_target_property(used ${module} LINK_LIBRARIES)
  list(APPEND links ${used})
endforeach()
list(FILTER links EXCLUDE REGEX "^foothold_")
list(REMOVE_ITEM links Eigen3::Eigen)  # headers only
list(REMOVE_DUPLICATES links)

set(kind STATIC)
if(FOOTHOLD_SHARED_LIBRARY)
  set(kind SHARED)
endif()
add_library(libfoothold ${kind} ${objects})
add_library(foothold::foothold ALIAS libfoothold)
file(GLOB public_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/foothold/*.h)
target_sources(libfoothold PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${public_headers})
target_compile_features(libfoothold PUBLIC cxx_std_20)
target_link_libraries(libfoothold PRIVATE $<BUILD_INTERFACE:foothold_warnings> ${links})
# Before 1.0 a new minor version may change anything, so it is another library.
set_target_properties(libfoothold PROPERTIES OUTPUT_NAME foothold EXPORT_NAME foothold LINKER_LANGUAGE CXX
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
if(FOOTHOLD_SHARED_LIBRARY)
  set(exported ${PROJECT_SOURCE_DIR}/cmake/libfoothold.map)
  target_link_options(libfoothold PRIVATE LINKER:--version-script=${exported})
  set_target_properties(libfoothold PROPERTIES LINK_DEPENDS ${exported})
endif()
