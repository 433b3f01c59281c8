# find_package(musicrep) gives musicrep::headers and musicrep_add_encoder().
include("${CMAKE_CURRENT_LIST_DIR}/musicrepTargets.cmake")

# musicrep_add_encoder(NAME MODULE SOURCES … [LINKS target…])
#   One encoder as the shared object NAME.so, for `musicrep run --plugin NAME.so`. Its sources hold one
#   MUSICREP_ENCODER(NAME, Class).
function(musicrep_add_encoder name)
  cmake_parse_arguments(ARG "MODULE" "" "SOURCES;LINKS" ${ARGN})
  if(NOT ARG_MODULE)
    message(FATAL_ERROR "musicrep_add_encoder(${name}): out of the project's tree an encoder is a MODULE")
  endif()
  if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "musicrep_add_encoder(${name}): a name is lower case, [a-z][a-z0-9_]*")
  endif()
  add_library(${name} MODULE ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" CXX_EXTENSIONS OFF
                                           CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_compile_definitions(${name} PRIVATE MUSICREP_PLUGIN)
  # As the program itself: no contraction to FMA, the same bits on every processor.
  target_compile_options(${name} PRIVATE -ffp-contract=off)
  target_link_libraries(${name} PRIVATE musicrep::headers ${ARG_LINKS})
endfunction()
