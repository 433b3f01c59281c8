// How much the frames of a clip differ after a layer, and how attention blurs them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "musicrep/encoder.h"

namespace musicrep {

/// The version of the measures: part of a diagnosis' key. Bumped with every change that moves one.
inline constexpr int kDiagnosisVersion = 1;

/// What is known of a measure without taking it.
struct MeasureInfo {
  const char* name;     ///< as results have it, [a-z0-9_]
  const char* heading;  ///< of a column
  const char* meaning;  ///< a sentence
  bool of_attention = false;
};

/// All measures in the order of tables.
std::span<const MeasureInfo> measure_infos();

/// One number of one layer.
struct Measure {
  std::string name;
  double value = 0;         ///< NaN where no clip gives it
  std::size_t n_clips = 0;  ///< clips that it is computed from
  /// [clips] what each clip adds to the value (LinearStatistic), of mean 0; empty where the value
  /// is no mean over clips (pairs of different clips).
  std::vector<double> influence = {};
};

/// The measures of one layer over clips [T_i, d], T_i >= 1; those of attention where there is any.
/// Each is the mean over the clips that give it: clips of one frame do not where two are compared,
/// nor those of fewer than four in the spectrum. "Centred" is less the mean over all frames of all
/// clips given. Frames of no length have no cosine and are left out of it. `seed` draws the pairs
/// of frames of different clips. The bits do not depend on `threads`.
///
/// Cosines, effective rank (Roy and Vetterli 2007) and the residual of the best matrix of equal
/// rows, ||H - 1 h'|| / ||H|| (after Dong, Cordonnier and Loukas 2021, "Attention is not all you
/// need", who use another norm).
std::vector<Measure> layer_measures(std::span<const LayerTrace* const> clips, std::uint64_t seed,
                                    std::size_t threads);

}  // namespace musicrep
