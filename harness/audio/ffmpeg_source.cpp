#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "audio/ffmpeg.h"
#include "audio/source.h"
#include "core/bytes.h"
#include "core/utf8.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr std::size_t kMostTold = 300;

/// The first of ffmpeg's lines of one of these levels, or nothing: "[aac @ 0x55d] [error] text".
std::string first_line(std::string_view messages, std::initializer_list<std::string_view> levels) {
  while (!messages.empty()) {
    const std::string_view line = messages.substr(0, messages.find('\n'));
    messages.remove_prefix(std::min(messages.size(), line.size() + 1));
    for (const std::string_view level : levels) {
      const std::size_t at = line.find(level);
      if (at == std::string_view::npos) continue;
      std::string text(line.substr(at + level.size()).substr(0, kMostTold));
      if (is_utf8(text)) return text;
      std::ranges::replace_if(
          text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
      return text;
    }
  }
  return "";
}

std::string first_error(std::string_view messages) {
  return first_line(messages, {"[error] ", "[fatal] ", "[panic] "});
}

double number(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The length that the container states for its audio ("Duration: 00:03:07.21, start: …"); 0 where
/// it does not, where ffmpeg only guesses it from a bit rate, or where pictures are as long as it.
double told_duration_s(std::string_view messages) {
  if (messages.find("Estimating duration") != std::string_view::npos) return 0;
  if (const std::size_t video = messages.find(": Video: "); video != std::string_view::npos) {
    const std::string_view line = messages.substr(video, messages.find('\n', video) - video);
    if (line.find("(attached pic)") == std::string_view::npos) return 0;
  }
  constexpr std::string_view kHead = "Duration: ";
  const std::size_t at = messages.find(kHead);
  if (at == std::string_view::npos) return 0;
  const std::string_view text = messages.substr(at + kHead.size(), 11);
  if (text.size() < 11 || text[2] != ':' || text[5] != ':') return 0;  // "N/A"
  return 3600 * number(text.substr(0, 2)) + 60 * number(text.substr(3, 2)) +
         number(text.substr(6, 5));
}

class FfmpegSource final : public AudioSource {
 public:
  FfmpegSource(const AudioBytes& bytes, const std::string& kind, const std::string& reason)
      : path_(bytes.path()),
        kind_(reason.empty() ? kind : fmt::format("{} (libsndfile: {})", kind, reason)) {
    const std::filesystem::path program = ffmpeg_program();
    if (program.empty()) {
      fail(fmt::format("{}: the program ffmpeg reads it, which is not installed; install ffmpeg",
                       kind_));
    }
    info_.reading = ffmpeg_reading();
    info_.format = kind;
    process_ = std::make_unique<FfmpegProcess>(program, path_);
    read_header();
  }

  [[nodiscard]] const AudioInfo& info() const override { return info_; }

  std::size_t read(std::span<float> interleaved) override {
    const std::size_t frame = info_.channels * sizeof(float);
    const std::size_t wanted = interleaved.size() / info_.channels * frame;
    while (pending_.size() < frame && fill(wanted)) {
    }
    const std::size_t frames = std::min(pending_.size(), wanted) / frame;
    if (frames == 0) {
      check_end();
      return 0;
    }
    std::memcpy(interleaved.data(), pending_.data(), frames * frame);
    pending_.erase(0, frames * frame);
    position_ += frames;
    return frames;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw DataError(fmt::format("'{}': {}", path_.string(), what));
  }

  [[noreturn]] void fail_as_told() {
    process_->succeeded();
    std::string error = first_error(process_->messages());
    if (error.empty()) error = first_line(process_->messages(), {"[warning] "});
    fail(fmt::format("{}: ffmpeg cannot decode it: {}", kind_,
                     error.empty() ? "it does not say why" : error));
  }

  /// Appends what ffmpeg writes next to `pending_`; false at the end.
  bool fill(std::size_t wanted) {
    std::vector<char> block(std::clamp<std::size_t>(wanted, 4096, std::size_t{1} << 18));
    const std::size_t n = process_->read(block);
    pending_.append(block.data(), n);
    return n > 0;
  }

  bool have(std::size_t n) {
    while (pending_.size() < n) {
      if (!fill(n)) return false;
    }
    return true;
  }

  /// A wav header: the sample rate, the channels and their speaker positions.
  void read_header() {
    if (!have(12) || !pending_.starts_with("RIFF")) fail_as_told();
    std::size_t at = 12;
    while (true) {
      if (!have(at + 8)) fail_as_told();
      const std::string id = pending_.substr(at, 4);
      const auto size =
          static_cast<std::size_t>(little_endian(std::string_view(pending_).substr(at + 4), 4));
      at += 8;
      if (id == "data") break;
      if (size > 4096 || !have(at + size)) fail_as_told();
      if (id == "fmt ") read_format(std::string_view(pending_).substr(at, size));
      at += size + size % 2;
    }
    pending_.erase(0, at);
    if (info_.channels == 0) fail_as_told();
  }

  void read_format(std::string_view format) {
    if (format.size() < 16) return;
    info_.channels = static_cast<std::size_t>(little_endian(format.substr(2), 2));
    info_.sample_rate_hz = static_cast<double>(little_endian(format.substr(4), 4));
    if (format.size() < 24) return;
    const std::uint64_t mask = little_endian(format.substr(20), 4);
    for (std::size_t bit = 0; bit < 32; ++bit) {
      if ((mask >> bit & 1U) == 0) continue;
      info_.speakers.push_back(
          static_cast<Speaker>(std::min(bit, static_cast<std::size_t>(Speaker::kOther))));
    }
    if (info_.speakers.size() != info_.channels) info_.speakers.clear();
  }

  // It skips damaged parts and can end early with exit code 0; only its messages report either.
  void check_end() {
    if (!process_->succeeded() || !first_error(process_->messages()).empty()) fail_as_told();
    const double found_s = static_cast<double>(position_) / info_.sample_rate_hz;
    const double told_s = told_duration_s(process_->messages());
    constexpr double kTolerated = 0.5;  // s: containers count in their own units
    if (found_s + kTolerated + 0.01 * told_s < told_s) {
      fail(fmt::format("{}: truncated: its header promises {:.2f} s, ffmpeg found {:.2f} s", kind_,
                       told_s, found_s));
    }
  }

  std::filesystem::path path_;
  std::string kind_;
  AudioInfo info_;
  std::unique_ptr<FfmpegProcess> process_;
  std::string pending_;
  std::size_t position_ = 0;
};

}  // namespace

std::unique_ptr<AudioSource> open_with_ffmpeg(const AudioBytes& bytes, const std::string& kind,
                                              const std::string& reason) {
  return std::make_unique<FfmpegSource>(bytes, kind, reason);
}

}  // namespace musicrep
