// An encoder to start from: how loud and how bright each second is.
#pragma once

#include <span>
#include <vector>

#include "musicrep/encoder.h"

namespace musicrep {

/// A vector [2] for each half second, of the second that begins there: its level in decibels of
/// full scale, and the share of samples where the sign changes. Level: 20 log10 of the root mean
/// square.
class MyEncoder : public Encoder {
 public:
  /// What is known without constructing one; bump `version` with every change that moves a bit.
  static EncoderInfo static_info();
  /// The options are complete: defaults are filled in, names and types are checked.
  explicit MyEncoder(const EncoderArgs& args);

  /// [T, 2] for each signal. Throws DataError, naming the item, where a signal is not one channel
  /// of at least one sample, all of them numbers. Called from several threads at the same time.
  std::vector<Matrix> encode(std::span<const Signal> signals) override;

 private:
  [[nodiscard]] Matrix encode_one(const Signal& signal) const;

  double floor_db_;  ///< [dBFS] the level of silence
};

}  // namespace musicrep
