// What the states of one clip say by themselves.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "musicrep/matrix.h"

namespace musicrep {

/// Of one clip [T, d]; what is empty the clip does not give.
struct ClipFrames {
  std::optional<double> cosine;           ///< mean over pairs of frames
  std::optional<double> adjacent_cosine;  ///< mean over neighbours in time
  std::optional<double> cosine_centred;
  std::optional<double> adjacent_cosine_centred;
  std::optional<double> effective_rank;  ///< exp of the entropy of s / sum(s), s singular values
  std::optional<double> rank1_residual;  ///< ||H - 1 h'|| / ||H||, h the clip's mean
  std::optional<double> high_frequency;  ///< energy above half of Nyquist's, of all but the mean's
  double within_square_sum = 0;          ///< squared distances from the clip's mean
  double total_square_sum = 0;           ///< squared distances from `corpus_mean`
};

/// `corpus_mean` [d]. A clip of one frame gives nothing, one of two or three no spectrum.
ClipFrames clip_frames(const Matrix& states, std::span<const double> corpus_mean);

/// The mean row of all clips together, [d].
std::vector<double> mean_row(std::span<const Matrix* const> clips);

/// Mean cosine of `n_pairs` pairs of frames of two different clips each, drawn by `seed`: a clip,
/// another clip, a frame of each. `centre` [d] is subtracted first. Empty where there are not two
/// clips, or no pair has a cosine.
std::optional<double> random_cosine(std::span<const Matrix* const> clips,
                                    std::span<const double> centre, std::uint64_t seed,
                                    std::size_t n_pairs = 10000);

}  // namespace musicrep
