#include "foreign/python_program.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <limits>
#include <system_error>

#include "foreign/foreign_encoder.h"
#include "foreign/program_settings.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

// An environment's interpreter, or a program that is looked up in PATH.
std::string interpreter(const Options& options) {
  const auto& python = option<std::string>(options, "python");
  const auto& venv = option<std::string>(options, "venv");
  if (!venv.empty()) {
    const fs::path found = fs::path(venv) / "bin" / "python";
    std::error_code none;
    if (!fs::exists(found, none)) {
      throw ConfigError(fmt::format(
          "venv: '{}' has no bin/python, expected the folder of a virtual environment", venv));
    }
    return fs::absolute(found).string();
  }
  if (python.find('/') != std::string::npos && python.front() != '/') {
    throw ConfigError(fmt::format(
        "python: found '{}', expected a name in PATH or a whole path; an environment in a folder is "
        "named by venv",
        python));
  }
  if (python.empty()) throw ConfigError("python: found no name of an interpreter");
  return python;
}

}  // namespace

std::vector<OptionSpec> python_option_specs() {
  std::vector<OptionSpec> out = {
      {.name = kTimeLimitOption,
       .default_value = kTimeLimit_s,
       .description = "seconds that its start, or one batch, may take before it is stopped",
       .practical = true,
       .range = NumberRange{.least = 0,
                            .greatest = std::numeric_limits<double>::infinity(),
                            .without_least = true}}};
  const std::vector<OptionSpec> interpreter = {
      {.name = "python",
       .default_value = std::string("python3"),
       .description = "the interpreter: a program in PATH, or a whole path"},
      {.name = "venv",
       .default_value = std::string(),
       .description = "folder of a virtual environment whose interpreter is used instead",
       .is_path = true}};
  for (const auto& specs :
       {audio_option_specs(), {hop_option_spec()}, program_option_specs(), interpreter}) {
    out.insert(out.end(), specs.begin(), specs.end());
  }
  return out;
}

StreamCommand python_command(const Options& options, const PythonScript& script) {
  StreamCommand out;
  out.argv = {interpreter(options), "{program}/musicrep.py", script.path, script.function,
              script.batch ? "batch" : ""};
  out.argv.insert(out.argv.end(), script.arguments.begin(), script.arguments.end());
  out.folder = script.folder;
  out.environment = program_environment(options);
  // Of processes that the script starts, too.
  std::string path = "{program}";
  if (!script.module_path.empty()) path += ":" + script.module_path;
  if (const char* const given = std::getenv("PYTHONPATH"); given != nullptr && *given != 0) {
    path += std::string(":") + given;
  }
  out.environment.push_back("PYTHONPATH=" + path);
  out.files = {{"musicrep.py", python_helper()}};
  return out;
}

}  // namespace musicrep
