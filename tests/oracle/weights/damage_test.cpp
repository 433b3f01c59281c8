// Files of every format, damaged in many places: each is read or refused, and nothing else happens
// (which the sanitizers see best).
#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "core/random.h"
#include "fixtures.h"
#include "weights/published.h"
#include "weights/weights_file.h"

namespace musicrep {
namespace {

/// Places of a file that are damaged; MUSICREP_DAMAGE asks for more.
std::size_t most_places() {
  const char* asked = std::getenv("MUSICREP_DAMAGE");
  return asked == nullptr ? 100 : std::max(std::size_t{1}, std::size_t{std::stoul(asked)});
}

struct Outcome {
  std::size_t read = 0;
  std::size_t refused = 0;
};

void try_reading(const std::string& path, Outcome& outcome) {
  try {
    static_cast<void>(read_any_weights(path));
    ++outcome.read;
  } catch (const DataError& error) {
    if (std::string(error.what()).find(path) == std::string::npos) {
      FAIL_CHECK("the message does not name the file: " << error.what());
    }
    ++outcome.refused;
  }
}

Outcome damage(const std::string& bytes, const TempFolder& folder) {
  Outcome outcome;
  Random random(1);
  const std::size_t step = std::max<std::size_t>(1, bytes.size() / most_places());
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    for (int kind = 0; kind < 4; ++kind) {
      std::string bad = bytes;
      if (kind == 0) bad[at] = static_cast<char>(bad[at] ^ (1 << random.below(8)));
      if (kind == 1) bad[at] = static_cast<char>(random.below(256));
      if (kind == 2) bad[at] = '\xff';
      if (kind == 3) bad.resize(at);
      if (bad == bytes) continue;
      try_reading(folder.write("bad", bad), outcome);
    }
  }
  return outcome;
}

TEST_CASE("weights: damaged files of every format are read or refused") {
  const TempFolder folder;
  for (const char* name : {"torch_zip.pth", "torch_deflated.pth", "torch_legacy.pth",
                           "torch_checkpoint_zip.pth", "torch_checkpoint_legacy.pth",
                           "torch_legacy_protocol4.pth", "tf_good.ckpt", "tf_one_block.ckpt"}) {
    const Outcome outcome = damage(bytes_of(fixture(name)), folder);
    std::cout << name << ": " << outcome.read << " read, " << outcome.refused << " refused\n";
    CHECK(outcome.refused > outcome.read);
  }
  Weights weights;
  weights.architecture = "tiny";
  weights.config = nlohmann::json::object();
  weights.source = nlohmann::json::object();
  weights.tensors["x"] = {.shape = {2}, .values = {1, 2}};
  write_weights(folder.path() / "good.h5", weights);
  const Outcome outcome = damage(bytes_of(folder.path() / "good.h5"), folder);
  std::cout << "good.h5: " << outcome.read << " read, " << outcome.refused << " refused\n";
  CHECK(outcome.read == 0);
}

}  // namespace
}  // namespace musicrep
