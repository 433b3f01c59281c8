#include "store/seal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "core/files.h"
#include "core/hash.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr std::string_view kMark = "\nmusicrep-sha256:";
constexpr std::size_t kSealBytes = kMark.size() + 64 + 1;
constexpr std::size_t kBlockBytes = 1 << 16;

}  // namespace

void append_seal(const std::filesystem::path& path) {
  const std::string seal = fmt::format("{}{}\n", kMark, sha256_of_file(path));
  errno = 0;
  std::ofstream out(path, std::ios::binary | std::ios::app);
  out << seal;
  out.close();
  if (!out) {
    throw DataError(fmt::format("cannot write '{}': {}", path.string(),
                                std::generic_category().message(errno != 0 ? errno : EIO)));
  }
}

bool has_seal(const std::filesystem::path& path) {
  std::ifstream in = open_for_reading(path);
  std::string mark(kMark.size(), '\0');
  in.seekg(-static_cast<std::streamoff>(kSealBytes), std::ios::end);  // fails on a shorter file
  return in.read(mark.data(), static_cast<std::streamsize>(mark.size())) && mark == kMark;
}

Seal check_seal(const std::filesystem::path& path) {
  std::ifstream in = open_for_reading(path);
  const auto fail = [&] {
    throw DataError(fmt::format("cannot read '{}' to its end", path.string()));
  };
  in.seekg(0, std::ios::end);
  const auto size = static_cast<std::size_t>(in.tellg());
  if (size < kSealBytes) return Seal::kMissing;
  in.seekg(0);
  Sha256 hash;
  std::string block;
  for (std::size_t left = size - kSealBytes; left > 0; left -= block.size()) {
    block.resize(std::min(left, kBlockBytes));
    if (!in.read(block.data(), static_cast<std::streamsize>(block.size()))) fail();
    hash.update(block);
  }
  block.resize(kSealBytes);
  if (!in.read(block.data(), static_cast<std::streamsize>(block.size()))) fail();
  if (!block.starts_with(kMark)) return Seal::kMissing;
  return block == fmt::format("{}{}\n", kMark, hash.hex()) ? Seal::kGood : Seal::kBroken;
}

}  // namespace musicrep
