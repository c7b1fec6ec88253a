# The libraries that Foothold is made of. Whatever is missing is named at once, in one message, with its Debian package.
set(missing "")

macro(foothold_require package debian)
  find_package(${package} ${ARGN} QUIET)
  if(NOT ${package}_FOUND)
    list(APPEND missing "${package} (Debian: ${debian})")
  endif()
endmacro()

find_package(Threads REQUIRED)
foothold_require(fmt libfmt-dev)
foothold_require(Nettle nettle-dev)
foothold_require(CLI11 libcli11-dev)
foothold_require(Eigen3 libeigen3-dev NO_MODULE)
foothold_require(ZLIB zlib1g-dev)
if(FOOTHOLD_WITH_XGBOOST)
  foothold_require(XGBoost "libxgboost-dev, or -DFOOTHOLD_WITH_XGBOOST=OFF to leave out the searchers that need it")
endif()
if(FOOTHOLD_TESTS)
  foothold_require(nlohmann_json nlohmann-json3-dev)  # an independent JSON to compare ours with
  foothold_require(GTest "libgtest-dev and libgmock-dev, or -DBUILD_TESTING=OFF to leave out the tests")
endif()

if(missing)
  list(JOIN missing ", " missing)
  message(FATAL_ERROR "Foothold needs what is not installed: ${missing}")
endif()
unset(missing)
