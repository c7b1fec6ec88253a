# cmake -DOUT=source_digest.cc -DMODULE=vta -DNAMESPACE=foothold::vta -DSOURCES="a.cc;b.cc" -P WriteSourceDigest.cmake
set(digests "")
foreach(source ${SOURCES})
  file(SHA256 ${source} digest)
  string(APPEND digests "${digest}\n")
endforeach()
string(SHA256 digest "${digests}")
file(WRITE ${OUT} "// Made by WriteSourceDigest.cmake.
#include \"${MODULE}/source_digest.h\"

namespace ${NAMESPACE} {
const char* const kSourceDigest = \"sha256 ${digest}\";
}  // namespace ${NAMESPACE}
")
