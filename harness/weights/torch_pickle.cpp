#include "weights/torch_pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "core/bytes.h"
#include "musicrep/error.h"
#include "weights/torch_file.h"
#include "weights/torch_json.h"

namespace musicrep {
namespace {

using Kind = PickleValue::Kind;

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostTensors = 100'000;
constexpr std::size_t kMostAxes = 32;
/// Tied weights share a storage; it may hold no more values than this many times what is stored.
constexpr std::uint64_t kMostShared = 16;

/// A tensor: which elements of its storage, in row-major order.
struct View {
  TorchStorage storage;
  std::uint64_t offset = 0;
  std::vector<std::size_t> shape;
  std::vector<std::uint64_t> strides;
  std::uint64_t n = 1;  ///< elements

  [[nodiscard]] bool contiguous() const {
    std::uint64_t expected = 1;
    for (std::size_t i = shape.size(); i-- > 0; expected *= shape[i]) {
      if (shape[i] != 1 && strides[i] != expected) return false;
    }
    return true;
  }
};

class Reader {
 public:
  Reader(const TorchFile& file, const std::filesystem::path& path)
      : file_(file), path_(path.string()), json_(file.object, path.string()) {}

  TorchCheckpoint read() {
    out_.rest = nlohmann::json::object();
    const PickleValue& top = file_.object.top();
    if (top.kind != Kind::kDict) refuse("holds no dict at its top, expected a state dict");
    std::uint32_t state = file_.object.root;
    for (std::size_t i = 0; i < top.items.size(); i += 2) {
      if (json_.key(top.items[i]) == "state_dict" && at(top.items[i + 1]).kind == Kind::kDict) {
        state = top.items[i + 1];
      }
    }
    collect(state, "", 0);
    for (std::size_t i = 0; state != file_.object.root && i < top.items.size(); i += 2) {
      if (top.items[i + 1] == state) continue;
      out_.rest[json_.key(top.items[i])] = json_.convert(top.items[i + 1]);
    }
    if (views_.empty()) refuse("holds no tensors, expected a state dict");
    read_values();
    return std::move(out_);
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) const {
    throw DataError(fmt::format("'{}' {}", path_, problem));
  }
  [[nodiscard]] const PickleValue& at(std::uint32_t place) const { return file_.object.at(place); }

  /// The members of a dict: tensors, dicts below, and the rest.
  void collect(std::uint32_t dict, const std::string& prefix, std::size_t depth) {
    if (depth > kDeepest) refuse(fmt::format("holds dicts nested more than {} deep", kDeepest));
    const std::vector<std::uint32_t>& items = at(dict).items;
    for (std::size_t i = 0; i < items.size(); i += 2) {
      if (++n_members_ > kMostTensors)
        refuse(fmt::format("holds more than {} members", kMostTensors));
      const std::string name = prefix + json_.key(items[i]);
      if (at(items[i + 1]).kind == Kind::kDict) {
        collect(items[i + 1], name + ".", depth + 1);
      } else if (std::optional<View> view = view_of(items[i + 1], name)) {
        if (!views_.emplace(name, std::move(*view)).second) {
          refuse(fmt::format("lists tensor '{}' twice", name));
        }
      } else {
        out_.rest[name] = json_.convert(items[i + 1]);
      }
    }
  }

  [[nodiscard]] std::vector<std::uint64_t> numbers(std::uint32_t place,
                                                   const std::string& name) const {
    const PickleValue* value = &at(place);
    if (value->kind == Kind::kCall && value->text == "torch.Size" && !value->items.empty()) {
      value = &at(value->items[0]);
    }
    if (value->kind != Kind::kTuple || value->items.size() > kMostAxes) {
      refuse(fmt::format("tensor '{}': its shape is not a tuple of at most {} sizes", name,
                         kMostAxes));
    }
    std::vector<std::uint64_t> out;
    for (const std::uint32_t item : value->items) {
      if (at(item).kind != Kind::kInteger || at(item).integer < 0) {
        refuse(fmt::format("tensor '{}': its shape holds a value that is not a size", name));
      }
      out.push_back(static_cast<std::uint64_t>(at(item).integer));
    }
    return out;
  }

  /// Empty where the value is not a tensor.
  [[nodiscard]] std::optional<View> view_of(std::uint32_t place, const std::string& name) const {
    const PickleValue* value = &at(place);
    if (value->kind != Kind::kCall) return std::nullopt;
    if (value->text == "torch._utils._rebuild_parameter" && !value->items.empty()) {
      value = &at(value->items[0]);
    }
    if (value->kind != Kind::kCall || !value->text.starts_with("torch._utils._rebuild_tensor")) {
      return std::nullopt;
    }
    if (value->items.size() < 4 || at(value->items[1]).kind != Kind::kInteger ||
        at(value->items[1]).integer < 0) {
      refuse(fmt::format("tensor '{}': is not described as expected", name));
    }
    View view{.storage = torch_storage(file_.object, at(value->items[0]), path_),
              .offset = static_cast<std::uint64_t>(at(value->items[1]).integer),
              .shape = {},
              .strides = numbers(value->items[3], name)};
    for (const std::uint64_t size : numbers(value->items[2], name)) view.shape.push_back(size);
    check(view, name);
    return view;
  }

