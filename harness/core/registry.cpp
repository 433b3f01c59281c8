#include "musicrep/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/did_you_mean.h"
#include "core/options.h"
#include "core/registry_name.h"
#include "musicrep/error.h"

namespace musicrep {

bool is_registry_name(const std::string& name) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return !name.empty() && lower(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
    return lower(c) || (c >= '0' && c <= '9') || c == '_';
  });
}

void EncoderRegistry::add(const EncoderInfo& info, Factory factory, EncoderAbilities abilities) {
  if (!is_registry_name(info.name)) {
    throw ConfigError(fmt::format(
        "encoder '{}': a name is lower case letters, digits and '_', and begins with a letter",
        info.name));
  }
  if (info.version.empty() || info.description.empty() || info.citation.empty()) {
    throw ConfigError(
        fmt::format("encoder '{}': version, description and citation must be given", info.name));
  }
  if (!entries_.try_emplace(info.name, Entry{info, std::move(factory), std::move(abilities)})
           .second) {
    throw ConfigError(fmt::format("encoder '{}' is registered already", info.name));
  }
}

void EncoderRegistry::replace(const EncoderInfo& info, Factory factory,
                              EncoderAbilities abilities) {
  assert(entries_.contains(info.name));
  entries_[info.name] = {info, std::move(factory), std::move(abilities)};
}

const EncoderRegistry::Entry& EncoderRegistry::entry(const std::string& name) const {
  const auto it = entries_.find(name);
  if (it == entries_.end()) throw ConfigError(unknown_name("encoder", name, names()));
  return it->second;
}

const EncoderInfo& EncoderRegistry::info(const std::string& name) const { return entry(name).info; }

EncoderInfo EncoderRegistry::info_for(const std::string& name, const Options& options) const {
  const Entry& known = entry(name);
  if (!known.abilities.info_for) return known.info;
  return known.abilities.info_for(complete_options(name, options));
}

const EncoderAbilities& EncoderRegistry::abilities(const std::string& name) const {
  return entry(name).abilities;
}

Options EncoderRegistry::complete_options(const std::string& name, const Options& options) const {
  return musicrep::complete_options(fmt::format("encoder '{}'", name), info(name).options, options);
}

std::unique_ptr<Encoder> EncoderRegistry::create(const std::string& name, EncoderArgs args) const {
  args.options = complete_options(name, args.options);
  return entry(name).factory(args);
}

std::vector<std::string> EncoderRegistry::names() const {
  std::vector<std::string> out;
  for (const auto& [name, entry] : entries_) out.push_back(name);
  return out;
}

}  // namespace musicrep
