// Deformations of audio: what a recording meets before it is encoded, such as noise or a codec.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audio/pcm.h"
#include "musicrep/options.h"

namespace musicrep {

/// One kind, in a file of its own under deform/kinds.
struct DeformationKind {
  std::string_view name;  ///< "white_noise", as experiments have it
  std::string_view description;
  int version = 1;  ///< bumped with every change that moves a sample
  std::vector<OptionSpec> options = {};
  std::string (*text)(const Options& options) = nullptr;  ///< "white noise, 20 dB SNR"
  /// The bits depend on signal, options and seed alone. Throws DataError where the signal does not
  /// allow it: what was found, what was expected.
  Pcm (*apply)(Pcm pcm, const Options& options, std::uint64_t seed) = nullptr;
  /// Throws ConfigError where options do not go together, or the program is built without what the
  /// kind needs. May be null.
  void (*check)(const Options& options) = nullptr;
  /// Why this machine cannot do it; empty: it can. May be null.
  std::string (*lacks)() = nullptr;
  /// The library that makes the samples and its version, for keys. May be null: none does.
  std::string (*library)() = nullptr;
};

/// A kind with its options, complete and checked.
class Deformation {
 public:
  /// `options` with "kind". Throws ConfigError as `where: ...`.
  Deformation(const std::string& where, Options options);

  /// For people, and the name in results: two of an experiment differ in it.
  [[nodiscard]] std::string text() const;
  /// All that can change its output but signal and seed: kind, version, options, library.
  [[nodiscard]] nlohmann::json key() const;
  [[nodiscard]] std::string lacks() const;

  /// The deformed signal of the item `id`, at the same rate and with as many channels. Random
  /// numbers follow from the master seed, kind and id: an item meets the same noise at every level.
  /// Throws DataError where nothing would be left: no samples, silence, a value that is not finite.
  [[nodiscard]] Pcm apply(Pcm pcm, std::uint64_t master_seed, const std::string& id) const;

 private:
  const DeformationKind* kind_;
  Options options_;
};

/// Those of kinds/, in the order of their files; CMake writes the list.
const std::vector<const DeformationKind*>& all_deformation_kinds();

}  // namespace musicrep
