#include "weights/torch_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "core/bytes.h"
#include "core/files.h"
#include "formats/zip_file.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

using Kind = PickleValue::Kind;

constexpr std::uint64_t kMostPickle = 16 << 20;  // names and shapes need kilobytes
constexpr std::uint64_t kMostStorage = std::uint64_t{4} << 30;
constexpr std::size_t kSizeBytes = 8;
/// torch.serialization's MAGIC_NUMBER 0x1950a86a20f9469cfc6c, as a pickle holds it.
constexpr std::string_view kMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
constexpr std::int64_t kProtocolVersion = 1001;

/// All that state dicts, and plain values next to them, mention.
constexpr std::array<std::string_view, 19> kAllowed = {"collections.OrderedDict",
                                                       "torch._utils._rebuild_tensor",
                                                       "torch._utils._rebuild_tensor_v2",
                                                       "torch._utils._rebuild_parameter",
                                                       "torch.Size",
                                                       "torch.FloatStorage",
                                                       "torch.DoubleStorage",
                                                       "torch.HalfStorage",
                                                       "torch.BFloat16Storage",
                                                       "torch.LongStorage",
                                                       "torch.IntStorage",
                                                       "torch.ShortStorage",
                                                       "torch.CharStorage",
                                                       "torch.ByteStorage",
                                                       "torch.BoolStorage",
                                                       "numpy.core.multiarray.scalar",
                                                       "numpy._core.multiarray.scalar",
                                                       "numpy.dtype",
                                                       "_codecs.encode"};

class ZipLayout final : public TorchFile {
 public:
  explicit ZipLayout(const fs::path& path)
      : path_(path.string()), zip_(path, "a file of torch.save() (a zip archive)") {
    constexpr std::string_view kPickle = "data.pkl";
    std::vector<std::string> found;
    for (const std::string& name : zip_.names()) {
      if (name.ends_with(fmt::format("/{}", kPickle))) found.push_back(name);
    }
    if (found.size() != 1) {
      throw DataError(fmt::format(
          "'{}' is a zip archive with {} entries 'NAME/data.pkl', expected 1: a file of torch.save()",
          path_, found.size()));
    }
    folder_ = found[0].substr(0, found[0].size() - kPickle.size());
    if (zip_.has(folder_ + "constants.pkl")) {
      throw DataError(fmt::format(
          "'{}' is TorchScript, expected a state dict (torch.save(model.state_dict(), file))",
          path_));
    }
    object = read_pickle(zip_.read(found[0], found[0], kMostPickle), kAllowed,
                         fmt::format("{}[{}]", path_, found[0]));
    if (const std::string entry = folder_ + "byteorder"; zip_.has(entry)) {
      const std::string order = zip_.read(entry, entry, 64);
      if (order != "little" && order != "big") {
        throw DataError(
            fmt::format("'{}[{}]': found '{}', expected 'little' or 'big'", path_, entry, order));
      }
      big_endian = order == "big";
    }
  }

  [[nodiscard]] std::string read(const TorchStorage& storage) const override {
    const std::string entry = fmt::format("{}data/{}", folder_, storage.key);
    if (!zip_.has(entry)) {
      throw DataError(
          fmt::format("'{}': there is no entry '{}', which a tensor needs", path_, entry));
    }
    std::string bytes = zip_.read(entry, entry, kMostStorage);
    if (bytes.size() != storage.n * storage.type->bytes) {
      throw DataError(fmt::format("'{}[{}]': found {} bytes, expected {} of {} elements", path_,
                                  entry, bytes.size(), storage.n * storage.type->bytes, storage.n));
    }
    return bytes;
  }

 private:
  std::string path_;
  std::string folder_;  ///< "archive/"
  ZipFile zip_;
};

