// MFCC statistics: the baseline of Choi et al. (2017).
#pragma once

#include "frontend/dct.h"
#include "frontend/log_mel.h"
#include "musicrep/encoder.h"

namespace musicrep {

/// The 120-d vector of Choi et al., "Transfer Learning for Music Classification and Regression
/// Tasks" (2017), section 3.3 and its code (keunwoochoi/transfer_learning_music, utils_featext.py):
/// mean and standard deviation over time of 20 MFCCs, of their first differences and of their
/// second differences. 12 kHz mono by kaiser_best, the first 29 s; shorter clips stay short.
class Mfcc : public SignalEncoder {
 public:
  explicit Mfcc(const EncoderArgs& args);
  static EncoderInfo static_info();

  /// [1, samples] at 12 kHz to [1, 120], in the order mean m, std m, mean dm, std dm, mean ddm,
  /// std ddm. Throws DataError, naming the item, where it has no samples
  /// or one that is not finite.
  Matrix encode_one(const Signal& signal) override;

 private:
  LogMel front_end_;
  Dct dct_;
};

}  // namespace musicrep