  /// Refuses a view that declares more elements than its storage has, or goes beyond it.
  void check(View& view, const std::string& name) const {
    if (view.shape.size() != view.strides.size()) {
      refuse(fmt::format("tensor '{}': {} sizes, but {} strides", name, view.shape.size(),
                         view.strides.size()));
    }
    bool good = true;
    std::uint64_t last = view.offset;  // the place of the last element
    for (std::size_t i = 0; i < view.shape.size(); ++i) {
      std::uint64_t step = 0;
      good = good && !__builtin_mul_overflow(view.n, view.shape[i], &view.n);
      good = good && (view.shape[i] == 0 ||
                      (!__builtin_mul_overflow(view.shape[i] - 1, view.strides[i], &step) &&
                       !__builtin_add_overflow(last, step, &last)));
    }
    if (!good || view.n > view.storage.n || (view.n > 0 && last >= view.storage.n)) {
      refuse(fmt::format(
          "tensor '{}' of shape {} from element {} on does not lie in its storage of {} elements",
          name, shape_text(view.shape), view.offset, view.storage.n));
    }
  }

  void read_values() {
    // One storage at a time: tensors may share it.
    std::map<std::string, std::vector<std::string>> by_storage;
    std::uint64_t wanted = 0;
    std::uint64_t stored = 0;
    for (const auto& [name, view] : views_) {
      std::vector<std::string>& names = by_storage[view.storage.key];
      if (names.empty()) stored += view.storage.n;
      const TorchStorage& first = views_.at(names.empty() ? name : names[0]).storage;
      if (first.type != view.storage.type || first.n != view.storage.n) {
        refuse(fmt::format("tensors '{}' and '{}' do not agree on storage '{}'", names[0], name,
                           first.key));
      }
      names.push_back(name);
      wanted += view.n;
    }
    if (wanted > kMostShared * stored) {
      refuse(fmt::format("declares {} values, but holds {}", wanted, stored));
    }
    for (const auto& [key, names] : by_storage) {
      const std::string bytes = file_.read(views_.at(names[0]).storage);
      for (const std::string& name : names) out_.tensors[name] = values_of(name, bytes);
    }
  }

  [[nodiscard]] FloatTensor values_of(const std::string& name, const std::string& bytes) const {
    const View& view = views_.at(name);
    const TorchType& type = *view.storage.type;
    FloatTensor tensor{.shape = view.shape, .values = std::vector<float>(view.n)};
    if (type.name == "Float" && !file_.big_endian && view.contiguous()) {
      if (view.n > 0) {
        std::memcpy(tensor.values.data(), bytes.data() + view.offset * sizeof(float),
                    view.n * sizeof(float));
      }
      return tensor;
    }
    std::vector<std::size_t> index(view.shape.size());
    std::uint64_t place = view.offset;
    for (float& value : tensor.values) {
      value = element(type, bytes.data() + place * type.bytes, name);
      // The next index, the last axis fastest.
      for (std::size_t axis = view.shape.size(); axis-- > 0;) {
        place += view.strides[axis];
        if (++index[axis] < view.shape[axis]) break;
        place -= view.strides[axis] * view.shape[axis];
        index[axis] = 0;
      }
    }
    return tensor;
  }

  [[nodiscard]] float element(const TorchType& type, const char* at,
                              const std::string& name) const {
    std::string_view bytes(at, type.bytes);
    std::uint64_t bits = little_endian(bytes, bytes.size());
    if (file_.big_endian) bits = __builtin_bswap64(bits) >> (64 - 8 * type.bytes);
    const double value = type.value(bits);
    if (std::isfinite(value) && std::abs(value) > std::numeric_limits<float>::max()) {
      refuse(fmt::format("tensor '{}': {} is too large for 32 bits", name, value));
    }
    return static_cast<float>(value);
  }

  const TorchFile& file_;
  std::string path_;
  PickleJson json_;
  std::map<std::string, View> views_;
  std::size_t n_members_ = 0;
  TorchCheckpoint out_;
};

}  // namespace

TorchCheckpoint read_torch_checkpoint(const std::filesystem::path& path) {
  const std::unique_ptr<TorchFile> file = open_torch_file(path);
  return Reader(*file, path).read();
}

NamedTensors read_torch_weights(const std::filesystem::path& path) {
  return read_torch_checkpoint(path).tensors;
}

}  // namespace musicrep
