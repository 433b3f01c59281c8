#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/encoder_template.h"
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

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "new";
  line.usage = "new encoder NAME [--in FOLDER]";
  line.summary =
      "Creates the folder of a new encoder: CMakeLists.txt, NAME.h, NAME.cpp and a test.\n"
      "In the tree's encoders/ it is built in with the next build, nothing else is edited; anywhere\n"
      "else it builds a plugin.";
  line.examples = "  musicrep new encoder my_net\n  musicrep new encoder my_net --in ~/work\n";
  line.positional = {"what", "name"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("what") || !values.contains("name") ||
      values["name"].as<std::vector<std::string>>().size() != 1) {
    throw ConfigError("'musicrep new' needs a kind and a name: musicrep new encoder NAME");
  }
  if (const auto& what = values["what"].as<std::string>(); what != "encoder") {
    throw ConfigError(unknown_name("thing to make", what, std::vector<std::string>{"encoder"}));
  }
  const std::string name = values["name"].as<std::vector<std::string>>().front();
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

extern const Command new_command = {.place = 70,
                                    .name = "new",
                                    .summary = "create the folder of a new encoder",
                                    .run = command_main};

}  // namespace musicrep::cli
