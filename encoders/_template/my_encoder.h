// An encoder to start from: how loud and how bright each second is.
#pragma once

#include "musicrep/encoder.h"

namespace musicrep {

/// A vector [2] for each half second, of the second that begins there: its level in decibels of
/// full scale, and the share of samples where the sign changes. Level: 20 log10 of the root mean
/// square.
class MyEncoder : public SignalEncoder {
 public:
  /// What is known without constructing one; bump `version` with every change that changes the
  /// output.
  static EncoderInfo static_info();
  /// The options are complete: defaults are filled in; names, types and ranges are checked.
  explicit MyEncoder(const EncoderArgs& args);

  /// [T, 2]. Throws DataError, naming the item, where the signal is not one channel of at least one
  /// sample, all of them numbers. Called from several threads at the same time.
  Matrix encode_one(const Signal& signal) override;

 private:
  double floor_db_;  ///< [dBFS] the level of silence
};

}  // namespace musicrep
