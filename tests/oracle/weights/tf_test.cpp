// Checkpoints that make_tf.py wrote, read here; the values are those of the script.
#include "weights/tf_checkpoint.h"

#include <fmt/format.h>

#include "fixtures.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

NamedTensors read(const std::string& name) {
  return read_tf_checkpoint(fixture("tf_" + name + ".ckpt"));
}

NamedTensors expected() {
  NamedTensors out;
  FloatTensor conv{.shape = {3, 3, 1, 2}, .values = {}};
  for (int i = 0; i < 18; ++i) conv.values.push_back(static_cast<float>(i) / 8 - 1);
  out["vggish/conv1/weights"] = conv;
  out["vggish/conv1/biases"] = {.shape = {2}, .values = {0.1F, -0.2F}};
  FloatTensor dense{.shape = {4, 40}, .values = {}};
  for (int i = 0; i < 160; ++i) dense.values.push_back(static_cast<float>(i * i));
  out["vggish/fc1/fc1_1/weights"] = dense;
  out["global_step"] = {.shape = {}, .values = {-5}};
  out["double"] = {.shape = {2}, .values = {0.1F, -1e-30F}};
  out["int32"] = {.shape = {3}, .values = {-1, 0, 300}};
  out["bool"] = {.shape = {2}, .values = {1, 0}};
  out["empty"] = {.shape = {0, 3}, .values = {}};
  out["odd name \xC3\xA9 :0"] = {.shape = {1}, .values = {1}};
  for (int i = 0; i < 20; ++i) {
    out[fmt::format("many/layer_{:02}/biases", i)] = {.shape = {1},
                                                      .values = {static_cast<float>(i)}};
  }
  return out;
}

TEST_CASE("TensorFlow: every type, shape and block of a V1 checkpoint") {
  CHECK(read("good") == expected());
  CHECK(read("one_block") == expected());
  CHECK(read("cover") == NamedTensors{{"x", {.shape = {2, 3}, .values = {0, 1, 2, 3, 4, 5}}}});
}

TEST_CASE("TensorFlow: what cannot be read is refused by file, tensor and reason") {
  const std::vector<std::pair<const char*, const char*>> bad = {
      {"partitioned", "tensor 'x' in 2 slices"},
      {"compressed", "is compressed (method 1)"},
      {"texts", "tensor 'x' is of TensorFlow's type 7"},
      {"short", "tensor 'x': found 2 values, expected 3 of shape [3]"},
      {"huge", "tensor 'x': found 0 values"},
      {"negative", "an axis of -1"},
      {"twice", "names tensor 'vggish/conv1/weights' twice"},
      {"too_large", "tensor 'x': 1e+39 is too large"},
      {"v2", "V2 checkpoint"},
      {"no_contents", "no table of contents"},
      {"missing", "tensor 'x' is not there"},
      {"no_message", "a message that is damaged"},
      {"unnamed", "table of contents does not name"},
      {"unordered", "keys out of order"},
      {"unordered_blocks", "keys out of order"}};
  for (const auto& [name, part] : bad) {
    CAPTURE(name);
    const std::string message = data_error_of([name = name] { return read(name); });
    CHECK_THAT(message, Contains(fmt::format("tf_{}.ckpt", name)) && Contains(part));
  }
  CHECK_THAT(data_error_of([] { return read_tf_checkpoint(fixture("make_tf.py")); }),
             Contains("make_tf.py") && Contains("not a TensorFlow table"));
}

TEST_CASE("TensorFlow: every damaged byte of a block is seen by its checksum") {
  const TempFolder folder;
  const std::string bytes = bytes_of(fixture("tf_good.ckpt"));
  for (std::size_t at = 0; at < bytes.size() - 48; at += 31) {
    std::string bad = bytes;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    const std::string path = folder.write("bad.ckpt", bad);
    CAPTURE(at);
    CHECK_THAT(data_error_of([&] { return read_tf_checkpoint(path); }), Contains("checksum"));
  }
}

}  // namespace
}  // namespace musicrep
