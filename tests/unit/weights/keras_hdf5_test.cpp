#include "weights/keras_hdf5.h"

#include "store/hdf5.h"
#include "weights_testing.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

/// As far as the reader looks, a file of Keras: the values of the marking attribute are its own.
std::string keras_file(const TempFolder& folder, const std::string& root,
                       const std::vector<std::string>& datasets) {
  const std::filesystem::path path = folder.path() / "x.h5";
  Hdf5File file(path, Hdf5File::Mode::kCreate);
  if (root != "/") file.make_group(root);
  file.write_attribute(root, "layer_names", std::string("conv2d_1"));
  for (const std::string& name : datasets) {
    file.write_floats((root == "/" ? "" : root) + "/" + name, {1, 2}, std::vector<float>{1, 2});
  }
  file.write_floats("/optimizer_weights/SGD/Variable:0", {1}, std::vector<float>{1});
  file.close();
  return path.string();
}

std::vector<std::string> names(const NamedTensors& tensors) {
  std::vector<std::string> out;
  for (const auto& each : tensors) out.push_back(each.first);
  return out;
}

TEST_CASE("weights of Keras 2 lose ':0' and the layer's second name") {
  const TempFolder folder;
  const NamedTensors found = read_keras_weights(
      keras_file(folder, "/model_weights",
                 {"conv2d_1/conv2d_1/kernel:0", "conv2d_1/conv2d_1/bias:0",
                  "rnn_1/rnn_1/forward/kernel:0", "a/ab/kernel:0", "dense_1/bias:0"}));
  CHECK(names(found) == std::vector<std::string>{"a/ab/kernel", "conv2d_1/bias", "conv2d_1/kernel",
                                                 "dense_1/bias", "rnn_1/forward/kernel"});
  CHECK(found.at("conv2d_1/kernel") == FloatTensor{.shape = {1, 2}, .values = {1, 2}});
}

TEST_CASE("weights of Keras 1 keep their names") {
  const TempFolder folder;
  const NamedTensors found = read_keras_weights(keras_file(
      folder, "/", {"ConvBNEluDr/convolution2d_1_W", "dense_1/dense_1_W", "melgram/param_0"}));
  CHECK(names(found) == std::vector<std::string>{"ConvBNEluDr/convolution2d_1_W",
                                                 "dense_1/dense_1_W", "melgram/param_0",
                                                 "optimizer_weights/SGD/Variable"});
}

TEST_CASE("HDF5 that Keras did not write, or that says a weight twice, is refused by name") {
  const TempFolder folder;
  const auto error = [](const std::string& path) {
    return data_error_of([&] { return read_keras_weights(path); });
  };
  const std::string path = (folder.path() / "other.h5").string();
  Hdf5File file(path, Hdf5File::Mode::kCreate);
  file.write_floats("/conv2d_1/kernel:0", {1}, std::vector<float>{1});
  file.close();
  CHECK_THAT(error(path), Contains("other.h5") && Contains("not of Keras"));
  CHECK_THAT(error(keras_file(folder, "/model_weights", {"a/a/k:0", "a/k"})),
             Contains("x.h5") && Contains("duplicate weight 'a/k'"));
  CHECK_THAT(error(keras_file(folder, "/model_weights", {})), Contains("holds no weights"));
  CHECK_THAT(error(folder.write("text.h5", "text")), Contains("is not an HDF5 file"));
}

}  // namespace
}  // namespace musicrep
