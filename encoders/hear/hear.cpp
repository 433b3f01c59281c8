#include "hear.h"

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

std::string hear_program();  // the text of hear.py, written by CMake

namespace fs = std::filesystem;
namespace {

using Texts = std::vector<std::string>;

bool is_module_name(const std::string& name) {
  return !name.empty() && name.front() != '.' && std::ranges::all_of(name, [](char c) {
    return c == '.' || c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
  });
}

StreamCommand command_of(const Options& options) {
  const auto& folder = option<std::string>(options, "module_folder");
  PythonScript script{.path = "{program}/hear.py",
                      .function = "",
                      .batch = false,
                      .arguments = {option<std::string>(options, "module"),
                                    option<std::string>(options, "embeddings")},
                      .folder = "",
                      .module_path = folder.empty() ? "" : fs::absolute(folder).string()};
  const auto& weights = option<std::string>(options, "weights");
  if (!weights.empty()) script.arguments.push_back(fs::absolute(weights).string());
  StreamCommand out = python_command(options, script);
  out.files.emplace_back("hear.py", hear_program());
  return out;
}

// The weights, and the sources of a module that is not installed but in module_folder.
Texts files_of(const Options& options) {
  Texts out = option<Texts>(options, "files");
  if (const auto& weights = option<std::string>(options, "weights"); !weights.empty()) {
    out.push_back(weights);
  }
  for (const std::string& file : out) require_file(file, "file of a HEAR module");
  const auto& folder = option<std::string>(options, "module_folder");
  if (folder.empty()) return out;
  if (!fs::is_directory(folder)) {
    throw ConfigError(fmt::format("module_folder: '{}' is not a folder", folder));
  }
  const auto& module = option<std::string>(options, "module");
  const fs::path top = fs::path(folder) / module.substr(0, module.find('.'));
  Texts sources;
  if (fs::is_directory(top)) {
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      if (entry.path().extension() == ".py") sources.push_back(entry.path().string());
    }
  }
  if (fs::is_regular_file(top.string() + ".py")) sources.push_back(top.string() + ".py");
  std::ranges::sort(sources);
  out.insert(out.end(), sources.begin(), sources.end());
  return out;
}

}  // namespace

EncoderInfo Hear::static_info() {
  EncoderInfo info;
  info.name = "hear";
  info.version = "1";
  info.description = "a Python module of the HEAR 2021 API, unchanged";
  info.citation =
      "the module's own; the API: J. Turian et al., 'HEAR: Holistic Evaluation of Audio "
      "Representations', NeurIPS 2021 Competitions and Demonstrations Track";
  info.licence = "that of the module and its weights";
  info.sample_rate_hz = 44100;
  info.channels = 1;
  info.foreign = true;
  info.options = {
      {.name = "module",
       .default_value = std::string(),
       .description = "name of the module, as Python imports it: \"hearbaseline.naive\"",
       .required = true},
      {.name = "weights",
       .default_value = std::string(),
       .description = "path of the file that load_model() is given; empty: it is given none",
       .is_path = true},
      {.name = "embeddings",
       .default_value = std::string("scene"),
       .description = "\"scene\" (one vector a clip) or \"timestamp\" (frames)",
       .one_of = {"scene", "timestamp"}},
      {.name = "module_folder",
       .default_value = std::string(),
       .description = "folder in which the module is looked up first, whose sources are then part "
                      "of the key; empty: it is installed",
       .is_path = true},
      {.name = "files",
       .default_value = Texts{},
       .description = "paths of more files on which its vectors depend",
       .is_path = true}};
  std::ranges::move(python_option_specs(), std::back_inserter(info.options));
  std::erase_if(info.options, [](const OptionSpec& spec) {
    return spec.name == "channels" || spec.name == "input";  // the API is of mono audio
  });
  info.bibtex = R"(% known by: holistic evaluation of audio representations
@inproceedings{turian2022hear,
  title = {{HEAR}: Holistic Evaluation of Audio Representations},
  author = {Turian, Joseph and Shier, Jordie and Khan, Humair Raj and Raj, Bhiksha and Schuller, Bj{\"o}rn W. and
    Steinmetz, Christian J. and Malloy, Colin and Tzanetakis, George and Velarde, Gissel and McNally, Kirk and others},
  booktitle = {Proceedings of the NeurIPS 2021 Competitions and Demonstrations Track},
  series = {Proceedings of Machine Learning Research},
  volume = {176},
  pages = {125--145},
  year = {2022}
}
)";
  return info;
}

namespace {

// With those that program_settings() and set_program_info() ask for and that the API decides.
Options complete(Options options) {
  if (!is_module_name(option<std::string>(options, "module"))) {
    throw ConfigError(fmt::format("module: found '{}', expected a name such as hearbaseline.naive",
                                  option<std::string>(options, "module")));
  }
  options["input"] = std::string("audio");
  options["channels"] = std::int64_t{1};
  return options;
}

}  // namespace

EncoderInfo Hear::info_for(const Options& options) {
  const Options all = complete(options);
  EncoderInfo info = static_info();
  files_of(all);
  set_program_info(all, command_of(all), info);
  return info;
}

namespace {

ProgramEncoderArgs program_args(const Options& given) {
  const Options options = complete(given);
  ProgramEncoderArgs out;
  out.info = Hear::info_for(given);
  out.command = command_of(options);
  out.settings = program_settings(options);
  out.files = files_of(options);
  out.note =
      fmt::format("{} embeddings of the module `{}`", option<std::string>(options, "embeddings"),
                  option<std::string>(options, "module"));
  out.note_without_files =
      "the module is installed and `files` is empty: stored vectors are taken even where it has "
      "changed";
  return out;
}

}  // namespace

Hear::Hear(const EncoderArgs& args) : ProgramEncoder(program_args(args.options)) {}

}  // namespace musicrep

MUSICREP_ENCODER(hear, musicrep::Hear)
