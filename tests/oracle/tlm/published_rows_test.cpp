// Real clips against the features that Choi et al. published. The available clips are the first 15
// to 20 s of the 30 s that those were made from, and a tenth of the batch, so that only statistics
// of the whole can be compared.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "audio/load.h"
#include "core/parallel.h"
#include "data_dir.h"
#include "formats/npy.h"
#include "oracle/tlm/tlm_testing.h"

namespace musicrep {
namespace {

namespace fs = std::filesystem;

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sa += a[i];
    sb += b[i];
    saa += a[i] * a[i];
    sbb += b[i] * b[i];
    sab += a[i] * b[i];
  }
  return (n * sab - sa * sb) / std::sqrt((n * saa - sa * sa) * (n * sbb - sb * sb));
}

std::vector<double> column_means(const Matrix& rows, std::size_t first_row, std::size_t n) {
  std::vector<double> out(rows.cols());
  for (std::size_t r = first_row; r < first_row + n; ++r) {
    for (std::size_t k = 0; k < rows.cols(); ++k) out[k] += rows.at(r, k) / static_cast<double>(n);
  }
  return out;
}

TEST_CASE("the batch of real clips has the published features' means") {
  const auto features = data_path("choi2017/data_feats");
  const auto weights = data_path("choi2017/weights_transfer/weights_layer4_theano.hdf5");
  const auto genres = data_path("gtzan/genres");
  if (!features || !weights || !genres) return;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(*genres)) {
    if (entry.path().extension() == ".flac") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE(files.size() == 100);
  std::vector<Pcm> clips(files.size());
  parallel_for(files.size(), available_processors(),
               [&](std::size_t i) { clips[i] = load_audio(files[i], Tlm::static_info()); });
  const std::vector<Matrix> vectors = encode_batch(*weights, clips);
  Matrix rows(100, 160);
  for (std::size_t i = 0; i < 100; ++i) std::ranges::copy(vectors[i].row(0), rows.row(i).begin());

  // Published numbers of an independent implementation: correlation of the 32 means, and their mean
  // absolute difference, a layer.
  const std::array least_correlation = {.998, .998, .998, .998, .998};
  const std::array most_difference = {.01, .015, .025, .02, .025};
  const std::vector<double> ours = column_means(rows, 0, 100);
  for (std::size_t layer = 0; layer < 5; ++layer) {
    const Matrix published =
        read_npy(*features / ("gtzan_genre_layer_" + std::to_string(layer) + ".npy")).to_matrix();
    REQUIRE(published.rows() == 1000);
    REQUIRE(published.cols() == 32);
    const std::vector<double> theirs = column_means(published, 0, 1000);
    const std::vector<double> mine(ours.begin() + static_cast<std::ptrdiff_t>(32 * layer),
                                   ours.begin() + static_cast<std::ptrdiff_t>(32 * layer + 32));
    double difference = 0;
    for (std::size_t k = 0; k < 32; ++k) difference += std::abs(mine[k] - theirs[k]) / 32;
    std::cout << "layer " << layer << ": correlation " << correlation(mine, theirs)
              << ", mean absolute difference " << difference << std::endl;
    CAPTURE(layer);
    CHECK(correlation(mine, theirs) >= least_correlation[layer]);
    CHECK(difference <= most_difference[layer]);
  }
}

}  // namespace
}  // namespace musicrep
