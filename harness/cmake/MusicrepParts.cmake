# musicrep_add_part(NAME SOURCES … [USES part…] [LINKS target…])
#   One static library for one folder of the harness. USES are other parts (public), LINKS are
#   third-party targets (private: their headers stay inside the part's sources).
function(musicrep_add_part name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LINKS" ${ARGN})
  add_library(musicrep_${name} STATIC ${ARG_SOURCES})
  add_library(musicrep::${name} ALIAS musicrep_${name})
  target_include_directories(musicrep_${name} PUBLIC ${PROJECT_SOURCE_DIR}/harness
                                                     ${PROJECT_SOURCE_DIR}/harness/include)
  target_link_libraries(musicrep_${name} PRIVATE musicrep_compiler ${ARG_LINKS})
  foreach(part IN LISTS ARG_USES)
    target_link_libraries(musicrep_${name} PUBLIC musicrep::${part})
  endforeach()
endfunction()

# musicrep_add_encoder(NAME SOURCES … [TESTS …] [USES part…] [LINKS target…])
#   One encoder in one folder. Its sources hold one MUSICREP_ENCODER(NAME, Class). Forgetting the
#   macro is a link error that names the encoder. TESTS are Catch2 sources beside it: the test program
#   NAME_test, which sees the encoder and harness/contract.
function(musicrep_add_encoder name)
  cmake_parse_arguments(ARG "" "" "SOURCES;TESTS;USES;LINKS" ${ARGN})
  if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "musicrep_add_encoder(${name}): a name is lower case, [a-z][a-z0-9_]*")
  endif()
  musicrep_add_part(encoder_${name} SOURCES ${ARG_SOURCES} USES ${ARG_USES} LINKS ${ARG_LINKS})
  set_property(GLOBAL APPEND PROPERTY MUSICREP_ENCODERS ${name})
  if(ARG_TESTS)
    list(TRANSFORM ARG_TESTS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
    set_property(GLOBAL APPEND PROPERTY MUSICREP_TESTED_ENCODERS ${name})
    set_property(GLOBAL PROPERTY MUSICREP_TESTS_OF_${name} ${ARG_TESTS})
  endif()
endfunction()

# musicrep_collect_encoders(FOLDER…)
#   Adds every FOLDER/*/CMakeLists.txt and writes the one list of built-in encoders, so that nothing
#   is lost in a static library and nobody edits a list. A folder whose name begins with '_' is not
#   built: it is a template.
function(musicrep_collect_encoders)
  foreach(folder IN LISTS ARGN)
    file(GLOB lists CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*/CMakeLists.txt)
    foreach(list IN LISTS lists)
      get_filename_component(encoder_dir ${list} DIRECTORY)
      if(NOT encoder_dir MATCHES "/_[^/]*$")
        add_subdirectory(${encoder_dir})
      endif()
    endforeach()
  endforeach()
  get_property(names GLOBAL PROPERTY MUSICREP_ENCODERS)
  list(SORT names)
  set(declarations "")
  set(calls "")
  set(links "")
  foreach(name IN LISTS names)
    string(APPEND declarations "void musicrep_register_${name}(musicrep::EncoderRegistry&);\n")
    string(APPEND calls "  musicrep_register_${name}(registry);\n")
    list(APPEND links musicrep::encoder_${name})
  endforeach()
  set(source ${PROJECT_BINARY_DIR}/generated/builtin_encoders.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"// Written by CMake from the folders of the built-in encoders.
#include \"musicrep/registry.h\"

@declarations@
namespace musicrep {
void register_builtin_encoders([[maybe_unused]] EncoderRegistry& registry) {
@calls@}
}  // namespace musicrep
")
  add_library(musicrep_builtin_encoders STATIC ${source})
  add_library(musicrep::builtin_encoders ALIAS musicrep_builtin_encoders)
  target_link_libraries(musicrep_builtin_encoders PUBLIC musicrep::core ${links}
                                                  PRIVATE musicrep_compiler)
endfunction()
