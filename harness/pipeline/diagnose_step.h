// Diagnoses of a run: how variable the layers of encoders are over time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/encoding.h"
#include "pipeline/prepare.h"
#include "pipeline/run.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// The key of a diagnosis, and the JSON that it is the hash of: all that its encoding's key has
/// (weights, options, frames), and which clips were taken.
std::string diagnosis_key_json(const Plan& plan, const DiagnoseStep& step);

/// The measures of the layers of one encoder on one data set, and what each clip adds to them:
/// samples[k] belongs to diagnoses[k].
struct DiagnosedLayers {
  std::vector<Diagnosis> diagnoses;
  std::vector<MeasureSample> samples;
};

/// Of one training seed, as `store` holds it.
std::optional<DiagnosedLayers> stored_diagnosis(const Plan& plan, const DiagnoseStep& step,
                                                const ArtefactStore& store);

/// Traces the step's clips through `encoder` and measures each layer. Memory: the states of all
/// clips after all layers. A clip that cannot be traced is left out where the plan skips such;
/// otherwise, and where none is left, DataError lists them all. The bits do not depend on `jobs`.
DiagnosedLayers diagnose(const Plan& plan, const DiagnoseStep& step, Encoder& encoder,
                         const ItemFrames* frames, std::size_t jobs,
                         const std::function<void(std::size_t, std::size_t)>& told);

/// One diagnosis of those of several training seeds, in the same order each: means with 95 %
/// intervals over clips and trainings (NaN where the clips say nothing of a measure, or the
/// trainings are on other clips).
DiagnosedLayers merge_seeds(std::span<const DiagnosedLayers> seeds);

/// The samples of the measures that `claims` are about.
std::vector<MeasureSample> claimed(std::vector<MeasureSample> samples,
                                   std::span<const ClaimSpec> claims);

/// What a diagnosis needs of the run that it is part of.
struct DiagnosisSources {
  std::function<std::shared_ptr<Encoder>(const EncodeStep&)> encoder;  ///< ready to trace
  /// VGGish frames that were made of a data set's audio; null where the step takes none.
  std::function<std::shared_ptr<const ItemFrames>(const EncodeStep&)> frames;
};

/// The diagnosis of one training seed, from the store where that holds it.
DiagnosedLayers run_diagnosis(const Plan& plan, const DiagnoseStep& step,
                              const DiagnosisSources& sources, const ArtefactStore& store,
                              const RunOptions& options, RunProgress& progress);

/// Runs every diagnosis of the plan that `store` does not hold.
DiagnosedLayers run_diagnoses(const Plan& plan, const DiagnosisSources& sources,
                              const ArtefactStore& store, const RunOptions& options,
                              RunProgress& progress);

}  // namespace musicrep
