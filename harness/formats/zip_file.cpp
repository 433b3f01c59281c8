#include "formats/zip_file.h"

#include <fmt/format.h>
#include <zip.h>

#include <cassert>
#include <cstdint>
#include <map>

#include "core/files.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

// Deflate cannot shrink a stream to less than this part; what declares more is a bomb or damaged.
constexpr std::uint64_t kMostExpansion = 1032;

}  // namespace

struct ZipFile::State {
  fs::path path;
  std::uint64_t file_bytes = 0;
  zip_t* zip = nullptr;
  std::vector<std::string> names;
  std::map<std::string, zip_uint64_t> entries;

  ~State() {
    if (zip != nullptr) zip_discard(zip);
  }
};

ZipFile::ZipFile(const fs::path& path, const std::string& what)
    : state_(std::make_unique<State>()) {
  require_file(path, what);
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
    throw DataError(fmt::format("'{}': cannot open as {}: {}", path.string(), what, reason));
  }
  const zip_int64_t n = zip_get_num_entries(s.zip, 0);
  for (zip_int64_t i = 0; i < n; ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    const char* name = zip_get_name(s.zip, index, ZIP_FL_ENC_GUESS);
    if (name == nullptr) {
      throw DataError(fmt::format("'{}': entry {}: {}", path.string(), i, zip_strerror(s.zip)));
    }
    if (!s.entries.emplace(name, index).second) {
      throw DataError(fmt::format("'{}[{}]': the entry is duplicated", path.string(), name));
    }
    s.names.emplace_back(name);
  }
}

ZipFile::~ZipFile() = default;

const std::vector<std::string>& ZipFile::names() const { return state_->names; }

bool ZipFile::has(const std::string& entry) const { return state_->entries.contains(entry); }

std::uint64_t ZipFile::file_bytes() const { return state_->file_bytes; }

std::string ZipFile::read(const std::string& entry, const std::string& label,
                          std::uint64_t most_bytes) const {
  const State& s = *state_;
  assert(has(entry));
  const zip_uint64_t index = s.entries.at(entry);
  const auto fail = [&](const std::string& problem) {
    throw DataError(fmt::format("'{}[{}]': {}", s.path.string(), label, problem));
  };
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat_index(s.zip, index, 0, &stat) != 0) fail(zip_strerror(s.zip));
  constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
  if ((stat.valid & kNeeded) != kNeeded) fail("the archive does not state its size");
  if (stat.size > most_bytes) {
    fail(fmt::format("declares {} bytes, expected at most {}", stat.size, most_bytes));
  }
  if (stat.comp_size > s.file_bytes || stat.size > kMostExpansion * (stat.comp_size + 1)) {
    fail(fmt::format("declares {} bytes in {} packed ones, which a file of {} bytes cannot hold",
                     stat.size, stat.comp_size, s.file_bytes));
  }

  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(zip_fopen_index(s.zip, index, 0),
                                                               zip_fclose);
  if (!file) fail(zip_strerror(s.zip));
  std::string bytes(stat.size, '\0');
  std::uint64_t n_read = 0;
  // The last read, past the declared end, makes libzip compare the checksum.
  char beyond = 0;
  while (true) {
    const bool full = n_read == stat.size;
    const zip_int64_t n = zip_fread(file.get(), full ? &beyond : bytes.data() + n_read,
                                    full ? 1 : stat.size - n_read);
    if (n < 0) fail(fmt::format("damaged: {}", zip_file_strerror(file.get())));
    if (n == 0) break;
    if (full) fail(fmt::format("it unpacks to more than the {} bytes declared", stat.size));
    n_read += static_cast<std::uint64_t>(n);
  }
  if (n_read != stat.size) {
    fail(fmt::format("found {} bytes, expected the {} declared", n_read, stat.size));
  }
  return bytes;
}

}  // namespace musicrep
