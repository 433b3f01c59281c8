// The steps of a plan that make vectors: trainings and encodings, shared by all who need them.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "pipeline/prepare.h"

namespace musicrep {

/// Adds trainings and encodings to a plan whose data sets are there.
class StepPlanner {
 public:
  /// `full`: the plan's data sets in the same order, before any limit; null where they are whole.
  /// All must outlive this.
  StepPlanner(Plan& plan, const EncoderRegistry& registry, const PrepareOptions& options,
              std::span<const std::unique_ptr<Dataset>> full);

  /// How often an encoder is trained: as the experiment says, where it or what gives it its frames
  /// is trained at all; else 1.
  [[nodiscard]] std::size_t n_trainings(const std::string& label) const;

  /// Place in Plan::encodes of an encoder's step on a data set, with all that it stands on. Throws
  /// ConfigError or DataError, naming both.
  std::size_t encode_step(const std::string& label, const std::string& dataset_name,
                          std::size_t seed_index);

 private:
  [[nodiscard]] Options options_of(const EncoderSpec& spec, const std::string& dataset_name) const;
  std::size_t frames_step(const EncoderSpec& spec, const std::string& dataset_name,
                          std::size_t seed_index);
  std::size_t fit_step(const EncoderSpec& spec, const Options& complete, std::size_t seed_index);
  void set_key(EncodeStep& step) const;
  // Or full_.size().
  [[nodiscard]] std::size_t place_of(const std::string& dataset) const;
  [[nodiscard]] const Dataset& full(std::size_t place) const {
    return full_[place] ? *full_[place] : *plan_.datasets[place];
  }
  [[nodiscard]] std::string audio_hash(const Dataset& dataset) const;

  Plan& plan_;
  const EncoderRegistry& registry_;
  const PrepareOptions& options_;
  std::span<const std::unique_ptr<Dataset>> full_;
  mutable std::map<const Dataset*, std::string> ids_sha256_;
  mutable std::map<const Dataset*, std::string> audio_sha256_;
};

}  // namespace musicrep
