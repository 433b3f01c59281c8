// VGGish frames that a data set offers, as they are.
#pragma once

#include <vector>

#include "musicrep/encoder.h"

namespace musicrep {

/// The identity on VGGish frames: its row in a table is the mean of the frames that the data set's
/// authors released. Option `scale`: "dequantised", as they come, in [-2, 2]; or "bytes", the 8 bit
/// numbers 0 to 255 that VGGish's post-processing makes of them, which is what torchvggish gives
/// out and what others feed to networks without another thought.
class StoredFrames : public SignalEncoder, public LayerTracer {
 public:
  explicit StoredFrames(const EncoderArgs& args);
  static EncoderInfo static_info();

  /// [T, 128] to [T, 128]. Throws DataError, naming the item, on another shape.
  Matrix encode_one(const Signal& signal) override;
  /// The frames alone.
  std::vector<LayerTrace> trace(const Signal& signal) override;

 private:
  bool bytes_ = false;
};

}  // namespace musicrep
