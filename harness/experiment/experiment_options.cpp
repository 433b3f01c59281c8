// What is asked of an experiment that was read: its encoders, and options with their paths.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "experiment/experiment.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

std::string text_option(const EncoderSpec& spec, const std::string& name) {
  const auto at = spec.options.find(name);
  const auto* text = at == spec.options.end() ? nullptr : std::get_if<std::string>(&at->second);
  return text == nullptr ? "" : *text;
}

}  // namespace

void add_command(Experiment& experiment, const std::string& label, const std::string& command,
                 const std::filesystem::path& folder) {
  if (is_encoder(experiment, label)) {
    throw ConfigError(
        fmt::format("--exec: '{}' has an encoder '{}' already", experiment.file.string(), label));
  }
  Options options = {{"command", command}};
  const bool is_stream =
      command.find("{in}") == std::string::npos && command.find("{out}") == std::string::npos;
  if (is_stream) options["protocol"] = std::string("stream");
  experiment.encoders.push_back({label, "command", std::move(options), folder});
  for (EvaluationSpec& evaluation : experiment.evaluations) evaluation.encoders.push_back(label);
}

const EncoderSpec& encoder_spec(const Experiment& experiment, const std::string& label) {
  return *std::ranges::find(experiment.encoders, label, &EncoderSpec::label);
}

bool is_encoder(const Experiment& experiment, const std::string& label) {
  return std::ranges::find(experiment.encoders, label, &EncoderSpec::label) !=
         experiment.encoders.end();
}

std::string trained_on(const EncoderSpec& spec) { return text_option(spec, "train_on"); }

std::string frames_from(const EncoderSpec& spec) { return text_option(spec, "frames_from"); }

std::string expand(const std::string& text, const std::string& dataset_name,
                   const std::optional<std::filesystem::path>& data_dir) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text.compare(at, 9, "{dataset}") == 0 && !dataset_name.empty()) {
      out += dataset_name;
      at += 9;
    } else if (text.compare(at, 2, "${") == 0) {
      const std::size_t end = text.find('}', at);
      if (end == std::string::npos) {
        throw ConfigError(fmt::format("'{}': a ${{ without its }}", text));
      }
      const std::string name = text.substr(at + 2, end - at - 2);
      if (name == "MUSICREP_DATA" && data_dir) {
        out += data_dir->string();
      } else if (const char* value = std::getenv(name.c_str()); value != nullptr && *value != 0) {
        // As --data: from the working folder, not from that of the experiment file.
        out += name == "MUSICREP_DATA" ? std::filesystem::absolute(value).string() : value;
      } else {
        throw ConfigError(fmt::format(
            "'{}': the environment variable {} is not set{}", text, name,
            name == "MUSICREP_DATA" ? "; set it to the folder of your data, or give --data" : ""));
      }
      at = end + 1;
    } else {
      out += text[at++];
    }
  }
  return out;
}

Options resolve_options(const Options& options, std::span<const OptionSpec> specs,
                        const std::string& dataset, const std::filesystem::path& base,
                        const std::optional<std::filesystem::path>& data_dir) {
  std::set<std::string> paths;
  for (const OptionSpec& spec : specs) {
    if (spec.is_path) paths.insert(spec.name);
  }
  const auto resolve_text = [&](const std::string& key, const std::string& text) {
    std::string out = expand(text, dataset, data_dir);
    if (paths.contains(key) && !out.empty() && !std::filesystem::path(out).is_absolute()) {
      out = (base / out).string();
    }
    return out;
  };
  Options out;
  for (const auto& [key, value] : options) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      out[key] = resolve_text(key, *text);
    } else if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
      std::vector<std::string> texts;
      for (const std::string& entry : *list) texts.push_back(resolve_text(key, entry));
      out[key] = std::move(texts);
    } else {
      out[key] = value;
    }
  }
  return out;
}

}  // namespace musicrep
