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

# musicrep_generate_list(OUT FUNCTION name TYPE type HEADER header [NAMESPACE namespace] GLOB pattern…)
#   What is found by its file alone: every file that matches a pattern (relative to the folder of the
#   caller) defines one constant that is named as the file, `extern const TYPE <stem> = {…};`. The
#   generated source has `const std::vector<const TYPE*>& FUNCTION()`, which HEADER declares beside TYPE:
#   pointers to all of them, in the order of the files' names. OUT becomes the files and that source. A
#   file without its constant is a link error that names it. NAMESPACE is musicrep by default.
function(musicrep_generate_list out)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "FUNCTION;TYPE;HEADER;NAMESPACE" "GLOB")
  foreach(needed FUNCTION TYPE HEADER GLOB)
    if(NOT ARG_${needed})
      message(FATAL_ERROR "musicrep_generate_list(${out}): ${needed} is missing")
    endif()
  endforeach()
  if(NOT ARG_NAMESPACE)
    set(ARG_NAMESPACE musicrep)
  endif()
  list(TRANSFORM ARG_GLOB PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  file(GLOB files CONFIGURE_DEPENDS ${ARG_GLOB})
  if(NOT files)
    message(FATAL_ERROR "musicrep_generate_list(${out}): no file matches ${ARG_GLOB}")
  endif()
  set(declarations "")
  set(entries "")
  foreach(file IN LISTS files)
    get_filename_component(stem ${file} NAME_WE)
    if(NOT stem MATCHES "^[a-z][a-z0-9_]*$")
      message(FATAL_ERROR "${file}: its name is that of a constant, [a-z][a-z0-9_]*")
    endif()
    string(APPEND declarations "extern const ${ARG_TYPE} ${stem};\n")
    string(APPEND entries "      &${stem},\n")
  endforeach()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${ARG_FUNCTION}.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"// Written by CMake from the files that define a ${ARG_TYPE}.
#include <vector>

#include \"${ARG_HEADER}\"

namespace ${ARG_NAMESPACE} {
@declarations@
const std::vector<const ${ARG_TYPE}*>& ${ARG_FUNCTION}() {
  static const std::vector<const ${ARG_TYPE}*> all = {
@entries@  };
  return all;
}
}  // namespace ${ARG_NAMESPACE}
")
  set(${out} ${files} ${source} PARENT_SCOPE)
endfunction()

# musicrep_compile_in(PART FUNCTION name FILE file)
#   The part gets `std::string FUNCTION()` in the namespace musicrep: the text of the file.
function(musicrep_compile_in part)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "FUNCTION;FILE" "")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_FILE})
  file(READ ${ARG_FILE} text)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${ARG_FUNCTION}.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"// Written by CMake from ${ARG_FILE}.
#include <string>

namespace musicrep {
std::string ${ARG_FUNCTION}();
std::string ${ARG_FUNCTION}() {
  return R\"musicrep(@text@)musicrep\";
}
}  // namespace musicrep
")
  target_sources(musicrep_${part} PRIVATE ${source})
endfunction()

# musicrep_computes(NAME)
#   The part NAME calls BLAS or LibTorch: programs with it in them pin kernels and keep freed memory,
#   before main() (harness/core/kernels.h, memory.h).
function(musicrep_computes name)
  target_link_options(musicrep_${name} INTERFACE "LINKER:-u,musicrep_kernels_pinned"
                                                 "LINKER:-u,musicrep_freed_memory_kept")
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

# musicrep_add_network(NAME INFO … SOURCES … [USES part…] [LINKS target…])
#   An encoder that needs LibTorch. INFO are the sources that do without it, with one
#   MUSICREP_NETWORK_INFO(NAME, Class): they are built into the program. SOURCES, with one
#   MUSICREP_NETWORK(NAME, Class), go into the shared object that it loads when it needs them.
function(musicrep_add_network name)
  cmake_parse_arguments(ARG "" "" "INFO;SOURCES;USES;LINKS" ${ARGN})
  set(info_uses ${ARG_USES})
  list(REMOVE_ITEM info_uses nn)
  musicrep_add_part(encoder_${name}_info SOURCES ${ARG_INFO} USES ${info_uses} LINKS ${ARG_LINKS})
  musicrep_add_part(encoder_${name} SOURCES ${ARG_SOURCES} USES encoder_${name}_info ${ARG_USES}
                    LINKS ${ARG_LINKS})
  musicrep_use_torch(encoder_${name})
  set_property(GLOBAL APPEND PROPERTY MUSICREP_ENCODERS ${name})
  set_property(GLOBAL APPEND PROPERTY MUSICREP_NETWORKS ${name})
  set_property(GLOBAL APPEND PROPERTY MUSICREP_NETWORKS_USE ${info_uses})
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
  get_property(networks GLOBAL PROPERTY MUSICREP_NETWORKS)
  get_property(names GLOBAL PROPERTY MUSICREP_ENCODERS)
  list(SORT names)
  set(at_once "")  # as tests have them: without the shared object
  foreach(name IN LISTS names)
    if(name IN_LIST networks)
      list(APPEND at_once network_${name})
    else()
      list(APPEND at_once ${name})
    endif()
  endforeach()
  musicrep_list_encoders(builtin_encoders ${names})
  musicrep_list_encoders(linked_encoders ${at_once})
  if(networks)
    list(TRANSFORM networks PREPEND network_)
    musicrep_networks_object(${networks})
  endif()
