#include "contract/trial.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <exception>

#include "core/utf8.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

bool same_floats(std::span<const float> a, std::span<const float> b) {
  return std::ranges::equal(a, b, [](float x, float y) {
    return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
  });
}

// Messages of others go into results, whose texts are UTF-8.
std::string as_text(const char* message) {
  if (std::string(message).empty()) return "(an error without a message)";
  return is_utf8(message) ? message : "(a message that is not UTF-8)";
}

}  // namespace

Trial try_encode(Encoder& encoder, std::span<const FixedSignal> items) {
  std::vector<FixedSignal> copies(items.begin(), items.end());
  std::vector<Signal> signals;
  for (const auto& [id, s] : copies) signals.push_back({id, s.values, s.rows, s.cols});
  Trial out;
  try {
    out.vectors = encoder.encode(signals);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) throw;
    out.thrown = as_text(error.what());
    out.is_error = true;
  } catch (const std::exception& error) {
    out.thrown = as_text(error.what());
  } catch (...) {
    out.thrown = "(something that is no std::exception)";
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!same_floats(copies[i].signal.values, items[i].signal.values)) out.input_changed = true;
  }
  return out;
}

bool same_bits(const Matrix& a, const Matrix& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         std::ranges::equal(a.values(), b.values(), [](double x, double y) {
           return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
         });
}

bool same_bits(std::span<const Matrix> a, std::span<const Matrix> b) {
  return std::ranges::equal(a, b, [](const Matrix& x, const Matrix& y) { return same_bits(x, y); });
}

bool all_finite(const Matrix& m) {
  return std::ranges::all_of(m.values(), [](double v) { return std::isfinite(v); });
}

bool all_zero(const Matrix& m) {
  return std::ranges::all_of(m.values(), [](double v) { return v == 0; });
}

}  // namespace musicrep
