// Python scripts as programs that stay.
#pragma once

#include <string>
#include <vector>

#include "foreign/stream_process.h"
#include "musicrep/options.h"

namespace musicrep {

/// The text of musicrep.py, which makes a function or a class such a program.
std::string python_helper();

/// What all encoders that are Python share: time limit, audio, hop, those of
/// program_option_specs(), and which interpreter (`python`, `venv`).
std::vector<OptionSpec> python_option_specs();

struct PythonScript {
  std::string path;      ///< {program}/NAME for one of StreamCommand::files
  std::string function;  ///< to serve; empty: the script calls musicrep.serve()
  bool batch = false;    ///< the function takes several signals
  std::vector<std::string> arguments;
  std::string folder;       ///< to run in
  std::string module_path;  ///< where its modules are looked up first, besides its own; or empty
};

/// What starts a script with the interpreter of `options` (those of python_option_specs()), the
/// helper beside it. Throws ConfigError where there can be no such
/// interpreter.
StreamCommand python_command(const Options& options, const PythonScript& script);

}  // namespace musicrep
