# foothold_source_digest(MODULE vta NAMESPACE foothold::vta RESULT variable PATTERNS *.cc *.h compiler/*.cc ...)
#
# Adds the constant kSourceDigest of MODULE/source_digest.h: the SHA-256 of the sources that the patterns match, tests
# aside. A run's identity holds it (docs/concepts/tuning-and-resume.md), so that results of another compiler or
# simulator of ours are not taken for those of this one. RESULT becomes the path of a source for foothold_module.
function(foothold_source_digest)
  cmake_parse_arguments(D "" "MODULE;NAMESPACE;RESULT" "PATTERNS" ${ARGN})
  list(TRANSFORM D_PATTERNS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  file(GLOB sources CONFIGURE_DEPENDS ${D_PATTERNS})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(SORT sources)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/source_digest.cc)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DMODULE=${D_MODULE} -DNAMESPACE=${D_NAMESPACE} "-DSOURCES=${sources}"
            -P ${PROJECT_SOURCE_DIR}/cmake/WriteSourceDigest.cmake
    DEPENDS ${sources} ${PROJECT_SOURCE_DIR}/cmake/WriteSourceDigest.cmake VERBATIM)
  set(${D_RESULT} ${out} PARENT_SCOPE)
endfunction()
