// Diagnoses: how variable the layers of encoders are over time.
#pragma once

#include <cstddef>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "graph/step.h"
#include "statistics/claims.h"
#include "steps/encode_step.h"
#include "steps/results_part.h"
#include "steps/run_settings.h"

namespace musicrep {

inline constexpr const char* kDiagnoseStep = "diagnose";

/// The measures of the layers of one encoder on one data set, and what each clip adds to them:
/// samples[k] belongs to diagnoses[k].
struct DiagnosedLayers {
  std::vector<Diagnosis> diagnoses;
  std::vector<MeasureSample> samples;
};

/// As the store holds them. Throws DataError where their numbers differ.
void to_json(nlohmann::json& json, const DiagnosedLayers& layers);
void from_json(const nlohmann::json& json, DiagnosedLayers& layers);

/// One diagnosis of those of several training seeds, in the same order each: means with 95 %
/// intervals over clips and trainings (NaN where the clips say nothing of a measure, or the
/// trainings are on other clips).
DiagnosedLayers merge_seeds(std::span<const DiagnosedLayers> seeds);

/// The samples of the measures that `claims` are about.
std::vector<MeasureSample> claimed(std::vector<MeasureSample> samples,
                                   std::span<const ClaimSpec> claims);

/// The canonical JSON of a diagnosis's key: all that its encoding's key has (weights, options,
/// frames), and which clips were taken.
std::string diagnosis_key_json(const RunSettings& settings, const Encoding& encoding,
                               std::span<const std::size_t> items);

/// The layers of one training of an encoder on some clips.
class DiagnoseStep final : public Step {
 public:
  /// `items`: places in the data set of `from`.
  DiagnoseStep(const EncodeStep& from, std::vector<std::size_t> items, const RunSettings& settings);

  [[nodiscard]] const EncodeStep& from() const { return from_; }
  [[nodiscard]] bool is_stored(const ArtefactStore& store) const override;
  StepOutcome run(const StepContext& context) const override;
  /// As it is stored after run().
  [[nodiscard]] DiagnosedLayers layers(const ArtefactStore& store) const;

 private:
  [[nodiscard]] DiagnosedLayers diagnose(const StepContext& context, CostMeter& meter) const;

  const EncodeStep& from_;
  std::vector<std::size_t> items_;
  const RunSettings& settings_;
};

/// The diagnoses of all training seeds, with the samples of the measures that `claims` are about.
class DiagnosisPart final : public ResultsPart {
 public:
  DiagnosisPart(std::vector<const DiagnoseStep*> seeds, std::span<const ClaimSpec> claims)
      : seeds_(std::move(seeds)), claims_(claims) {}
  void add_to(Results& results, const FinishedRun& run) const override;

 private:
  std::vector<const DiagnoseStep*> seeds_;
  std::span<const ClaimSpec> claims_;
};

}  // namespace musicrep
