// The list of encoders: passed around, never global.
#pragma once

#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "musicrep/abi.h"
#include "musicrep/encoder.h"
#include "musicrep/trainable.h"

namespace musicrep {

/// What an encoder can do beside encoding; a function that is empty: it cannot.
struct EncoderAbilities {
  /// Throws DataError or ConfigError where the corpus lacks what training with these options needs.
  /// Looks at labels alone: called before anything long begins.
  std::function<void(const TrainingCorpus&, const Options&)> check_corpus;
  /// Trains, and writes FitArgs::weights_path. Called from several threads at the same time.
  std::function<void(const TrainingCorpus&, const FitArgs&)> fit;
  /// Reads published weights (first path) and writes the project's file (second path). Throws
  /// DataError that lists every tensor that is missing, unknown or of another shape.
  std::function<void(const std::string&, const std::string&)> import_weights;
  /// Where the options decide what it takes (input, rate, channels, hop): static_info() with what
  /// these complete options make of it. Throws ConfigError or DataError.
  std::function<EncoderInfo(const Options&)> info_for;
  bool traces_layers = false;  ///< it is a LayerTracer
};

/// The abilities that Class has: static functions of those names, and its interfaces.
template <typename Class>
EncoderAbilities abilities_of() {
  EncoderAbilities abilities;
  if constexpr (requires { &Class::fit; }) {
    abilities.check_corpus = &Class::check_corpus;
    abilities.fit = &Class::fit;
  }
  if constexpr (requires { &Class::import_weights; }) {
    abilities.import_weights = &Class::import_weights;
  }
  if constexpr (requires { &Class::info_for; }) {
    abilities.info_for = &Class::info_for;
  }
  abilities.traces_layers = std::derived_from<Class, LayerTracer>;
  return abilities;
}

/// Encoders by name.
class EncoderRegistry {
 public:
  using Factory = std::function<std::unique_ptr<Encoder>(const EncoderArgs&)>;

  /// Adds an encoder under info.name. Throws ConfigError where the name is taken or not of the form
  /// [a-z][a-z0-9_]*, or where version, description or citation is empty.
  void add(const EncoderInfo& info, Factory factory, EncoderAbilities abilities = {});

  /// Puts another maker in the place of the one under info.name, which must be there.
  void replace(const EncoderInfo& info, Factory factory, EncoderAbilities abilities);

  /// Throws ConfigError with the nearest known name and the list where `name` is unknown.
  [[nodiscard]] const EncoderInfo& info(const std::string& name) const;
  /// What is known of an encoder with these options (which may leave some out): info(name), unless
  /// its options decide it. Throws as complete_options() and EncoderAbilities::info_for do.
  [[nodiscard]] EncoderInfo info_for(const std::string& name, const Options& options) const;
  [[nodiscard]] const EncoderAbilities& abilities(const std::string& name) const;

  /// Constructs the encoder. `args.options` may leave options out; the constructor sees them all.
  /// Throws ConfigError on an unknown option (naming the nearest), a wrong type or a missing
  /// required option.
  [[nodiscard]] std::unique_ptr<Encoder> create(const std::string& name, EncoderArgs args) const;

  /// Checks `options` as create() does, without constructing; returns them with defaults filled in.
  [[nodiscard]] Options complete_options(const std::string& name, const Options& options) const;

  /// Names in alphabetical order.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  struct Entry {
    EncoderInfo info;
    Factory factory;
    EncoderAbilities abilities;
  };
  [[nodiscard]] const Entry& entry(const std::string& name) const;
  std::map<std::string, Entry> entries_;
};

/// Adds every encoder that was built in. CMake writes its body from the encoders' folders.
void register_builtin_encoders(EncoderRegistry& registry);

}  // namespace musicrep

/// Stands once in an encoder's source. `Class` has `static EncoderInfo static_info()` and a
/// constructor from `const EncoderArgs&`, and may have the static functions of EncoderAbilities
/// (fit and check_corpus go together); `name` is the folder's name in musicrep_add_encoder(). The
/// same line makes a shared object of a source that is compiled with MUSICREP_PLUGIN, which
/// musicrep_add_encoder(name MODULE ...) does.
#ifdef MUSICREP_PLUGIN
#define MUSICREP_ENCODER(name, Class)                                                             \
  extern "C" __attribute__((visibility("default"))) const char* musicrep_plugin_stamp() {         \
    return musicrep::abi_stamp();                                                                 \
  }                                                                                               \
  extern "C" __attribute__((visibility("default"))) void musicrep_plugin_encoder(                 \
      musicrep::PluginEncoder* encoder) {                                                         \
    encoder->info = Class::static_info();                                                         \
    encoder->info_for = musicrep::abilities_of<Class>().info_for;                                 \
    encoder->make = [](const musicrep::EncoderArgs& args) -> std::unique_ptr<musicrep::Encoder> { \
      return std::make_unique<Class>(args);                                                       \
    };                                                                                            \
  }
#else
#define MUSICREP_ENCODER(name, Class)                                                 \
  void musicrep_register_##name(musicrep::EncoderRegistry& registry);                 \
  void musicrep_register_##name(musicrep::EncoderRegistry& registry) {                \
    registry.add(                                                                     \
        Class::static_info(),                                                         \
        [](const musicrep::EncoderArgs& args) -> std::unique_ptr<musicrep::Encoder> { \
          return std::make_unique<Class>(args);                                       \
        },                                                                            \
        musicrep::abilities_of<Class>());                                             \
  }
#endif
