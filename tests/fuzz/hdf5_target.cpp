// HDF5 of others: features and Keras' weights. The library crashes on some of it, in a child.
#include <cstdint>
#include <filesystem>
#include <span>

#include "core/files.h"
#include "encoders/features/feature_table.h"
#include "fuzz.h"
#include "store/hdf5.h"
#include "weights/keras_hdf5.h"

namespace musicrep::fuzz {
namespace {

void read_features(const std::string& bytes) {
  static_cast<void>(read_feature_table(input_file("input.h5", bytes),
                                       {.array = "X", .id_array = "IDS", .id_column = ""}));
}

std::vector<std::string> features() {
  std::vector<std::string> out;
  for (const char* name : {"fixed.hdf5", "variable.h5", "texts.h5", "cube.h5"}) {
    out.push_back(test_file(std::string("oracle/features/") + name));
  }
  return out;
}

void read_keras(const std::string& bytes) {
  static_cast<void>(read_keras_weights(input_file("input.h5", bytes)));
}

std::vector<std::string> keras() {
  const auto path = folder() / "seed.h5";
  Hdf5File file(path, Hdf5File::Mode::kCreate);
  const std::vector<float> few = {1, 2, 3, 4, 5, 6};
  const std::vector<float> many(3000, 0.5F);
  file.make_group("/model_weights");
  file.write_attribute("/model_weights", "layer_names", std::string("conv"));
  file.write_floats("/model_weights/conv/conv/kernel:0", {2, 3}, few);
  file.write("/model_weights/conv/conv/bias:0",
             std::span<const double>(std::vector<double>(2000, 1.0)));
  file.write_floats("/model_weights/dense/dense/kernel:0", {3, 1000}, many);
  file.close();
  return {read_file(path)};
}

const Registration feature({"hdf5_features", read_features, features, 8});
const Registration weights({"hdf5_keras", read_keras, keras, 8});

}  // namespace
}  // namespace musicrep::fuzz
