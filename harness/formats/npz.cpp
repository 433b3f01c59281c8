#include "formats/npz.h"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

#include "core/did_you_mean.h"
#include "formats/zip_file.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 30;  // of one array
constexpr std::string_view kSuffix = ".npy";

}  // namespace

struct NpzFile::State {
  std::string path;
  ZipFile zip;
  std::vector<std::string> names;
};

NpzFile::NpzFile(const std::filesystem::path& path)
    : state_(new State{path.string(), {path, ".npz (a zip archive of .npy files)"}, {}}) {
  for (std::string name : state_->zip.names()) {
    if (!name.ends_with(kSuffix)) continue;
    name.resize(name.size() - kSuffix.size());
    state_->names.push_back(std::move(name));
  }
}

NpzFile::~NpzFile() = default;

const std::vector<std::string>& NpzFile::names() const { return state_->names; }

bool NpzFile::has(const std::string& array) const {
  return state_->zip.has(array + std::string(kSuffix));
}

NpyArray NpzFile::read(const std::string& array) const {
  if (!has(array)) {
    throw DataError(
        fmt::format("'{}': {}", state_->path, unknown_name("array", array, state_->names)));
  }
  return parse_npy(state_->zip.read(array + std::string(kSuffix), array, kMostBytes),
                   fmt::format("{}[{}]", state_->path, array));
}

}  // namespace musicrep
