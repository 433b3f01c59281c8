# Writes OUTPUT with the commit of SOURCE_DIR and whether its tree was dirty; not touched where
# nothing changed. Outside a git checkout the commit is "unknown".
execute_process(COMMAND git -C ${SOURCE_DIR} rev-parse HEAD
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
                RESULT_VARIABLE failed)
if(failed)
  set(commit "unknown")
  set(dirty "false")
else()
  # Results and documents move no number; what they say of a tree would make every reference dirty.
  execute_process(COMMAND git -C ${SOURCE_DIR} status --porcelain -- harness encoders baselines CMakeLists.txt
                  OUTPUT_VARIABLE changes OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(changes STREQUAL "")
    set(dirty "false")
  else()
    set(dirty "true")
  endif()
endif()
set(text "#define MUSICREP_CODE_COMMIT \"${commit}\"\n#define MUSICREP_CODE_DIRTY ${dirty}\n")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} old)
endif()
if(NOT "${old}" STREQUAL "${text}")
  file(WRITE ${OUTPUT} "${text}")
endif()
