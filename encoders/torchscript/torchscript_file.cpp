#include "torchscript_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/did_you_mean.h"
#include "core/json.h"
#include "formats/zip_file.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr std::uint64_t kMostText = 1 << 20;
const std::vector<std::string> kKeys = {
    "input", "preset", "sample_rate_hz", "channels", "window_s", "hop_s",
    "dim",   "torch",  "description",    "citation", "licence",  "output"};

// The entry of that name in the archive's one folder, or empty.
std::string entry_of(const ZipFile& zip, const std::string& name) {
  const auto& names = zip.names();
  const auto at = std::ranges::find_if(names, [&](const std::string& full) {
    const auto slash = full.find('/');
    return slash != std::string::npos && full.substr(slash + 1) == name;
  });
  return at == names.end() ? "" : *at;
}

void read_metadata(const std::string& text, const std::string& path, TorchscriptFacts& facts) {
  Problems problems;
  const nlohmann::json json = parse_bounded_json(text);
  if (!json.is_object()) {
    throw DataError(fmt::format("'{}': its musicrep.json is no JSON object", path));
  }
  const auto wrong = [&](const std::string& key, const char* expected) {
    problems.add(fmt::format("{}: found {}, expected {}", key, json[key].dump(), expected));
  };
  const auto number = [&](const std::string& key, std::optional<double>& to) {
    if (!json.contains(key)) return;
    json[key].is_number() ? to = json[key].get<double>() : (wrong(key, "a number"), to);
  };
  const auto whole = [&](const std::string& key, std::optional<std::int64_t>& to) {
    if (!json.contains(key)) return;
    json[key].is_number_integer() ? to = json[key].get<std::int64_t>()
                                  : (wrong(key, "a whole number"), to);
  };
  const auto words = [&](const std::string& key) -> std::optional<std::string> {
    if (!json.contains(key)) return std::nullopt;
    if (json[key].is_string()) return json[key].get<std::string>();
    wrong(key, "a text");
    return std::nullopt;
  };
  for (const auto& [key, value] : json.items()) {
    if (std::ranges::find(kKeys, key) == kKeys.end()) {
      problems.add(unknown_name("key", key, kKeys));
    }
  }
  facts.input = words("input");
  facts.preset = words("preset");
  facts.output = words("output");
  number("sample_rate_hz", facts.sample_rate_hz);
  whole("channels", facts.channels);
  number("window_s", facts.window_s);
  number("hop_s", facts.hop_s);
  whole("dim", facts.dim);
  facts.torch = words("torch").value_or("");
  facts.description = words("description").value_or("");
  facts.citation = words("citation").value_or("");
  facts.licence = words("licence").value_or("");
  problems.throw_if_any(fmt::format("'{}', its musicrep.json:", path));
}

}  // namespace

TorchscriptFacts read_torchscript_facts(const std::string& path) {
  const ZipFile zip(path, "TorchScript file (torch.jit.save)");
  const bool has_code = std::ranges::any_of(zip.names(), [](const std::string& name) {
    return name.find("/code/") != std::string::npos;
  });
  if (!has_code || entry_of(zip, "constants.pkl").empty()) {
    throw DataError(
        fmt::format("'{}': found an archive without code, expected a TorchScript file: "
                    "torch.jit.save(torch.jit.script(model), path), not torch.save",
                    path));
  }
  TorchscriptFacts facts;
  for (const char* name : {"version", ".data/version"}) {
    const std::string entry = entry_of(zip, name);
    if (entry.empty()) continue;
    facts.format_version = zip.read(entry, name, kMostText);
    while (!facts.format_version.empty() && facts.format_version.back() <= ' ') {
      facts.format_version.pop_back();
    }
    break;
  }
  if (const std::string entry = entry_of(zip, "extra/musicrep.json"); !entry.empty()) {
    read_metadata(zip.read(entry, "extra/musicrep.json", kMostText), path, facts);
  }
  return facts;
}

}  // namespace musicrep
