// AudioSet's records: as files, and as messages whose framing and checksums are good.
#include "core/crc32c.h"
#include "datasets/audioset_clips.h"
#include "fuzz.h"
#include "unit/datasets/audioset_testing.h"

namespace musicrep::fuzz {
namespace {

void read_file_of(const std::string& bytes) {
  const auto path = input_file("input/clips.tfrecord", bytes);
  static_cast<void>(read_audioset_clips(path.parent_path(), 527, 1));
}

void read_message(const std::string& bytes) { read_file_of(framed(bytes)); }

std::vector<std::string> messages() {
  return {clip("abc", {1, 526}, {frame(1), frame(2)}), clip("", {}, {}),
          clip("x", {600}, {frame(0, 12)})};
}

std::vector<std::string> files() {
  std::string all;
  for (const std::string& message : messages()) all += framed(message);
  return {all, framed(messages()[0])};
}

const Registration file({"tfrecord", read_file_of, files});
const Registration message({"sequence_example", read_message, messages});

}  // namespace
}  // namespace musicrep::fuzz
