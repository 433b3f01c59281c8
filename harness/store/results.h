// The results of one run: what is written to results.h5 and read back by report, compare and check.
// results/README.md documents the file, schema version 4. The structs are in store/results, by
// subject.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "store/results/claims.h"
#include "store/results/costs.h"
#include "store/results/dataset_record.h"
#include "store/results/deformed.h"
#include "store/results/diagnoses.h"
#include "store/results/fields.h"
#include "store/results/fingerprint.h"
#include "store/results/retrieval.h"
#include "store/results/scores.h"
#include "store/results/sweeps.h"
#include "store/results/trainings.h"

namespace musicrep {

/// All that one run found.
struct Results {
  static constexpr std::int64_t kSchemaVersion = 4;
  /// Oldest version that is still read; what it does not have is empty (see `musicrep restate`).
  static constexpr std::int64_t kOldestSchemaVersion = 3;

  std::string experiment;
  std::string title;
  std::string experiment_toml;
  std::string experiment_sha256;
  std::int64_t seed = 0;
  std::map<std::string, std::string> provenance;  ///< code version, libraries, compiler, options
  std::vector<DatasetRecord> datasets;
  std::vector<ResultRow> rows;
  std::vector<Comparison> comparisons;
  std::vector<EncoderLetters> letters;
  std::vector<ClaimResult> claims;
  std::vector<Retrieval> retrievals;
  std::vector<Diagnosis> diagnoses;
  std::vector<MeasureSample> measure_samples;  ///< of the measures that claims are about
  std::vector<SweepPoint> sweeps;
  std::vector<Deformed> deformed;
  std::vector<Fingerprint> fingerprints;  ///< one for each encoder, data set and training seed
  std::vector<TrainingCurve> curves;      ///< of the trainings made here, where they are known
  std::vector<Citation> citations;
  std::vector<StepCost> costs;  ///< may differ between two runs that are the same
  /// What may differ between two runs that are the same: times, host, paths, memory.
  std::map<std::string, std::string> volatile_facts;
};

template <Is<Results> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("experiment", v.experiment);
  visit("title", v.title);
  visit("experiment_toml", v.experiment_toml);
  visit("experiment_sha256", v.experiment_sha256);
  visit("seed", v.seed);
  visit("provenance", v.provenance);
  visit("datasets", v.datasets);
  visit("rows", v.rows);
  visit("comparisons", v.comparisons);
  visit("letters", v.letters);
  visit("claims", v.claims);
  visit("retrievals", v.retrievals);
  visit("diagnoses", v.diagnoses);
  visit("measure_samples", v.measure_samples);
  visit("sweeps", v.sweeps);
  visit("deformed", v.deformed);
  visit("fingerprints", v.fingerprints);
  visit("curves", v.curves);
  visit("citations", v.citations);
  visit("costs", v.costs);
  visit("volatile_facts", v.volatile_facts);
}

/// SHA-256 over everything but the volatile facts, costs and training curves: equal for two
/// bit-identical runs. Throws DataError where a text is not UTF-8.
std::string content_digest(const Results& results);

/// Writes results.h5 whole or not at all. Throws DataError with the path and the reason.
void write_results(const Results& results, const std::filesystem::path& path);

/// Throws DataError beginning with `where` and listing all that does not fit together: lists of
/// other lengths than their items, classes, seeds and groups that are not there.
void check_results(const Results& results, const std::string& where);

/// Reads results.h5. Throws DataError, naming the file and the object, where it is truncated, no
/// results file, of a newer schema, or where its content does not agree with its digest.
Results read_results(const std::filesystem::path& path);

}  // namespace musicrep
