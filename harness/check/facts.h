// Compares the data and provenance of two results: code, machine, experiment, data, protocols.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// What a difference means for scores.
enum class Weight {
  kInformation,  ///< code version, title: scores should be the same all the same
  kMachine,      ///< processor, libraries: bits may differ, scores hardly
  kDecides,      ///< seed, data, protocol, evaluation: scores do not compare
};

struct FactDifference {
  std::string
      subject;       ///< "code", "machine", "experiment", "data set 'genres'", "protocol 'nested'"
  std::string name;  ///< "commit", "seed", "manifest_sha256"
  std::string was;   ///< of `a`, the reference
  std::string is;    ///< of `b`, the run
  Weight weight = Weight::kInformation;
};

/// Every difference, in that order of subjects. Encoders are compared by their fingerprints
/// (drift.h).
std::vector<FactDifference> fact_differences(const Results& a, const Results& b);

/// Differences that decide and concern every row: master seed, scoring code, solver, a limit.
std::vector<FactDifference> deciding_for_all(const Results& a, const Results& b);
/// Those of one data set (manifest, audio) or of the protocol of two rows.
std::vector<FactDifference> differences_of_dataset(const Results& a, const Results& b,
                                                   std::string_view dataset);
std::vector<FactDifference> differences_of_protocol(const ResultRow& a, const ResultRow& b);

/// Whether both ran on the same processor with the same libraries, compiled alike.
bool same_machine(const Results& a, const Results& b);

/// "seed: 2, was 1"; hashes shortened.
std::string fact_text(const FactDifference& difference);

}  // namespace musicrep
