# cmake -DOUT=assets.cc -DFILES="kPageHtml=page.html;..." -DFOLDER=... -DHEADER=... -DNAMESPACE=... -P EmbedFiles.cmake
#
# Writes OUT, which defines each of the constants of HEADER as the content of its file.
set(text "// Made by EmbedFiles.cmake.\n#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n")
foreach(one ${FILES})
  string(REPLACE "=" ";" name_and_file ${one})
  list(GET name_and_file 0 name)
  list(GET name_and_file 1 file)
  file(READ ${FOLDER}/${file} content)
  string(FIND "${content}" ")foothold\"" end)
  if(NOT end EQUAL -1)
    message(FATAL_ERROR "${file} holds )foothold\", which would end its string")
  endif()
  string(APPEND text "const std::string_view ${name} = R\"foothold(${content})foothold\";\n")
endforeach()
string(APPEND text "}  // namespace ${NAMESPACE}\n")
file(WRITE ${OUT} "${text}")
