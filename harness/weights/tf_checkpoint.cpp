#include "weights/tf_checkpoint.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/bytes.h"
#include "core/utf8.h"
#include "musicrep/error.h"
#include "weights/tf_table.h"
#include "weights/wire.h"

namespace musicrep {
namespace {

constexpr std::uint64_t kMostElements = std::uint64_t{1} << 31;
constexpr std::size_t kMostAxes = 32;

// tensorflow::DataType, and the field of a TensorProto that holds such values.
enum DataType : std::uint64_t {
  kFloat = 1,
  kDouble = 2,
  kInt32 = 3,
  kUint8 = 4,
  kInt16 = 5,
  kInt8 = 6,
  kInt64 = 9,
  kBool = 10,
};
enum ValueField : std::uint64_t {
  kFloatValues = 5,
  kDoubleValues = 6,
  kIntValues = 7,
  kInt64Values = 10,
  kBoolValues = 11,
};

/// Where one dimension's part of a slice begins and how long it is; empty length: all of it.
struct Extent {
  std::int64_t start = 0;
  std::int64_t length = -1;
};

/// A tensor's entry in the table of contents.
struct Entry {
  std::vector<std::size_t> shape;
  std::uint64_t type = 0;
  std::size_t n_slices = 0;
  bool whole = true;
};

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path.string()) {}

  void take(std::string_view key, std::string_view value) {
    if (key.empty()) return take_contents(value);
    if (!contents_seen_) refuse("has no table of contents before its tensors");
    std::string_view slice;
    WireReader message(value);
    while (message.next()) {
      if (message.field() == 2) slice = message.bytes();
    }
    require(message);
    take_slice(key, slice);
  }

  NamedTensors finish() {
    if (!contents_seen_) refuse("has no table of contents, expected one under the empty key");
    Problems problems;
    for (const auto& [name, entry] : contents_) {
      if (!tensors_.contains(name)) problems.add(fmt::format("tensor '{}' is not there", name));
    }
    problems.throw_if_any(fmt::format("'{}':", path_));
    return std::move(tensors_);
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) const {
    throw DataError(fmt::format("'{}' {}", path_, problem));
  }
  void require(const WireReader& message) const {
    if (message.damaged()) refuse("holds a message that is damaged");
  }

  // ---- the table of contents: SavedTensorSlices.meta ----

  void take_contents(std::string_view value) {
    WireReader message(value);
    while (message.next()) {
      // A V2 index has a BundleHeaderProto in this place, whose first field is a number.
      if (message.field() == 1 && message.is_number()) {
        refuse(
            "is the index of a V2 checkpoint, expected one of V1, which is a single file: tf.compat.v1.train.Saver(write_version=1) writes it");
      }
      if (message.field() != 1) continue;
      WireReader meta(message.bytes());
      while (meta.next()) {
        if (meta.field() == 1) take_tensor(meta.bytes());
      }
      require(meta);
    }
    require(message);
    contents_seen_ = true;
  }

  void take_tensor(std::string_view bytes) {
    std::string name;
    Entry entry;
    std::vector<std::string_view> slices;
    WireReader field(bytes);
    while (field.next()) {
      if (field.field() == 1) name = field.bytes();
      if (field.field() == 2) entry.shape = shape(field.bytes());
      if (field.field() == 3) entry.type = field.number();
      if (field.field() == 4) slices.push_back(field.bytes());
    }
    require(field);
    if (name.empty() || !is_utf8(name)) refuse("names a tensor with something that is not text");
    entry.n_slices = slices.size();
    for (const std::string_view slice : slices) {
      entry.whole = entry.whole && covers(extents(slice), entry.shape);
    }
    if (entry.n_slices != 1 || !entry.whole) {
      refuse(fmt::format(
          "holds tensor '{}' in {} slices of a part each, expected one of all of it: save it without a partitioner",
          name, entry.n_slices));
    }
    if (!contents_.emplace(name, entry).second)
      refuse(fmt::format("names tensor '{}' twice", name));
  }

  [[nodiscard]] std::vector<std::size_t> shape(std::string_view bytes) const {
    std::vector<std::size_t> out;
    WireReader field(bytes);
    while (field.next()) {
      if (field.field() != 2) continue;
      std::uint64_t size = 0;
      WireReader dim(field.bytes());
      while (dim.next()) {
        if (dim.field() == 1) size = dim.number();
      }
      require(dim);
      if (size > kMostElements || out.size() >= kMostAxes) {
        refuse(fmt::format("holds a tensor with an axis of {}, or with more than {} axes",
                           static_cast<std::int64_t>(size), kMostAxes));
      }
      out.push_back(size);
    }
    require(field);
    return out;
  }

  [[nodiscard]] std::vector<Extent> extents(std::string_view slice) const {
    std::vector<Extent> out;
    WireReader field(slice);
    while (field.next()) {
      if (field.field() != 1) continue;
      Extent extent;
      WireReader part(field.bytes());
      while (part.next()) {
        if (part.field() == 1) extent.start = static_cast<std::int64_t>(part.number());
        if (part.field() == 2) extent.length = static_cast<std::int64_t>(part.number());
      }
      require(part);
      out.push_back(extent);
    }
    require(field);
    return out;
  }

