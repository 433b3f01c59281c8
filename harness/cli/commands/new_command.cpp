#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/encoder_template.h"
#include "cli/new_experiment.h"
#include "core/did_you_mean.h"
#include "core/files.h"
#include "core/registry_name.h"
#include "musicrep/error.h"

namespace musicrep::cli {
namespace fs = std::filesystem;
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

void check_name(const std::string& name, const EncoderRegistry& registry) {
  if (!is_registry_name(name)) {
    throw ConfigError(fmt::format(
        "'{}' is not a valid encoder name: expected lower case letters, digits and '_', and a letter first",
        name));
  }
  const std::vector<std::string> names = registry.names();
  if (std::ranges::find(names, name) != names.end()) {
    throw ConfigError(fmt::format("the encoder '{}' exists already; choose another name", name));
  }
}

// "probe_me" becomes "ProbeMe".
std::string class_name(const std::string& name) {
  std::string out;
  bool capital = true;
  for (const char c : name) {
    if (c != '_') out += capital && is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
    capital = c == '_';
  }
  return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// The folder appears whole or not at all.
void write_folder(const fs::path& folder, const std::string& name) {
  write_folder_atomically(folder, [&](const fs::path& fresh) {
    for (const TemplateFile& file : encoder_template()) {
      const std::string text = replaced(file.text, "my_encoder", name);
      write_text_atomically(fresh / replaced(file.name, "my_encoder", name),
                            replaced(text, "MyEncoder", class_name(name)));
    }
  });
}

std::string text_of(const po::variables_map& values, const char* option) {
  return values.contains(option) ? values[option].as<std::string>() : "";
}

int new_experiment(const std::string& given_name, const po::variables_map& values) {
  ExperimentSources sources{given_name, text_of(values, "csv"), text_of(values, "audio"),
                            text_of(values, "features"), "."};
  if (sources.csv.empty()) throw ConfigError("'musicrep new experiment' takes --csv FILE");
  if (sources.name.empty()) sources.name = sources.csv.stem().string();
  fs::path file = text_of(values, "out");
  if (file.empty()) file = sources.name + ".toml";
  if (fs::exists(file)) throw DataError(fmt::format("'{}' exists already", file.string()));
  if (file.has_parent_path()) sources.folder = file.parent_path();
  if (!sources.audio.empty() && !fs::is_directory(sources.audio)) {
    throw DataError(fmt::format("--audio: '{}' is not a folder", sources.audio.string()));
  }
  if (!sources.features.empty()) require_file(sources.features, "file of --features");
  write_text_atomically(file, experiment_text(sources));
  fmt::print(
      "{}: an experiment to start from\n  musicrep validate experiment {}\n  musicrep run {}\n",
      file.string(), file.string(), file.string());
  return kOk;
}

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "new";
  line.usage =
      "new encoder NAME [--in FOLDER]\n       musicrep new experiment [NAME] --csv FILE [options]";
  line.summary =
      "Creates the folder of a new encoder: CMakeLists.txt, NAME.h, NAME.cpp and a test. In the\n"
      "tree's encoders/ it is built in with the next build, nothing else is edited; anywhere else it\n"
      "builds a plugin. Or writes an experiment, complete and with comments, from a table of labels\n"
      "and the items' audio or vectors.";
  line.examples =
      "  musicrep new encoder my_net\n  musicrep new encoder my_net --in ~/work\n"
      "  musicrep new experiment --csv labels.csv --audio clips\n"
      "  musicrep new experiment mine --csv labels.csv --features vectors.csv\n";
  line.positional = {"what", "name"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  const std::string what = text_of(values, "what");
  const auto names = values_of(values, "name");
  if (what == "experiment" && names.size() <= 1) {
    return new_experiment(names.empty() ? "" : names.front(), values);
  }
  if (!what.empty() && what != "encoder" && what != "experiment") {
    throw ConfigError(
        unknown_name("thing to make", what, std::vector<std::string>{"encoder", "experiment"}));
  }
  if (what.empty() || names.size() != 1) {
    throw ConfigError("'musicrep new' needs a kind and a name: musicrep new encoder NAME");
  }
  const std::string& name = names.front();
  check_name(name, registry);
  fs::path in = fs::is_directory("encoders") ? "encoders" : ".";
  if (values.contains("in")) in = values["in"].as<std::string>();
  if (!fs::is_directory(in)) {
    throw DataError(fmt::format("--in: '{}' is not a folder", in.string()));
  }
  const fs::path folder = in / name;
  if (fs::exists(folder)) throw DataError(fmt::format("'{}' exists already", folder.string()));
  write_folder(folder, name);
  fmt::print(
      "{}: an encoder to start from\n"
      "  in the tree:  build as always, then: musicrep validate encoder {}\n"
      "  elsewhere:    cmake -S {} -B {}/build && cmake --build {}/build   (needs an installed musicrep)\n",
      folder.string(), name, folder.string(), folder.string(), folder.string());
  return kOk;
}

}  // namespace

extern const Command new_command = {
    .place = 70,
    .name = "new",
    .summary = "create the folder of a new encoder, or an experiment",
    .run = command_main};

}  // namespace musicrep::cli
