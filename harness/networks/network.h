// Encoders that need LibTorch. It takes 0.4 s to load, which most of what the program does need not
// wait for: what needs it is in a shared object beside the program, loaded when it is first used.
#pragma once

#include <concepts>
#include <string>

#include "musicrep/registry.h"

namespace musicrep {

/// Those of the shared object, which the first call loads. Throws ConfigError where it is missing
/// or of another build. Safe from several threads at once.
const EncoderRegistry& networks();

/// Adds what is known of `Class` without LibTorch (static_info, check_corpus, info_for,
/// interfaces); the rest asks networks().
template <typename Class>
void add_network(EncoderRegistry& registry) {
  const EncoderInfo info = Class::static_info();
  const std::string name = info.name;
  EncoderAbilities abilities;
  if constexpr (requires { &Class::fit; }) {
    abilities.check_corpus = &Class::check_corpus;
    abilities.fit = [name](const TrainingCorpus& corpus, const FitArgs& args) {
      networks().abilities(name).fit(corpus, args);
    };
  }
  if constexpr (requires { &Class::import_weights; }) {
    abilities.import_weights = [name](const std::string& from, const std::string& to) {
      networks().abilities(name).import_weights(from, to);
    };
  }
  if constexpr (requires { &Class::info_for; }) abilities.info_for = &Class::info_for;
  abilities.traces_layers = std::derived_from<Class, LayerTracer>;
  registry.add(
      info, [name](const EncoderArgs& args) { return networks().create(name, args); },
      std::move(abilities));
}

}  // namespace musicrep

/// Stands once among the INFO sources of musicrep_add_network(name ...), as MUSICREP_ENCODER does
/// for other encoders.
#define MUSICREP_NETWORK_INFO(name, Class)                             \
  void musicrep_register_##name(musicrep::EncoderRegistry& registry);  \
  void musicrep_register_##name(musicrep::EncoderRegistry& registry) { \
    musicrep::add_network<Class>(registry);                            \
  }

/// Stands once among its other sources.
#define MUSICREP_NETWORK(name, Class) MUSICREP_ENCODER(network_##name, Class)
