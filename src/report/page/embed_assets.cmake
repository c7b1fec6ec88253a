# cmake -DOUT=assets.cc -DASSETS="kPageHtml=page.html;..." -DFOLDER=... -P embed_assets.cmake
#
# Writes OUT, which defines each of the constants of assets.h as the content of its file.
set(text "// Made by embed_assets.cmake.\n#include \"report/page/assets.h\"\n\nnamespace foothold::report {\n")
foreach(asset ${ASSETS})
  string(REPLACE "=" ";" name_and_file ${asset})
  list(GET name_and_file 0 name)
  list(GET name_and_file 1 file)
  file(READ ${FOLDER}/${file} content)
  string(FIND "${content}" ")foothold\"" end)
  if(NOT end EQUAL -1)
    message(FATAL_ERROR "${file} holds )foothold\", which would end its string")
  endif()
  string(APPEND text "const std::string_view ${name} = R\"foothold(${content})foothold\";\n")
endforeach()
string(APPEND text "}  // namespace foothold::report\n")
file(WRITE ${OUT} "${text}")
