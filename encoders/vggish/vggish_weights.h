// Where VGGish's weights come from: the project's file, or one of the published formats.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "vggish_postprocess.h"
#include "vggish_smoke.h"
#include "weights/weights_file.h"

namespace musicrep {

/// What the tensors of VGGish weights are:
///   NAME.weight, NAME.bias         the network, as vggish_net.h has it
///   pca.END.eigen_vectors, .means  [128, 128] and [128], for END "linear" and "relu"; both or none
///   head.weight, head.bias         [tags, 128] and [tags]: the layer that it was trained with
/// and config has "width". Throws DataError, beginning with `where`, with everything that is wrong:
/// another architecture, an unknown width, tensors that are missing, unknown, of another shape or
/// not finite.
void check_vggish_weights(const Weights& weights, const std::string& where);

/// Reads published weights, in the layout that the file's bytes show:
///   - TensorFlow's vggish_model.ckpt (tensorflow/models research/audioset/vggish), V1: variables
///     vggish/conv1/weights..., [time, mel, in, out] and [in, out];
///   - PyTorch's state dict of harritaylor/torchvggish: features.0.weight...; of the whole model,
///     with pproc.*, too;
///   - Keras' port: layers conv1, conv3/conv3_1, vggish_fc1/fc1_1, vggish_fc2...
/// vggish_pca_params.npz in the same folder is read with it and serves both ends, as it does in all
/// published code. A network of 1/2 or 1/4 of the channels in these layouts is read too. Throws
/// DataError listing all tensors that are missing, unknown, of another shape or not finite.
Weights read_published_vggish(const std::filesystem::path& path);

/// The project's file, or a published one that passes the smoke test.
struct VggishSource {
  std::filesystem::path path;
  bool smoke_test = true;
  std::vector<VggishExpectation> expectations = published_vggish_expectations();
};

/// Reads and checks weights. Published ones must pass the smoke test of their authors
/// (vggish_smoke.h) unless source.smoke_test is false; throws DataError with its numbers if not.
Weights read_vggish_weights(const VggishSource& source);

/// config["width"].
double vggish_width(const Weights& weights);

/// The principal components for an end, "linear" or "relu"; nothing where there are none.
std::optional<VggishPca> vggish_pca(const Weights& weights, const std::string& end);

}  // namespace musicrep
