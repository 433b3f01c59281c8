// Copies of real music are found, and no two clips of it are taken for one another.
#include <iostream>

#include "copies.h"
#include "core/parallel.h"
#include "data_dir.h"

namespace musicrep {
namespace {

TEST_CASE("copies of GTZAN's clips are found, unrelated clips are not") {
  const auto genres = data_path("gtzan/genres");
  if (!genres) return;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*genres)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  files.resize(std::min<std::size_t>(files.size(), 120));
  const TempFolder folder;
  std::vector<AudioFingerprint> prints(2 * files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Pcm pcm = decode_audio(files[i], {.channels = 1});
    const double cut_s = 0.5 + 2.5 * static_cast<double>(i) / static_cast<double>(files.size());
    prints[i] = fingerprint_file(files[i]);
    prints[files.size() + i] =
        fingerprint_file(write_copy(folder, pcm, i % kCopyKinds, cut_s, std::to_string(i)));
  }
  const Tally found = tally(prints);
  std::cout << files.size() << " clips and a copy of each: " << found.missed << " missed, "
            << found.false_alarms << " false alarms; greatest bit error rate of a copy "
            << found.worst_copy << ", least of unrelated clips " << found.best_unrelated << "\n";
  CHECK(found.missed == 0);
  CHECK(found.false_alarms == 0);
}

}  // namespace
}  // namespace musicrep