  static bool covers(const std::vector<Extent>& slice, const std::vector<std::size_t>& shape) {
    if (slice.size() != shape.size()) return false;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const bool all =
          slice[i].length == -1 || (slice[i].start == 0 && slice[i].length >= 0 &&
                                    static_cast<std::size_t>(slice[i].length) == shape[i]);
      if (!all) return false;
    }
    return true;
  }

  // ---- a tensor: SavedTensorSlices.data ----

  /// How a key begins (tensorflow/core/lib/strings/ordered_code.cc): a 0, and the name with what
  /// could end it escaped.
  static std::string key_of(const std::string& name) {
    std::string out(1, '\0');
    for (const char c : name) {
      out += c;
      if (c == '\0') out += '\xff';
      if (c == '\xff') out += '\0';
    }
    return out + std::string("\0\1", 2);
  }

  void take_slice(std::string_view key, std::string_view slice) {
    std::string name;
    std::string_view where;
    std::string_view data;
    WireReader field(slice);
    while (field.next()) {
      if (field.field() == 1) name = field.bytes();
      if (field.field() == 2) where = field.bytes();
      if (field.field() == 3) data = field.bytes();
    }
    require(field);
    const auto entry = contents_.find(name);
    if (entry == contents_.end() || !key.starts_with(key_of(name)) ||
        !covers(extents(where), entry->second.shape)) {
      refuse(fmt::format("holds a tensor that its table of contents does not name as it stands{}",
                         is_utf8(name) ? fmt::format(", '{}'", name) : ""));
    }
    FloatTensor tensor{.shape = entry->second.shape, .values = {}};
    read_values(name, entry->second.type, data, tensor.values);
    std::uint64_t expected = 1;
    for (const std::size_t size : tensor.shape) {
      // No overflow: more than what was found is too many.
      expected = std::min<std::uint64_t>(expected * size, kMostElements);
    }
    if (tensor.values.size() != expected) {
      refuse(fmt::format("tensor '{}': found {} values, expected {} of shape {}", name,
                         tensor.values.size(), expected, shape_text(tensor.shape)));
    }
    if (!tensors_.emplace(name, std::move(tensor)).second) {
      refuse(fmt::format("holds tensor '{}' twice", name));
    }
  }

  void read_values(const std::string& name, std::uint64_t type, std::string_view data,
                   std::vector<float>& values) const {
    const ValueField expected = field_of(name, type);
    WireReader field(data);
    while (field.next()) {
      if (field.field() == 4 && !field.bytes().empty()) {
        refuse(fmt::format("tensor '{}' holds raw content, expected a list of values", name));
      }
      if (field.field() != expected) continue;
      if (field.is_number()) {
        values.push_back(static_cast<float>(integer(type, field.number())));
      } else {
        add_packed(name, type, field.bytes(), values);
      }
    }
    require(field);
  }

  [[nodiscard]] ValueField field_of(const std::string& name, std::uint64_t type) const {
    switch (type) {
      case kFloat:
        return kFloatValues;
      case kDouble:
        return kDoubleValues;
      case kInt32:
      case kUint8:
      case kInt16:
      case kInt8:
        return kIntValues;
      case kInt64:
        return kInt64Values;
      case kBool:
        return kBoolValues;
      default:
        refuse(fmt::format(
            "tensor '{}' is of TensorFlow's type {}, expected real numbers of 32 or 64 bits, integers or bool",
            name, type));
    }
  }

  static double integer(std::uint64_t type, std::uint64_t bits) {
    return type == kInt64 ? static_cast<double>(static_cast<std::int64_t>(bits))
                          : static_cast<double>(static_cast<std::int32_t>(bits));
  }

  void add_packed(const std::string& name, std::uint64_t type, std::string_view bytes,
                  std::vector<float>& values) const {
    if (type == kFloat) {
      if (bytes.size() % sizeof(float) != 0) refuse(fmt::format("tensor '{}' is damaged", name));
      const std::size_t before = values.size();
      values.resize(before + bytes.size() / sizeof(float));
      if (!bytes.empty()) std::memcpy(values.data() + before, bytes.data(), bytes.size());
      return;
    }
    while (!bytes.empty()) {
      double value = 0;
      if (type == kDouble) {
        if (bytes.size() < 8) refuse(fmt::format("tensor '{}' is damaged", name));
        value = std::bit_cast<double>(little_endian(bytes, 8));
        bytes.remove_prefix(8);
        if (std::isfinite(value) && std::abs(value) > std::numeric_limits<float>::max()) {
          refuse(fmt::format("tensor '{}': {} is too large for 32 bits", name, value));
        }
      } else {
        const auto bits = take_varint(bytes);
        if (!bits) refuse(fmt::format("tensor '{}' is damaged", name));
        value = integer(type, *bits);
      }
      values.push_back(static_cast<float>(value));
    }
  }

  std::string path_;
  bool contents_seen_ = false;
  std::map<std::string, Entry> contents_;
  NamedTensors tensors_;
};

}  // namespace

NamedTensors read_tf_checkpoint(const std::filesystem::path& path) {
  const TfTable table(path);
  Reader reader(path);
  table.for_each([&](std::string_view key, std::string_view value) { reader.take(key, value); });
  return reader.finish();
}

}  // namespace musicrep