endfunction()

# The library of an encoder that is registered as NAME.
function(musicrep_library_of name out)
  get_property(networks GLOBAL PROPERTY MUSICREP_NETWORKS)
  if(name IN_LIST networks)
    set(${out} encoder_${name}_info PARENT_SCOPE)
  else()
    string(REGEX REPLACE "^network_" "" name ${name})
    set(${out} encoder_${name} PARENT_SCOPE)
  endif()
endfunction()

# The calls that register encoders under NAMES, and their declarations.
function(musicrep_registrations declarations calls)
  foreach(name IN LISTS ARGN)
    string(APPEND made "void musicrep_register_${name}(musicrep::EncoderRegistry&);\n")
    string(APPEND called "  musicrep_register_${name}(registry);\n")
  endforeach()
  set(${declarations} "${made}" PARENT_SCOPE)
  set(${calls} "${called}" PARENT_SCOPE)
endfunction()

# The part TARGET, with register_builtin_encoders() for encoders that are registered as NAMES.
function(musicrep_list_encoders target)
  musicrep_registrations(declarations calls ${ARGN})
  set(source ${PROJECT_BINARY_DIR}/generated/${target}.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"// Written by CMake from the folders of the built-in encoders.
#include \"musicrep/registry.h\"

@declarations@
namespace musicrep {
void register_builtin_encoders([[maybe_unused]] EncoderRegistry& registry) {
@calls@}
}  // namespace musicrep
")
  add_library(musicrep_${target} STATIC ${source})
  add_library(musicrep::${target} ALIAS musicrep_${target})
  target_link_libraries(musicrep_${target} PUBLIC musicrep::core PRIVATE musicrep_compiler)
  foreach(name IN LISTS ARGN)
    musicrep_library_of(${name} library)
    target_link_libraries(musicrep_${target} PUBLIC musicrep::${library})
  endforeach()
endfunction()

# musicrep_networks.so, of the encoders alone: all else it finds in the program, so that there is one
# of everything (of the flag that asks to stop, say). Hence the program exports its symbols, and has
# these parts whole.
function(musicrep_networks_object)
  musicrep_registrations(declarations calls ${ARGN})
  set(source ${PROJECT_BINARY_DIR}/generated/musicrep_networks.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"// Written by CMake from the folders of the built-in encoders.
#include \"musicrep/abi.h\"
#include \"musicrep/registry.h\"

@declarations@
extern \"C\" const char* musicrep_networks_stamp() { return musicrep::abi_stamp(); }

extern \"C\" void musicrep_networks(musicrep::EncoderRegistry* all) {
  musicrep::EncoderRegistry& registry = *all;
@calls@}
")
  add_library(musicrep_networks_object MODULE ${source})
  set_target_properties(musicrep_networks_object PROPERTIES
    OUTPUT_NAME musicrep_networks PREFIX "" SUFFIX ".so" LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}
    INSTALL_RPATH_USE_LINK_PATH ${MUSICREP_NEEDS_RPATH})
  target_include_directories(musicrep_networks_object PRIVATE ${PROJECT_SOURCE_DIR}/harness/include)
  foreach(name IN LISTS ARGN)
    musicrep_library_of(${name} library)
    list(APPEND libraries musicrep_${library})
  endforeach()
  list(APPEND libraries musicrep_nn)
  add_dependencies(musicrep_networks_object ${libraries})
  list(TRANSFORM libraries REPLACE "(.+)" "$<TARGET_FILE:\\1>")
  target_link_libraries(musicrep_networks_object PRIVATE musicrep_compiler ${libraries} fmt::fmt ${TORCH_LIBRARIES})
endfunction()

# musicrep_load_networks(TARGET)
#   TARGET, a program, finds musicrep_networks.so beside it, or where both are installed.
function(musicrep_load_networks target)
  get_property(parts GLOBAL PROPERTY MUSICREP_NETWORKS_USE)
  list(REMOVE_DUPLICATES parts)
  list(TRANSFORM parts REPLACE "(.+)" "$<TARGET_FILE:musicrep_\\1>")
  list(JOIN parts " " whole)
  set_target_properties(${target} PROPERTIES ENABLE_EXPORTS ON)
  target_link_options(${target} PRIVATE "SHELL:-Wl,--whole-archive ${whole} -Wl,--no-whole-archive")
  add_dependencies(${target} musicrep_networks_object)
  install(TARGETS musicrep_networks_object LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/musicrep)
endfunction()
