# The Debian package and the tarball of `cpack`; and what the program writes for them about itself
# (harness/cli/CMakeLists.txt): man page and completions.
set(pages ${PROJECT_BINARY_DIR}/generated/pages)
install(FILES ${pages}/musicrep.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${pages}/musicrep DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
# Where Debian's zsh looks.
install(FILES ${pages}/_musicrep DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
execute_process(COMMAND gzip -9nc ${PROJECT_SOURCE_DIR}/harness/cmake/debian-changelog
                OUTPUT_FILE ${pages}/changelog.gz COMMAND_ERROR_IS_FATAL ANY)
install(FILES ${pages}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "The musicrep authors")
set(CPACK_PACKAGE_CONTACT "The musicrep authors <noreply@musicrep.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "benchmark harness for music representations")
set(CPACK_PACKAGE_DESCRIPTION
    "Compares music representations: the same classifier, the same folds, and a\nconfidence interval on every score.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_FILE_NAME musicrep-${PROJECT_VERSION}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
# Libraries by what the program is linked with; the built-in corpora are rendered with the sound font, figures are
# drawn with gnuplot.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libopenblas0-pthread, timgm6mb-soundfont")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gnuplot-nox")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, ffmpeg, g++")
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/harness/cmake/MusicrepCpackTools.cmake)
include(CPack)
