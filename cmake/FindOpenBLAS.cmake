# Finds OpenBLAS itself, rather than whichever BLAS stands in for it: OpenBLAS_FOUND and the target OpenBLAS::OpenBLAS.
set(variants openblas openblas-pthread openblas-openmp openblas-serial)
find_path(OpenBLAS_INCLUDE_DIR openblas_config.h PATH_SUFFIXES ${variants})
find_library(OpenBLAS_LIBRARY openblas PATH_SUFFIXES ${variants})
unset(variants)
mark_as_advanced(OpenBLAS_INCLUDE_DIR OpenBLAS_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenBLAS REQUIRED_VARS OpenBLAS_LIBRARY OpenBLAS_INCLUDE_DIR)

if(OpenBLAS_FOUND AND NOT TARGET OpenBLAS::OpenBLAS)
  add_library(OpenBLAS::OpenBLAS UNKNOWN IMPORTED)
  set_target_properties(OpenBLAS::OpenBLAS PROPERTIES IMPORTED_LOCATION "${OpenBLAS_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${OpenBLAS_INCLUDE_DIR}")
endif()
