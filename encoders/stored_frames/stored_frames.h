// VGGish frames that a data set offers, as they are.
#pragma once

#include <span>
#include <vector>

#include "musicrep/encoder.h"

namespace musicrep {

/// The identity on VGGish frames: its row in a table is the mean of the frames that the data set's
/// authors released.
class StoredFrames : public Encoder {
 public:
  explicit StoredFrames(const EncoderArgs& args);
  static EncoderInfo static_info();

  /// [T, 128] to [T, 128], the same numbers. Throws DataError, naming the item, on another shape.
  std::vector<Matrix> encode(std::span<const Signal> signals) override;
};

}  // namespace musicrep
