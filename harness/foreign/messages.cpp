#include "foreign/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/utf8.h"

namespace musicrep {
namespace {

/// Looks at every text of a struct, in whichever field.
class Utf8Check {
 public:
  template <typename T>
  void operator()(const T& value) {
    look_at(value);
  }
  [[nodiscard]] bool passed() const { return passed_; }

 private:
  void look_at(const std::string& text) { passed_ = passed_ && is_utf8(text); }
  template <typename T>
  void look_at(const std::vector<T>& values) {
    for (const T& value : values) look_at(value);
  }
  template <typename A, typename B>
  void look_at(const std::pair<A, B>& pair) {
    look_at(pair.first);
    look_at(pair.second);
  }
  template <typename T>
  void look_at(const std::optional<T>& value) {
    if (value) look_at(*value);
  }
  template <typename... T>
  void look_at(const std::variant<T...>& value) {
    std::visit([&](const auto& v) { look_at(v); }, value);
  }
  template <typename T>
  void look_at(const T& value) {
    if constexpr (std::is_class_v<T>) visit_parts(*this, value);
  }

  bool passed_ = true;
};

template <typename T>
bool has_utf8_alone(const T& object) {
  Utf8Check check;
  check(object);
  return check.passed();
}

}  // namespace

std::string pack_signals(std::span<const Signal> signals) {
  Packer packer;
  packer(std::uint64_t{signals.size()});
  for (const Signal& signal : signals) {
    packer(signal);
  }
  return packer.take();
}

std::string safe_text(std::string text, std::size_t most) {
  if (text.size() > most) text = text.substr(0, most) + "...";
  if (is_utf8(text)) return text;
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return text;
}

void check_facts(const EncoderFacts& facts) {
  for (const VectorView& view : facts.views) {
    if (view.columns.empty()) {
      throw ProtocolError(fmt::format("the view '{}' has no columns", safe_text(view.name)));
    }
    for (const auto& [first, end] : view.columns) {
      if (first < end) continue;
      throw ProtocolError(
          fmt::format("the view '{}' has the columns [{}, {})", safe_text(view.name), first, end));
    }
  }
  if (!has_utf8_alone(facts)) {
    throw ProtocolError("found a note or a name of a view that is no UTF-8");
  }
}

void check_info(const EncoderInfo& info) {
  const auto need = [&](bool good, const std::string& what) {
    if (!good) throw ProtocolError(fmt::format("encoder '{}': {}", safe_text(info.name), what));
  };
  need(has_utf8_alone(info), "found a text that is no UTF-8");
  for (const OptionSpec& option : info.options) {
    const OptionValue& value = option.default_value;
    const bool is_number =
        std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
    const bool is_text = std::holds_alternative<std::string>(value) ||
                         std::holds_alternative<std::vector<std::string>>(value);
    need(is_number || !option.range,
         fmt::format("option '{}': found a range, expected one of numbers alone", option.name));
    need(is_text || option.one_of.empty(),
         fmt::format("option '{}': found choices, expected those of texts alone", option.name));
  }
  const int input = static_cast<int>(info.input);
  need(input >= static_cast<int>(InputKind::kPcm) && input <= static_cast<int>(InputKind::kItemId),
       fmt::format("found input {}, expected one of InputKind", input));
  if (info.input == InputKind::kPcm) {
    need(info.sample_rate_hz >= 1000 && info.sample_rate_hz <= 768000,
         fmt::format("found a sample rate of {} Hz, expected 1000 to 768000", info.sample_rate_hz));
    need(info.channels == 1 || info.channels == 2,
         fmt::format("found {} channels, expected 1 or 2", info.channels));
    need(info.resampler == "soxr" || info.resampler == "kaiser_best",
         fmt::format("found resampler '{}', expected soxr or kaiser_best", info.resampler));
  }
  for (const double seconds : {info.window_s, info.hop_s, info.max_duration_s}) {
    need(std::isfinite(seconds) && seconds >= 0,
         fmt::format("found a time of {} s, expected 0 or more", seconds));
  }
}

}  // namespace musicrep
