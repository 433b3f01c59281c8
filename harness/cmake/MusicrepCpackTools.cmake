# Read by cpack before it packs. Without these programs it writes a package that depends on no library.
if(CPACK_GENERATOR STREQUAL "DEB")
  foreach(tool dpkg-shlibdeps file)
    find_program(found_${tool} ${tool})
    if(NOT found_${tool})
      message(FATAL_ERROR "The Debian package needs the program ${tool}, which is not installed: "
                          "apt-get install dpkg-dev file")
    endif()
  endforeach()
endif()
