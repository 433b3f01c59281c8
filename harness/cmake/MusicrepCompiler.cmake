# What every target of the project is compiled with; linked PRIVATE, so that nothing leaks to users.
add_library(musicrep_compiler INTERFACE)
# No contraction to FMA: the same bits on processors with and without it.
# Nothing here may ever say -ffast-math or -march=native: both move scores.
target_compile_options(musicrep_compiler INTERFACE -ffp-contract=off)
if(MUSICREP_DEVELOPER)
  target_compile_options(musicrep_compiler INTERFACE
    -UNDEBUG  # assertions stay on, whatever the build type
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Werror)
endif()
if(MUSICREP_SANITIZE)
  add_compile_options(-fsanitize=${MUSICREP_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${MUSICREP_SANITIZE})
  # Instrumented code gives false warnings of this kind in library headers.
  target_compile_options(musicrep_compiler INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  if(NOT MUSICREP_SANITIZE MATCHES "thread")
    add_compile_options(-fno-sanitize-recover=all)
  endif()
endif()

if(MUSICREP_LIBFUZZER)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()

find_program(MUSICREP_CCACHE ccache)
if(MUSICREP_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${MUSICREP_CCACHE})
endif()
