// What the bits of PyTorch's element types mean.
#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "musicrep/error.h"
#include "weights/torch_file.h"

namespace musicrep {
namespace {

using Kind = PickleValue::Kind;

constexpr std::uint64_t kMostElements = std::uint64_t{1} << 31;

double of_float(std::uint64_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
}

/// IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction.
double of_half(std::uint64_t bits) {
  const auto exponent = static_cast<int>((bits >> 10) & 0x1F);
  const auto fraction = static_cast<double>(bits & 0x3FF);
  double value = 0;
  if (exponent == 0x1F) {
    value = fraction == 0 ? std::numeric_limits<double>::infinity()
                          : std::numeric_limits<double>::quiet_NaN();
  } else if (exponent == 0) {
    value = std::ldexp(fraction, -24);
  } else {
    value = std::ldexp(1024 + fraction, exponent - 25);
  }
  return (bits & 0x8000) != 0 ? -value : value;
}

template <typename Integer>
double of_integer(std::uint64_t bits) {
  return static_cast<double>(static_cast<Integer>(bits));
}

constexpr std::array<TorchType, 10> kTypes = {{
    {"Float", 4, of_float},
    {"Double", 8, [](std::uint64_t bits) { return std::bit_cast<double>(bits); }},
    {"Half", 2, of_half},
    {"BFloat16", 2, [](std::uint64_t bits) { return of_float(bits << 16); }},
    {"Long", 8, of_integer<std::int64_t>},
    {"Int", 4, of_integer<std::int32_t>},
    {"Short", 2, of_integer<std::int16_t>},
    {"Char", 1, of_integer<std::int8_t>},
    {"Byte", 1, of_integer<std::uint8_t>},
    {"Bool", 1, [](std::uint64_t bits) { return bits != 0 ? 1.0 : 0.0; }},
}};

}  // namespace

TorchStorage torch_storage(const Pickle& pickle, const PickleValue& id, const std::string& where) {
  const auto refuse = [&](const char* problem) {
    throw DataError(fmt::format("'{}': a tensor's storage {}", where, problem));
  };
  if (id.kind != Kind::kPersistent || id.items.size() < 5) refuse("is not described as expected");
  const auto item = [&](std::size_t i) -> const PickleValue& { return pickle.at(id.items[i]); };
  if (item(0).kind != Kind::kText || item(0).text != "storage" || item(1).kind != Kind::kGlobal ||
      item(2).kind != Kind::kText || item(4).kind != Kind::kInteger) {
    refuse("is not described as ('storage', type, key, device, elements)");
  }
  TorchStorage storage{.key = item(2).text, .n = static_cast<std::uint64_t>(item(4).integer)};
  for (const TorchType& type : kTypes) {
    if (item(1).text == fmt::format("torch.{}Storage", type.name)) storage.type = &type;
  }
  if (storage.type == nullptr) refuse("is of an unknown type of storage");
  if (storage.n > kMostElements) refuse("declares more than 2^31 elements");
  if (id.items.size() > 5 && item(5).kind != Kind::kNone) {
    refuse(
        "is a view of another, as only PyTorch before 0.4 wrote; save it again with a later one");
  }
  return storage;
}

}  // namespace musicrep
