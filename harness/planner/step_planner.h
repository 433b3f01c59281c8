// The steps of a plan that make vectors: trainings and encodings, shared by all who need them.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "planner/loaded_datasets.h"
#include "planner/plan.h"
#include "planner/prepare.h"

namespace musicrep {

/// Makes trainings and encodings of a plan whose data sets are there. All that it is constructed
/// from must outlive it.
class StepPlanner {
 public:
  StepPlanner(Plan& plan, const EncoderRegistry& registry, const PrepareOptions& options,
              const LoadedDatasets& datasets)
      : plan_(plan), registry_(registry), options_(options), datasets_(datasets) {}

  /// How often an encoder is trained: as the experiment says, where it or what gives it its frames
  /// is trained at all; else 1.
  [[nodiscard]] std::size_t n_trainings(const std::string& label) const;

  /// An encoder's step on a data set, with all steps that it depends on. Throws ConfigError or
  /// DataError, naming both.
  EncodeStep& encode(const std::string& label, const std::string& dataset_name,
                     std::size_t seed_index) {
    return encode(label, dataset_name, seed_index, nullptr);
  }
  /// The same of deformed audio; null: of clean audio. Of a deformation that this machine cannot do
  /// the step is refused. Throws ConfigError where the encoder takes no audio.
  EncodeStep& encode(const std::string& label, const std::string& dataset_name,
                     std::size_t seed_index, const Deformation* deformation);

  /// The step that makes the audio of `dataset`; null where it is there.
  const Step* render(const PreparedDataset& dataset);

  [[nodiscard]] bool has_trainings() const { return !trainings_.empty(); }
  [[nodiscard]] const std::vector<std::unique_ptr<EncodeStep>>& encodings() const {
    return encodings_;
  }

  /// Moves renderings, trainings and encodings into the plan's steps, in this order; encodings
  /// whose vectors nobody takes into Plan::not_encoded.
  void finish();

 private:
  [[nodiscard]] Options options_of(const EncoderSpec& spec, const std::string& dataset_name) const;
  [[nodiscard]] std::string seed_text(const std::string& label, std::size_t seed_index) const;
  std::unique_ptr<EncodeStep> make_encoding(const EncoderSpec& spec, const PreparedDataset& dataset,
                                            std::size_t seed_index, const Deformation* deformation);
  const EncodeStep* frames_for(const EncoderSpec& spec, const std::string& dataset_name,
                               std::size_t seed_index, const Deformation* deformation);
  void deform(Encoding& encoding, const Deformation& deformation, bool frames_are_made) const;
  const TrainStep* training_for(const EncoderSpec& spec, const Options& complete,
                                std::size_t seed_index);
  Training make_training(const EncoderSpec& spec, const Options& complete,
                         const PreparedDataset& corpus, std::size_t seed_index);
  void set_key(Encoding& encoding, const EncodingInputs& inputs, bool is_refused,
               const Deformation* deformation);
  const std::string& audio_sha256(const PreparedDataset& dataset);

  Plan& plan_;
  const EncoderRegistry& registry_;
  const PrepareOptions& options_;
  const LoadedDatasets& datasets_;
  std::shared_ptr<VectorSlot> last_vectors_ = std::make_shared<VectorSlot>();
  std::map<const PreparedDataset*, std::unique_ptr<Step>> renderings_;
  std::vector<std::unique_ptr<TrainStep>> trainings_;
  std::vector<std::unique_ptr<EncodeStep>> encodings_;
  std::map<const Dataset*, std::string> ids_sha256_;
  std::map<const PreparedDataset*, std::string> audio_sha256_;
};

}  // namespace musicrep
