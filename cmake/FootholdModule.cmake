# foothold_module(NAME base [USES space ...] [PUBLIC_HEADERS status.h ...] SOURCES a.cc ...
#                 [TESTS a_test.cc ...] [TEST_USES process ...] [LINKS fmt::fmt ...] [FAST | COLD] [ALONE])
#
# Declares the module in src/NAME (or in NAME itself, where that begins with studies/) as the static library
# foothold_NAME (slashes become underscores) and its tests as NAME_test. USES names the modules whose headers it
# includes: the dependency-direction test reads these declarations from ${PROJECT_BINARY_DIR}/modules.txt and fails on an
# #include that no declaration allows, and on a declaration that no #include needs. TEST_USES names the modules that the
# tests use in addition, from wherever they are.
# PUBLIC_HEADERS are the files of include/foothold/ that belong to the module. FAST: the inner loops of a run are in it,
# and Release optimises it as far as the compiler can. COLD: nothing waits for it, and Release optimises it little, which
# a newcomer's first build feels. ALONE: nothing runs beside its tests, which give real processes real time limits.
file(WRITE ${PROJECT_BINARY_DIR}/modules.txt "")
# Every test source that is built, one path per line: the house rules fail on a *_test.cc that is not among them.
file(WRITE ${PROJECT_BINARY_DIR}/tests.txt "")

# foothold_embed(OUT files.cc HEADER module/files.h NAMESPACE foothold::module FOLDER folder FILES kName=file ...)
#
# Makes OUT in the binary folder: a source that defines the string_views of HEADER as the contents of the files.
function(foothold_embed)
  cmake_parse_arguments(E "" "OUT;HEADER;NAMESPACE;FOLDER" "FILES" ${ARGN})
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/${E_FOLDER})
  list(TRANSFORM E_FILES REPLACE ".*=" "${folder}/" OUTPUT_VARIABLE paths)
  add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${E_OUT}
    COMMAND ${CMAKE_COMMAND} -DOUT=${CMAKE_CURRENT_BINARY_DIR}/${E_OUT} "-DFILES=${E_FILES}" -DFOLDER=${folder}
            -DHEADER=${E_HEADER} -DNAMESPACE=${E_NAMESPACE} -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake
    DEPENDS ${paths} ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake VERBATIM)
endfunction()

function(foothold_register_tests)
  foreach(test ${ARGN})
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/${test})
    file(APPEND ${PROJECT_BINARY_DIR}/tests.txt "${path}\n")
  endforeach()
endfunction()

# What every program of tests has in common. The tests themselves are optimised little: it would take as long as compiling
# all that they test.
function(foothold_test_program target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-Og> $<$<CONFIG:RelWithDebInfo>:-O0>)
  target_compile_definitions(${target} PRIVATE FOOTHOLD_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE foothold_warnings GTest::gtest_main GTest::gmock)
endfunction()

function(foothold_module)
  cmake_parse_arguments(M "ALONE;FAST;COLD" "NAME" "USES;PUBLIC_HEADERS;SOURCES;TESTS;TEST_USES;LINKS" ${ARGN})
  string(REPLACE "/" "_" id ${M_NAME})
  set(target foothold_${id})
  add_library(${target} STATIC ${M_SOURCES})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
  if(M_NAME MATCHES "^studies/")
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  endif()
  target_link_libraries(${target} PRIVATE foothold_warnings PUBLIC ${M_LINKS})
  if(M_FAST)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O3>)
  elseif(M_COLD)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  foreach(used ${M_USES})
    string(REPLACE "/" "_" used_id ${used})
    target_link_libraries(${target} PUBLIC foothold_${used_id})
  endforeach()
  file(APPEND ${PROJECT_BINARY_DIR}/modules.txt "${M_NAME}|${M_USES}|${M_PUBLIC_HEADERS}|${M_TEST_USES}\n")

  if(M_TESTS AND FOOTHOLD_TESTS)
    foothold_register_tests(${M_TESTS})
    add_executable(${id}_test ${M_TESTS})
    foothold_test_program(${id}_test)
    target_link_libraries(${id}_test PRIVATE ${target})
    foreach(used ${M_TEST_USES})
      string(REPLACE "/" "_" used_id ${used})
      target_link_libraries(${id}_test PRIVATE foothold_${used_id})
    endforeach()
    gtest_discover_tests(${id}_test DISCOVERY_TIMEOUT 60 PROPERTIES LABELS unit RUN_SERIAL ${M_ALONE})
  endif()
endfunction()

# foothold_test(NAME x_test SOURCES x_test.cc ... [LINKS ...] [LABEL rules] [DEFINITIONS ...] [ALONE])
#
# Declares a test that belongs to no single module. ALONE: nothing else runs beside it, for tests that give real
# processes real time limits.
function(foothold_test)
  cmake_parse_arguments(T "ALONE" "NAME;LABEL" "SOURCES;LINKS;DEFINITIONS" ${ARGN})
  set(tests ${T_SOURCES})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  foothold_register_tests(${tests})
  add_executable(${T_NAME} ${T_SOURCES})
  target_include_directories(${T_NAME} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include)
  foothold_test_program(${T_NAME})
  target_compile_definitions(${T_NAME} PRIVATE FOOTHOLD_BINARY_DIR="${PROJECT_BINARY_DIR}" ${T_DEFINITIONS})
  target_link_libraries(${T_NAME} PRIVATE ${T_LINKS})
  gtest_discover_tests(${T_NAME} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS ${T_LABEL} RUN_SERIAL ${T_ALONE})
endfunction()
