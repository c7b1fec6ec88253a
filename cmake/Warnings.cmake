# Every target of ours links foothold_warnings: the flags are written once. Programs that are to fail in their own ways
# link foothold_unsanitized instead, which leaves out the sanitizers.
add_library(foothold_unsanitized INTERFACE)
target_compile_options(foothold_unsanitized INTERFACE -Wall -Wextra -Wshadow -Wconversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 warns falsely in library templates that it inlines or sanitizes (PR 105562).
  target_compile_options(foothold_unsanitized INTERFACE -Wno-maybe-uninitialized)
endif()
if(FOOTHOLD_WERROR)
  target_compile_options(foothold_unsanitized INTERFACE -Werror)
endif()

add_library(foothold_warnings INTERFACE)
target_link_libraries(foothold_warnings INTERFACE foothold_unsanitized)
if(FOOTHOLD_SANITIZE)
  target_compile_options(foothold_warnings INTERFACE -fsanitize=${FOOTHOLD_SANITIZE}
                         -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(foothold_warnings INTERFACE -fsanitize=${FOOTHOLD_SANITIZE})
endif()
