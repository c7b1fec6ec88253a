# Every target of ours links foothold_warnings: the flags are written once, and a warning is an error.
add_library(foothold_warnings INTERFACE)
target_compile_options(foothold_warnings INTERFACE -Wall -Wextra -Wshadow -Wconversion -Werror)
if(FOOTHOLD_SANITIZE)
  target_compile_options(foothold_warnings INTERFACE -fsanitize=${FOOTHOLD_SANITIZE}
                         -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(foothold_warnings INTERFACE -fsanitize=${FOOTHOLD_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 warns falsely in sanitized library templates (-Wmaybe-uninitialized, PR 105562).
    target_compile_options(foothold_warnings INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
