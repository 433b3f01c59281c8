# LibTorch for the parts and programs that ask for it, and for no other: its headers take 15 s a file.
find_package(Torch 1.13 REQUIRED)

# Compiled once; every target that uses Torch reuses it.
set(torch_pch ${CMAKE_CURRENT_BINARY_DIR}/torch_pch.cpp)
file(CONFIGURE OUTPUT ${torch_pch} CONTENT "")
add_library(musicrep_torch_pch OBJECT ${torch_pch})
target_link_libraries(musicrep_torch_pch PRIVATE musicrep_compiler ${TORCH_LIBRARIES})
target_compile_options(musicrep_torch_pch PRIVATE -fPIC)
target_precompile_headers(musicrep_torch_pch PRIVATE <torch/torch.h>)

# Without this, ccache stores nothing that is compiled with a precompiled header.
if(MUSICREP_CCACHE)
  set(torch_launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${MUSICREP_CCACHE})
  set_target_properties(musicrep_torch_pch PROPERTIES CXX_COMPILER_LAUNCHER "${torch_launcher}")
endif()

# musicrep_includes_torch(FILE OUT): whether FILE includes LibTorch, itself or through headers of the project.
# A header that is not found where most are counts as one that does.
function(musicrep_includes_torch file out)
  get_property(known GLOBAL PROPERTY "MUSICREP_INCLUDES_TORCH ${file}")
  if("${known}" STREQUAL "")
    set(known OFF)
    set_property(GLOBAL PROPERTY "MUSICREP_INCLUDES_TORCH ${file}" OFF)  # where headers include each other
    get_filename_component(folder ${file} DIRECTORY)
    file(STRINGS ${file} includes REGEX "^#include")
    foreach(include IN LISTS includes)
      if(include MATCHES "<(torch|ATen|c10)/")
        set(known ON)
      elseif(include MATCHES "\"(.+)\"")
        set(header ON)  # not found
        foreach(where ${folder} ${PROJECT_SOURCE_DIR}/harness ${PROJECT_SOURCE_DIR}/harness/include
                      ${PROJECT_SOURCE_DIR}/tests)
          if(EXISTS ${where}/${CMAKE_MATCH_1})
            musicrep_includes_torch(${where}/${CMAKE_MATCH_1} header)
            break()
          endif()
        endforeach()
        if(header)
          set(known ON)
        endif()
      endif()
    endforeach()
    set_property(GLOBAL PROPERTY "MUSICREP_INCLUDES_TORCH ${file}" ${known})
  endif()
  set(${out} ${known} PARENT_SCOPE)
endfunction()

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
  if(MUSICREP_CCACHE)
    set_target_properties(${target} PROPERTIES CXX_COMPILER_LAUNCHER "${torch_launcher}")
  endif()
  # Its 600 MB take 4 s to load: not for sources that do without it.
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    get_filename_component(file ${source} ABSOLUTE)
    if(EXISTS ${file})
      musicrep_includes_torch(${file} with_torch)
      if(NOT with_torch)
        set_property(SOURCE ${source} PROPERTY SKIP_PRECOMPILE_HEADERS ON)
      endif()
    endif()
  endforeach()
endfunction()
