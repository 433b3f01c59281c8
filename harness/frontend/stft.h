// Short-time Fourier transform.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "frontend/frame_block.h"

namespace musicrep {

/// The padding before the first sample and after the last. N is the number of samples.
enum class StftPadding {
  kNone,            ///< nothing; an incomplete last frame is dropped: 1 + (N - n_fft) / hop frames
  kCentredReflect,  ///< n_fft / 2 mirrored samples on each side (numpy.pad 'reflect'): 1 + N / hop
  kCentredZero,     ///< n_fft / 2 zeros on each side: 1 + N / hop frames
  kSameTheano,  ///< n_fft / 2 zeros on each side, ceil(N / hop) frames (Keras 1 on Theano, 'same')
  kSameTensorflow,  ///< the fewest zeros for ceil(N / hop) frames, the odd one at the end ('same')
};

/// Where a window shorter than n_fft is in its frame; the rest of the frame is zero.
enum class WindowPlace {
  kCentred,  ///< librosa's way. Frames advance by n_fft: the window's margins count as its own
  kLeft,     ///< zeros after it, and frames that are as long as the window alone (VGGish)
};

struct StftConfig {
  std::size_t n_fft = 2048;    ///< samples, even
  std::size_t win_length = 0;  ///< samples of the periodic Hann window, at most n_fft; 0: n_fft
  std::size_t hop = 512;       ///< samples from one frame to the next
  StftPadding padding = StftPadding::kCentredReflect;
  WindowPlace window_place = WindowPlace::kCentred;
  bool window_reversed = false;  ///< last sample first, as a convolution that flips its kernel does
  bool magnitude = false;        ///< |X| instead of |X|^2
};

/// hann(n) = 0.5 - 0.5 cos(2 pi n / length), n in [0, length): the periodic form.
std::vector<double> periodic_hann(std::size_t length);

/// |X|^2 or |X| of each frame of one channel.
class Stft {
 public:
  /// The configuration is ours, not the user's: what cannot be is an assertion.
  explicit Stft(const StftConfig& config);

  /// n_fft / 2 + 1.
  [[nodiscard]] std::size_t n_bins() const { return config_.n_fft / 2 + 1; }

  /// How many frames `n_samples` make. 0 without padding where there are too few.
  [[nodiscard]] std::size_t n_frames(std::size_t n_samples) const;

  /// Calls use(frame, [n_bins] values) for each frame in order. `channel` [N], N >= 1. Safe from
  /// several threads at once.
  void for_each_frame(
      std::span<const float> channel,
      const std::function<void(std::size_t frame, std::span<const double> spectrum)>& use) const;

  /// Calls use(first, n, [n_bins] spectra) for frames `first` to `first + n - 1`, block after
  /// block: faster, the same bits. n is kFramesAtOnce but in the last block, whose other lanes mean
  /// nothing. Safe from several threads at once.
  void for_each_block(std::span<const float> channel,
                      const std::function<void(std::size_t first, std::size_t n,
                                               std::span<const FrameLanes> spectra)>& use) const;

  /// All frames at once, [n_frames, n_bins].
  [[nodiscard]] std::vector<double> spectrum(std::span<const float> channel) const;

 private:
  struct Padding {
    std::size_t left;
    std::size_t right;
  };
  [[nodiscard]] std::size_t frame_length() const;
  [[nodiscard]] Padding padding(std::size_t n_samples) const;
  void fill_frame(std::span<const float> channel, std::ptrdiff_t first,
                  std::span<double> frame) const;
  void fill_block(std::span<const float> channel, std::ptrdiff_t first, std::size_t n,
                  std::vector<double>& frame, std::vector<FrameLanes>& frames) const;

  StftConfig config_;
  FourierPlan plan_;            // without radices: a length that kissfft transforms
  std::vector<double> window_;  // [n_fft], zero where the window is not
};

}  // namespace musicrep
