# Hashes the code that scores and diagnoses depend on, so that what other code has made is
# not taken from the store. Included, it gives the sources whose change can move them, as the lists
# musicrep_scoring_sources and musicrep_diagnosis_sources. As a script it writes OUTPUT, a header with
# the hashes of these files under SOURCE_DIR and of COMPILER, a file that tells the compiler and its flags.
# Files count by their names below SOURCE_DIR: the hash is the same in every folder. Protocols'
# definitions are not among them: keys hold the hash of the one that they are under.
set(shared harness/cmake/MusicrepCompiler.cmake harness/core/derive_seed.cpp harness/core/parallel.cpp
           harness/core/random.cpp harness/core/random.h harness/include/musicrep/matrix.h)
set(scoring_folders evaluation metrics probe probe/probes protocols statistics)
set(scoring_steps deform_step evaluate_step retrieve_step scored_vectors sweep_step)
set(diagnosis_folders diagnose metrics)
set(diagnosis_steps diagnose_step)

if(CMAKE_SCRIPT_MODE_FILE)
  set(root ${SOURCE_DIR})
else()
  set(root ${PROJECT_SOURCE_DIR})
  set(watched CONFIGURE_DEPENDS)
endif()
foreach(what scoring diagnosis)
  set(patterns ${shared})
  foreach(folder IN LISTS ${what}_folders)
    foreach(pattern *.cpp *.h *.inc CMakeLists.txt)
      list(APPEND patterns harness/${folder}/${pattern})
    endforeach()
  endforeach()
  foreach(step IN LISTS ${what}_steps)
    list(APPEND patterns harness/steps/${step}.cpp harness/steps/${step}.h)
  endforeach()
  list(TRANSFORM patterns PREPEND ${root}/)
  file(GLOB musicrep_${what}_sources LIST_DIRECTORIES false ${watched} ${patterns})
endforeach()

if(CMAKE_SCRIPT_MODE_FILE)
  file(READ ${COMPILER} compiler)
  set(header "")
  foreach(what scoring diagnosis)
    set(text "${compiler}")
    foreach(source IN LISTS musicrep_${what}_sources)
      file(SHA256 ${source} hash)
      file(RELATIVE_PATH name ${root} ${source})
      string(APPEND text "${name} ${hash}\n")
    endforeach()
    string(SHA256 hash "${text}")
    string(TOUPPER ${what} name)
    string(APPEND header "#define MUSICREP_${name}_CODE \"${hash}\"\n")
  endforeach()
  file(WRITE ${OUTPUT} "${header}")
endif()
