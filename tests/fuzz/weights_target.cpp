// Published weights outside HDF5: PyTorch's files and their pickles, TensorFlow's tables and the
// messages in them behind good checksums; TorchScript's facts.
#include <array>

#include "core/crc32c.h"
#include "encoders/torchscript/torchscript_file.h"
#include "fuzz.h"
#include "weights/pickle.h"
#include "weights/published.h"
#include "weights/torch_pickle.h"

namespace musicrep::fuzz {
namespace {

std::vector<std::string> fixtures(std::initializer_list<const char*> names) {
  std::vector<std::string> out;
  for (const char* name : names) out.push_back(test_file(std::string("oracle/weights/") + name));
  return out;
}

void read_weights_of(const std::string& bytes) {
  static_cast<void>(read_any_weights(input_file("input.pth", bytes)));
}

std::vector<std::string> torch_files() {
  return fixtures({"torch_zip.pth", "torch_deflated.pth", "torch_legacy.pth",
                   "torch_checkpoint_zip.pth", "torch_checkpoint_legacy.pth",
                   "torch_legacy_protocol4.pth", "torch_expanded.pth"});
}

std::vector<std::string> tables() {
  return fixtures({"tf_good.ckpt", "tf_one_block.ckpt", "tf_huge.ckpt", "tf_negative.ckpt"});
}

void read_pickle_of(const std::string& bytes) {
  constexpr std::array<std::string_view, 3> kAllowed = {
      "collections.OrderedDict", "torch._utils._rebuild_tensor_v2", "numpy.dtype"};
  static_cast<void>(read_pickle(bytes, kAllowed, "input.pkl"));
}

std::vector<std::string> pickles() {
  using namespace std::string_literals;  // NOLINT(google-build-using-namespace): NULs in texts
  return {
      "\x80\x02}q\0(X\1\0\0\0aq\1K\1X\1\0\0\0bq\2]q\3(G?\xf0\0\0\0\0\0\0\x88N\x8a\2\xff\x7f"
      "eu."s,
      "\x80\4\x95\14\0\0\0\0\0\0\0\x8c\1x\x94(\x85t\x94h\0\x86."s,
      "\x80\2"
      "ccollections\nOrderedDict\nq\0]q\1]q\2(X\1\0\0\0aK\5ea\x85R."s,
      "\x80\2"
      "ctorch._utils\n_rebuild_tensor_v2\n(X\1\0\0\0aK\5tQK\0K\1\x85tR."s};
}

std::string varint(std::uint64_t n) {
  std::string out;
  for (; n >= 0x80; n >>= 7) out += static_cast<char>((n & 0x7F) | 0x80);
  return out + static_cast<char>(n);
}

/// A block and its trailer.
std::string block(const std::string& bytes) {
  const std::string with_method = bytes + '\0';
  return with_method + number_bytes(masked_crc32c(with_method), 4);
}

/// A table whose one block of entries is `bytes`.
void read_table_block(const std::string& bytes) {
  const std::string restarts = number_bytes(0, 4) + number_bytes(1, 4);
  std::string file = block(bytes);
  const std::string handle = varint(0) + varint(bytes.size());
  const std::string further = number_bytes(0, 4);
  const std::string further_handle = varint(file.size()) + varint(further.size());
  file += block(further);
  const std::string index = varint(0) + varint(1) + varint(handle.size()) + "z" + handle + restarts;
  std::string footer = further_handle + varint(file.size()) + varint(index.size());
  file += block(index);
  footer.resize(40);
  static_cast<void>(read_any_weights(
      input_file("input.ckpt", file + footer + "\x57\xfb\x80\x8b\x24\x75\x47\xdb")));
}

/// The first block of a file: up to where a checksum fits.
std::vector<std::string> blocks() {
  std::vector<std::string> out;
  for (const std::string& file : fixtures({"tf_one_block.ckpt", "tf_good.ckpt"})) {
    for (std::size_t end = 1; end + 5 < file.size(); ++end) {
      const std::uint32_t checksum = masked_crc32c(std::string_view(file).substr(0, end + 1));
      if (file.compare(end + 1, 4, number_bytes(checksum, 4)) != 0) continue;
      out.push_back(file.substr(0, end));
      break;
    }
  }
  return out;
}

void read_torchscript(const std::string& bytes) {
  static_cast<void>(read_torchscript_facts(input_file("input.pt", bytes).string()));
}

std::vector<std::string> scripts() { return fixtures({"torch_script.pth"}); }

const Registration torch({"torch_weights", read_weights_of, torch_files});
const Registration pickle({"pickle", read_pickle_of, pickles});
const Registration table({"tf_table", read_weights_of, tables});
const Registration messages({"tf_messages", read_table_block, blocks});
const Registration script({"torchscript", read_torchscript, scripts});

}  // namespace
}  // namespace musicrep::fuzz
