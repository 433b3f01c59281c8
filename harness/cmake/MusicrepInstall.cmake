# What `cmake --install` puts under its prefix: the program with its experiments, and for encoders out
# of the tree the public headers and a CMake package with musicrep_add_encoder(NAME MODULE ...).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

add_library(musicrep_headers INTERFACE)
set_target_properties(musicrep_headers PROPERTIES EXPORT_NAME headers)
target_include_directories(musicrep_headers INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(musicrep_headers INTERFACE cxx_std_20)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/musicrep)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/generated/musicrepConfigVersion.cmake
                                 COMPATIBILITY ExactVersion)
install(TARGETS musicrep_headers EXPORT musicrepTargets)
install(EXPORT musicrepTargets NAMESPACE musicrep:: DESTINATION ${package_dir})
install(FILES ${PROJECT_SOURCE_DIR}/harness/cmake/musicrepConfig.cmake
              ${PROJECT_BINARY_DIR}/generated/musicrepConfigVersion.cmake
        DESTINATION ${package_dir})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/harness/include/musicrep DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
# Whole: experiments name files beside them, and the cluster's files are run from there.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/experiments DESTINATION ${CMAKE_INSTALL_DATADIR}/musicrep
        USE_SOURCE_PERMISSIONS PATTERN "run-all" EXCLUDE PATTERN "__pycache__" EXCLUDE
        PATTERN ".snakemake" EXCLUDE)
# The documents lie as they do in the project, so that their links lead somewhere.
foreach(document IN ITEMS
    README.md CITATION.cff CONTRIBUTING.md LICENSE baselines/README.md encoders/README.md encoders/recipes/README.md experiments/README.md
    experiments/cluster/README.md experiments/development/README.md harness/GLOSSARY.md harness/README.md harness/architecture.svg
    harness/debian-packages.txt harness/audio/README.md harness/datasets/README.md harness/deform/README.md harness/protocols/README.md
    results/CHANGES.md results/FORMAT.md results/README.md results/reference/README.md
    results/reference/error-rates.md results/reference/speed.md results/reference/vggish-speed.md
    results/reference/scale/scale.svg results/reference/table1/scores.svg)
  get_filename_component(folder ${document} DIRECTORY)
  install(FILES ${PROJECT_SOURCE_DIR}/${document} DESTINATION ${CMAKE_INSTALL_DOCDIR}/${folder})
endforeach()
# Recipes beside their README; the helper for people who run their scripts by hand (musicrep itself has it built in).
file(GLOB recipes CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/encoders/recipes/*.py)
install(FILES ${recipes} DESTINATION ${CMAKE_INSTALL_DOCDIR}/encoders/recipes)
install(FILES ${PROJECT_SOURCE_DIR}/harness/foreign/musicrep.py DESTINATION ${CMAKE_INSTALL_DATADIR}/musicrep/python)
