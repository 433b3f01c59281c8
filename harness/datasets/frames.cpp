#include "datasets/frames.h"

#include <array>
#include <cassert>
#include <string_view>

#include "core/hash.h"

namespace musicrep {
namespace {

std::array<float, 256> dequantised_values() {
  std::array<float, 256> values{};
  for (std::size_t q = 0; q < values.size(); ++q) {
    values[q] = static_cast<float>(static_cast<double>(q) * 4 / 255 - 2);
  }
  return values;
}

}  // namespace

void FrameTable::add(std::span<const std::uint8_t> bytes) {
  assert(!bytes.empty() && bytes.size() % kWidth == 0);
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  ends_.push_back(bytes_.size());
}

std::span<const std::uint8_t> FrameTable::bytes(std::size_t i) const {
  assert(i < ends_.size());
  const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
  return std::span(bytes_).subspan(begin, ends_[i] - begin);
}

std::vector<float> FrameTable::dequantised(std::size_t i) const {
  static const std::array<float, 256> kValues = dequantised_values();
  const std::span<const std::uint8_t> quantised = bytes(i);
  std::vector<float> out;
  out.reserve(quantised.size());
  for (const std::uint8_t q : quantised) out.push_back(kValues[q]);
  return out;
}

FrameTable FrameTable::select(std::span<const std::size_t> items) const {
  FrameTable out(space_);
  for (const std::size_t i : items) out.add(bytes(i));
  return out;
}

std::string FrameTable::sha256() const {
  Sha256 sha;
  for (std::size_t i = 0; i < size(); ++i) {
    const std::span<const std::uint8_t> item = bytes(i);
    sha.update_text({reinterpret_cast<const char*>(item.data()), item.size()});
  }
  return sha.hex();
}

}  // namespace musicrep
