#include "formats/npz.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "core/did_you_mean.h"
#include "core/files.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 30;  // of one array
// Deflate cannot shrink a stream to less than this part; what declares more is a bomb or damaged.
constexpr std::uint64_t kMostExpansion = 1032;
constexpr std::string_view kSuffix = ".npy";

}  // namespace

struct NpzFile::State {
  fs::path path;
  std::uint64_t file_bytes = 0;
  zip_t* zip = nullptr;
  std::vector<std::string> names;
  std::map<std::string, zip_uint64_t> entries;

  [[nodiscard]] std::string where(const std::string& array) const {
    return fmt::format("{}[{}]", path.string(), array);
  }
  [[noreturn]] void fail(const std::string& array, const std::string& what) const {
    throw DataError(fmt::format("'{}': {}", where(array), what));
  }
  ~State() {
    if (zip != nullptr) zip_discard(zip);
  }
};

NpzFile::NpzFile(const fs::path& path) : state_(std::make_unique<State>()) {
  require_file(path, "NumPy archive");
  State& s = *state_;
  s.path = path;
  s.file_bytes = fs::file_size(path);
  int code = 0;
  s.zip = zip_open(path.c_str(), ZIP_RDONLY, &code);
  if (s.zip == nullptr) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    throw DataError(fmt::format("'{}': cannot open as .npz (a zip archive of .npy files): {}",
                                path.string(), reason));
  }
  const zip_int64_t n = zip_get_num_entries(s.zip, 0);
  for (zip_int64_t i = 0; i < n; ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    const char* raw = zip_get_name(s.zip, index, ZIP_FL_ENC_GUESS);
    if (raw == nullptr) {
      throw DataError(fmt::format("'{}': entry {}: {}", path.string(), i, zip_strerror(s.zip)));
    }
    std::string name = raw;
    if (!name.ends_with(kSuffix)) continue;
    name.resize(name.size() - kSuffix.size());
    if (!s.entries.emplace(name, index).second) s.fail(name, "the array stands twice in the file");
    s.names.push_back(std::move(name));
  }
}

NpzFile::~NpzFile() = default;

const std::vector<std::string>& NpzFile::names() const { return state_->names; }

bool NpzFile::has(const std::string& array) const { return state_->entries.contains(array); }

NpyArray NpzFile::read(const std::string& array) const {
  const State& s = *state_;
  const auto entry = s.entries.find(array);
  if (entry == s.entries.end()) {
    throw DataError(
        fmt::format("'{}': {}", s.path.string(), unknown_name("array", array, s.names)));
  }
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat_index(s.zip, entry->second, 0, &stat) != 0) s.fail(array, zip_strerror(s.zip));
  constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
  if ((stat.valid & kNeeded) != kNeeded) s.fail(array, "the archive does not tell its size");
  if (stat.size > kMostBytes) {
    s.fail(array, fmt::format("declares {} bytes, expected at most {}", stat.size, kMostBytes));
  }
  if (stat.comp_size > s.file_bytes || stat.size > kMostExpansion * (stat.comp_size + 1)) {
    s.fail(array,
           fmt::format("declares {} bytes in {} packed ones, which a file of {} bytes cannot "
                       "hold",
                       stat.size, stat.comp_size, s.file_bytes));
  }

  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(
      zip_fopen_index(s.zip, entry->second, 0), zip_fclose);
  if (!file) s.fail(array, zip_strerror(s.zip));
  std::string bytes(stat.size, '\0');
  std::uint64_t n_read = 0;
  // The last read, past the declared end, makes libzip compare the checksum.
  char beyond = 0;
  while (true) {
    const bool full = n_read == stat.size;
    const zip_int64_t n = zip_fread(file.get(), full ? &beyond : bytes.data() + n_read,
                                    full ? 1 : stat.size - n_read);
    if (n < 0) s.fail(array, fmt::format("damaged: {}", zip_file_strerror(file.get())));
    if (n == 0) break;
    if (full) s.fail(array, fmt::format("more comes out than the {} bytes declared", stat.size));
    n_read += static_cast<std::uint64_t>(n);
  }
  if (n_read != stat.size) {
    s.fail(array, fmt::format("found {} bytes, expected the {} declared", n_read, stat.size));
  }
  return parse_npy(std::move(bytes), s.where(array));
}

}  // namespace musicrep