/// Five pickles: a magic number, a version, the machine, the object, the storages' keys; then each
/// storage: its number of elements (8 bytes) and the elements.
class LegacyLayout final : public TorchFile {
 public:
  explicit LegacyLayout(const fs::path& path) : path_(path), bytes_(fs::file_size(path)) {
    std::ifstream in = open_for_reading(path);
    std::string begin(std::min(bytes_, kMostPickle), '\0');
    in.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    if (!in) fail("cannot be read");
    std::uint64_t at = 0;
    const auto next = [&] {
      Pickle pickle = read_pickle(std::string_view(begin).substr(at), kAllowed, path.string());
      at += pickle.n_bytes;
      return pickle;
    };
    if (const Pickle magic = next();
        magic.top().kind != Kind::kLong || magic.top().text != kMagic) {
      fail("is a pickle, but not one of torch.save(): it does not begin with its magic number");
    }
    if (const Pickle version = next();
        version.top().kind != Kind::kInteger || version.top().integer != kProtocolVersion) {
      fail(fmt::format("is of another version of torch.save(), expected {}", kProtocolVersion));
    }
    check_machine(next());
    object = next();
    const Pickle keys = next();
    find_storages(keys, at, in);
  }

  [[nodiscard]] std::string read(const TorchStorage& storage) const override {
    const auto found = storages_.find(storage.key);
    if (found == storages_.end() || found->second.n != storage.n) {
      fail(fmt::format("storage '{}' of {} elements, which a tensor needs, is not there",
                       storage.key, storage.n));
    }
    std::string out(storage.n * storage.type->bytes, '\0');
    std::ifstream in = open_for_reading(path_);
    in.seekg(static_cast<std::streamoff>(found->second.begin));
    in.read(out.data(), static_cast<std::streamsize>(out.size()));
    if (!in) fail(fmt::format("storage '{}' cannot be read", storage.key));
    return out;
  }

 private:
  struct Place {
    std::uint64_t begin = 0;
    std::uint64_t n = 0;
  };

  [[noreturn]] void fail(const std::string& problem) const {
    throw DataError(fmt::format("'{}': {}", path_.string(), problem));
  }

  void check_machine(const Pickle& machine) const {
    const std::vector<std::uint32_t>& items = machine.top().items;
    if (machine.top().kind != Kind::kDict)
      fail("does not state its byte order, as torch.save() does");
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      if (machine.at(items[i]).text == "little_endian" && machine.at(items[i + 1]).integer == 0) {
        fail(
            "was written on a big-endian machine, which this reader does not support; save it on a little-endian machine");
      }
    }
  }

  void find_storages(const Pickle& keys, std::uint64_t at, std::ifstream& in) {
    std::map<std::string, std::size_t> element_bytes;
    for (const PickleValue& value : object.values) {
      if (value.kind != Kind::kPersistent) continue;
      const TorchStorage storage = torch_storage(object, value, path_.string());
      element_bytes[storage.key] = storage.type->bytes;
    }
    if (keys.top().kind != Kind::kList) fail("has no list of storages");
    for (const std::uint32_t place : keys.top().items) {
      const std::string& key = keys.at(place).text;
      const auto size = element_bytes.find(key);
      if (size == element_bytes.end()) {
        fail(fmt::format("holds storage '{}', which no tensor refers to", key));
      }
      std::string head(kSizeBytes, '\0');
      in.seekg(static_cast<std::streamoff>(at));
      if (!in.read(head.data(), kSizeBytes)) {
        fail(fmt::format("is cut short before storage '{}'", key));
      }
      at += kSizeBytes;
      const std::uint64_t n = little_endian(head, kSizeBytes);
      if (n > (bytes_ - at) / size->second) {
        fail(fmt::format(
            "is cut short: storage '{}' declares {} elements of {} bytes, {} bytes are left", key,
            n, size->second, bytes_ - at));
      }
      storages_[key] = {.begin = at, .n = n};
      at += n * size->second;
    }
  }

  fs::path path_;
  std::uint64_t bytes_;
  std::map<std::string, Place> storages_;
};

}  // namespace

std::unique_ptr<TorchFile> open_torch_file(const fs::path& path) {
  require_file(path, "weights of PyTorch");
  char first = 0;
  open_for_reading(path).get(first);
  if (first == 'P') return std::make_unique<ZipLayout>(path);
  if (first == '\x80') return std::make_unique<LegacyLayout>(path);
  throw DataError(
      fmt::format("'{}' is not a file of torch.save(): it is neither a zip archive nor a pickle",
                  path.string()));
}

}  // namespace musicrep
