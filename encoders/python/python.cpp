#include "python.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "core/files.h"
#include "foreign/foreign_encoder.h"
#include "foreign/python_program.h"
#include "musicrep/error.h"
#include "musicrep/registry.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

using Texts = std::vector<std::string>;

StreamCommand command_of(const Options& options) {
  const fs::path script = fs::absolute(option<std::string>(options, "script"));
  return python_command(options, {.path = script.string(),
                                  .function = option<std::string>(options, "function"),
                                  .batch = option<bool>(options, "batch"),
                                  .arguments = option<Texts>(options, "arguments"),
                                  .folder = script.parent_path().string(),
                                  .module_path = ""});
}

Texts files_of(const Options& options) {
  Texts out = {option<std::string>(options, "script")};
  const auto& more = option<Texts>(options, "files");
  out.insert(out.end(), more.begin(), more.end());
  for (const std::string& file : out) require_file(file, "file of a Python script");
  return out;
}

}  // namespace

EncoderInfo Python::static_info() {
  EncoderInfo info;
  info.name = "python";
  info.version = "1";
  info.description = "a Python function or class, in a process that stays";
  info.citation = "none of its own: that of whoever wrote the script";
  info.licence = "that of the script";
  info.sample_rate_hz = 44100;
  info.channels = 1;
  info.foreign = true;
  info.options = {
      {.name = "script",
       .default_value = std::string(),
       .description = "path of the script; it runs in its own folder",
       .required = true,
       .is_path = true},
      {.name = "function",
       .default_value = std::string(),
       .description =
           "of the script, or a class: it gets float32 [samples] (or [2, samples], or "
           "frames [T, 128]) and returns [dim], [T, dim] or [layers, T, dim]; empty: the "
           "script calls musicrep.serve()"},
      {.name = "batch",
       .default_value = false,
       .description = "the function gets [B, ...] and returns B arrays"},
      {.name = "arguments", .default_value = Texts{}, .description = "of the script, in sys.argv"},
      {.name = "files",
       .default_value = Texts{},
       .description = "paths of files on which its vectors depend (weights, modules): where one "
                      "changes, they are computed again, as for the script itself",
       .is_path = true}};
  std::ranges::move(python_option_specs(), std::back_inserter(info.options));
  return info;
}

EncoderInfo Python::info_for(const Options& options) {
  EncoderInfo info = static_info();
  files_of(options);
  set_program_info(options, command_of(options), info);
  return info;
}

namespace {

ProgramEncoderArgs program_args(const Options& options) {
  ProgramEncoderArgs out;
  out.info = Python::info_for(options);
  out.command = command_of(options);
  out.settings = program_settings(options);
  out.files = files_of(options);
  const fs::path script = option<std::string>(options, "script");
  out.note = fmt::format("vectors of the script `{}`", script.filename().string());
  return out;
}

}  // namespace

Python::Python(const EncoderArgs& args) : ProgramEncoder(program_args(args.options)) {}

}  // namespace musicrep

MUSICREP_ENCODER(python, musicrep::Python)
