#include "foreign/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/utf8.h"

namespace musicrep {

std::string pack_signals(std::span<const Signal> signals) {
  Packer packer;
  packer(std::uint64_t{signals.size()});
  for (const Signal& signal : signals) {
    packer(signal.id);
    packer(signal.values);
    packer(std::uint64_t{signal.rows});
    packer(std::uint64_t{signal.cols});
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
  std::vector<std::string> texts = facts.notes;
  texts.insert(texts.end(), {facts.content_sha256, facts.reason_without_texts});
  for (const VectorView& view : facts.views) {
    texts.push_back(view.name);
    if (view.columns.empty()) {
      throw ProtocolError(fmt::format("the view '{}' has no columns", safe_text(view.name)));
    }
    for (const auto& [first, end] : view.columns) {
      if (first < end) continue;
      throw ProtocolError(
          fmt::format("the view '{}' has the columns [{}, {})", safe_text(view.name), first, end));
    }
  }
  if (!std::ranges::all_of(texts, is_utf8)) {
    throw ProtocolError("found a note or a name of a view that is no UTF-8");
  }
}

void check_info(const EncoderInfo& info) {
  const auto need = [&](bool good, const std::string& what) {
    if (!good) throw ProtocolError(fmt::format("encoder '{}': {}", safe_text(info.name), what));
  };
  std::vector<std::string> texts = info.trained_on;
  texts.insert(texts.end(), {info.name, info.version, info.description, info.citation, info.licence,
                             info.bibtex, info.fetch_help});
  for (const OptionSpec& option : info.options) {
    texts.insert(texts.end(), {option.name, option.description});
    texts.insert(texts.end(), option.one_of.begin(), option.one_of.end());
  }
  need(std::ranges::all_of(texts, is_utf8), "found a text that is no UTF-8");
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
