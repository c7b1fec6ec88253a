// Writes docs/targets/vta-isa.md to standard output.
#include <cstdio>
#include <string>

#include "targets/vta/isa/isa_page.h"

int main() {
  const std::string page = foothold::vta::IsaMarkdown();
  return std::fwrite(page.data(), 1, page.size(), stdout) == page.size() ? 0 : 1;
}
