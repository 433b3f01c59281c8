#include "weights/torch_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "core/bytes.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Kind = PickleValue::Kind;

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostValues = 1'000'000;
constexpr std::size_t kMostBytes = 64 << 20;

/// The bytes of a pickled `bytes`; protocol 2 has them as a text to be encoded as Latin-1.
std::string bytes_of(const Pickle& pickle, const PickleValue& value) {
  if (value.kind == Kind::kBytes) return value.text;
  std::string out;
  if (value.kind != Kind::kCall || value.text != "_codecs.encode" || value.items.empty())
    return out;
  const std::string& text = pickle.at(value.items[0]).text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80 || i + 1 == text.size()) {
      out += text[i];
    } else {  // U+0080 to U+00FF are two bytes in UTF-8
      out += static_cast<char>((byte << 6) | (static_cast<unsigned char>(text[++i]) & 0x3F));
    }
  }
  return out;
}

/// numpy.core.multiarray.scalar(dtype, bytes): a float, an integer or a bool; null for others.
nlohmann::json numpy_scalar(const Pickle& pickle, const PickleValue& call) {
  if (call.items.size() != 2) return nullptr;
  const PickleValue& dtype = pickle.at(call.items[0]);
  std::string bytes = bytes_of(pickle, pickle.at(call.items[1]));
  if (dtype.kind != Kind::kCall || dtype.items.empty()) return nullptr;
  const std::string& type = pickle.at(dtype.items[0]).text;  // "f8"; its state has the byte order
  for (const std::uint32_t place : pickle.at(dtype.items.back()).items) {
    if (pickle.at(place).kind == Kind::kText && pickle.at(place).text == ">") {
      std::ranges::reverse(bytes);
    }
  }
  if (type.size() != 2 || bytes.empty() || bytes.size() > 8 ||
      bytes.size() != static_cast<std::size_t>(type[1] - '0')) {
    return nullptr;
  }
  const std::uint64_t bits = little_endian(bytes, bytes.size());
  const auto unused = static_cast<int>(64 - 8 * bytes.size());
  switch (type[0]) {
    case 'f':
      if (bytes.size() == 8) return std::bit_cast<double>(bits);
      if (bytes.size() == 4) return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
      return nullptr;
    case 'i':
      return static_cast<std::int64_t>(bits << unused) >> unused;
    case 'u':
      return bits;
    case 'b':
      return bits != 0;
    default:
      return nullptr;
  }
}

}  // namespace

std::string PickleJson::key(std::uint32_t place) const {
  const PickleValue& value = pickle_.at(place);
  if (value.kind == Kind::kText) return value.text;
  if (value.kind == Kind::kInteger) return fmt::format("{}", value.integer);
  throw DataError(
      fmt::format("'{}': a dict has a key that is neither a text nor a whole number", where_));
}

nlohmann::json PickleJson::call(const PickleValue& value) const {
  if (value.text.ends_with("multiarray.scalar")) {
    if (nlohmann::json scalar = numpy_scalar(pickle_, value); !scalar.is_null()) return scalar;
  }
  return fmt::format("<{}>", value.text);
}

nlohmann::json PickleJson::convert(std::uint32_t place, std::size_t depth) {
  const PickleValue& value = pickle_.at(place);
  n_bytes_ += value.text.size();
  if (depth > kDeepest || ++n_values_ > kMostValues || n_bytes_ > kMostBytes) {
    throw DataError(fmt::format(
        "'{}': values other than tensors are nested more than {} deep, or are more than {} or {} bytes when written in full",
        where_, kDeepest, kMostValues, kMostBytes));
  }
  switch (value.kind) {
    case Kind::kNone:
      return nullptr;
    case Kind::kBool:
      return value.integer != 0;
    case Kind::kInteger:
      return value.integer;
    case Kind::kFloat:
      return value.number;
    case Kind::kText:
    case Kind::kGlobal:
      return value.text;
    case Kind::kBytes:
    case Kind::kLong:
      return fmt::format("<{} bytes>", value.text.size());
    case Kind::kList:
    case Kind::kTuple: {
      nlohmann::json list = nlohmann::json::array();
      for (const std::uint32_t item : value.items) list.push_back(convert(item, depth + 1));
      return list;
    }
    case Kind::kDict: {
      nlohmann::json object = nlohmann::json::object();
      for (std::size_t i = 0; i < value.items.size(); i += 2) {
        object[key(value.items[i])] = convert(value.items[i + 1], depth + 1);
      }
      return object;
    }
    case Kind::kCall:
      return call(value);
    case Kind::kPersistent:
      return "<storage>";
  }
  return nullptr;
}

}  // namespace musicrep
