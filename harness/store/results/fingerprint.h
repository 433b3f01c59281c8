// What encoders make of fixed signals.
// A list of fields follows each struct (results/fields.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/results/fields.h"

namespace musicrep {

/// One thing that every encoder promises, as it was found (harness/contract).
struct ContractLine {
  std::string check;    ///< "silence", "batch of 1 and of N", ...
  std::string verdict;  ///< "holds", "declared", "broken" or "does not apply"
  std::string seen;
};

template <Is<ContractLine> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("check", v.check);
  visit("verdict", v.verdict);
  visit("seen", v.seen);
}

/// What one encoder makes of fixed signals: whether its vectors moved can be seen, and how far,
/// without its data.
struct Fingerprint {
  std::string encoder;    ///< label in the experiment
  std::string dataset;    ///< of the encoding that it belongs to
  std::int64_t seed = 0;  ///< place of the training seed
  /// Canonical JSON of all that is declared to change the encoder's vectors: its kind, version and
  /// options, its weights' hash or its training's key, the master seed.
  std::string declared;
  std::string none;             ///< why there is no fingerprint; empty: there is one
  std::string signals;          ///< which signals, of which version of them
  std::int64_t batch_size = 1;  ///< signals that a vector depends on, as the encoder declares
  std::string sha256;           ///< of all output bits, of all signals in one call
  std::int64_t dim = 0;         ///< width of its vectors
  /// Of the vectors pooled over time, signal after signal: their mean, their norm, then random
  /// projections (sums with fixed random signs).
  std::vector<double> summary;
  /// How far the vectors are from those of each signal alone, as a share of their norm; 0 where
  /// they are the same bits, or depend on their batch by declaration.
  double batch_drift = 0;
  std::vector<ContractLine> contract;  ///< what it promises, tried; empty: it was not
};

template <Is<Fingerprint> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("encoder", v.encoder);
  visit("dataset", v.dataset);
  visit("seed", v.seed);
  visit("declared", v.declared);
  visit("none", v.none);
  visit("signals", v.signals);
  visit("batch_size", v.batch_size);
  visit("sha256", v.sha256);
  visit("dim", v.dim);
  visit("summary", v.summary);
  visit("batch_drift", v.batch_drift);
  visit("contract", v.contract);
}

}  // namespace musicrep
