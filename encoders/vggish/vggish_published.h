// Published layouts of VGGish's weights.
#pragma once

#include "weights/tensors.h"

namespace musicrep {

/// The tensors of the network and their shapes.
TensorShapes vggish_shapes(double width);

enum class VggishLayout { kTensorflow, kTorch, kKeras };

/// The name of a tensor of the network ("conv3_1.weight") in a published layout.
std::string vggish_published_name(const std::string& name, VggishLayout layout);

/// A published layout's tensors under the project's names and axes; what is not of the network is
/// left out. Throws DataError, beginning with `where`, with the file's own names, listing all that
/// are missing, unknown, of another shape or not finite. Puts the width that the first layer shows
/// into `width` (1 where it shows none that there is).
NamedTensors from_published_vggish(const NamedTensors& found, VggishLayout layout,
                                   const std::string& where, double& width);

}  // namespace musicrep
