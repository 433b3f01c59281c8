# LibTorch for the parts and programs that ask for it, and for no other: its headers take 15 s a file.
find_package(Torch 1.13 REQUIRED)

# Compiled once; every target that uses Torch reuses it.
set(torch_pch ${CMAKE_CURRENT_BINARY_DIR}/torch_pch.cpp)
file(CONFIGURE OUTPUT ${torch_pch} CONTENT "")
add_library(musicrep_torch_pch OBJECT ${torch_pch})
target_link_libraries(musicrep_torch_pch PRIVATE musicrep_compiler ${TORCH_LIBRARIES})
target_compile_options(musicrep_torch_pch PRIVATE -fPIC)
target_precompile_headers(musicrep_torch_pch PRIVATE <torch/torch.h>)

# musicrep_use_torch(NAME): the part or program NAME includes torch/torch.h.
function(musicrep_use_torch name)
  set(target ${name})
  if(TARGET musicrep_${name})
    set(target musicrep_${name})
  endif()
  # The same flags as the precompiled header, also in programs, or the compiler passes it over.
  target_compile_options(${target} PRIVATE -fPIC)
  target_link_libraries(${target} PRIVATE ${TORCH_LIBRARIES})
  target_precompile_headers(${target} REUSE_FROM musicrep_torch_pch)
endfunction()
