#include "audio/mpeg_frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "audio/mpeg_tag.h"
#include "audio/tags.h"

namespace musicrep {
namespace {

constexpr std::uint64_t kMostJunkInFront = std::uint64_t{1} << 16;
constexpr std::uint64_t kMostJunkBehind = 8192;
constexpr std::uint64_t kLongestFreeFrame = 4608;

class Scanner {
 public:
  Scanner(AudioBytes& bytes, ByteRange range) : bytes_(bytes), range_(range) {
    range_.end = before_tags(bytes, range.begin, range.end);
  }

  std::optional<MpegFile> scan() {
    const std::optional<std::uint64_t> first = first_frame();
    if (!first) return std::nullopt;
    std::uint64_t at = *first;
    while (at < range_.end) {
      const std::optional<Frame> frame = frame_at(at);
      if (!frame || !continues(at, *frame)) {
        const std::optional<std::uint64_t> next = next_frame(at);
        if (!next) break;
        at = *next;
      } else if (at + frame->bytes > range_.end) {
        last().last_is_cut = true;
        at = range_.end;
      } else {
        add(at, *frame);
        at += frame->bytes;
      }
      last().range.end = std::max(last().range.end, at);
    }
    for (MpegStream& stream : file_.streams) settle(stream);
    file_.length_is_told = file_.length_is_told && file_.streams.size() == 1;
    return std::move(file_);
  }

 private:
  struct Frame {
    MpegHeader header;
    std::uint64_t bytes = 0;
  };

  std::string_view view(std::uint64_t at, std::uint64_t n) {
    return at >= range_.end
               ? std::string_view()
               : bytes_.view(at, static_cast<std::size_t>(std::min(n, range_.end - at)));
  }

  std::optional<Frame> frame_at(std::uint64_t at) {
    const std::optional<MpegHeader> header = parse_mpeg_header(view(at, 4));
    if (!header) return std::nullopt;
    if (!header->is_free) return Frame{*header, header->bytes};
    if (free_bytes_ == 0) free_bytes_ = free_size(at, *header);
    if (free_bytes_ == 0) return std::nullopt;
    return Frame{*header, free_bytes_ + header->bytes};
  }

  /// Free format does not state its size, which is always the same: the next header does.
  std::uint64_t free_size(std::uint64_t at, const MpegHeader& header) {
    const std::string_view bytes = view(at, kLongestFreeFrame + 4);
    for (std::size_t i = 4 + header.side_info_bytes(); i + 4 <= bytes.size(); ++i) {
      const std::optional<MpegHeader> next = parse_mpeg_header(bytes.substr(i));
      if (next && next->same_stream(header)) return i - header.bytes;
    }
    return 0;
  }

  /// Whether `n` frames of one stream follow each other from `at` on, or `least` and then the end.
  bool is_chain(std::uint64_t at, int n, int least) {
    std::optional<Frame> first;
    for (int i = 0; i < n; ++i) {
      if (at == range_.end || behind_tag(bytes_, at) != at) return i >= least;
      const std::optional<Frame> frame = frame_at(at);
      if (!frame || (first && !frame->header.same_stream(first->header))) return false;
      if (!first) first = frame;
      if (at + frame->bytes > range_.end) return i >= least;
      at += frame->bytes;
    }
    return true;
  }

  std::optional<std::uint64_t> first_frame() {
    std::uint64_t at = range_.begin;
    for (std::uint64_t before = at + 1; before != at;) {
      before = at;
      at = behind_tags(bytes_, at);
      const std::string_view bytes = view(at, kMostJunkInFront);
      at += std::min(bytes.find_first_not_of('\0'), bytes.size());
    }
    if (is_chain(at, 2, 1)) return at;
    const std::uint64_t last = std::min(at + kMostJunkInFront, range_.end);
    for (; at < last; ++at) {
      free_bytes_ = 0;
      if (parse_mpeg_header(view(at, 4)) && is_chain(at, 4, 2)) return at;
    }
    return std::nullopt;
  }

  /// Whether the frame at `at` belongs to the stream before it, or begins one of its own; false:
  /// it only looks like a frame.
  bool continues(std::uint64_t at, const Frame& frame) {
    if (file_.streams.empty() || new_stream_) return true;
    return frame.header.same_stream(last().header) || is_chain(at, 3, 2);
  }

  void add(std::uint64_t at, const Frame& frame) {
    const MpegTag tag = mpeg_tag(bytes_, at, frame.header, frame.bytes);
    if (file_.streams.empty() || new_stream_ || tag.bytes > 0 ||
        !frame.header.same_stream(last().header)) {
      begin_stream(at, frame, tag);
    } else {
      ++last().frames;
    }
    last_bytes_ = frame.bytes;
  }

  void begin_stream(std::uint64_t at, const Frame& frame, const MpegTag& tag) {
    new_stream_ = false;
    if (!file_.streams.empty()) {
      const MpegHeader& first = file_.streams.front().header;
      if (frame.header.rate_hz != first.rate_hz || frame.header.channels != first.channels) {
        bytes_.fail(fmt::format(
            "a second stream begins at byte {}: found {} Hz and {} channels, expected {} Hz and {} channels as before; cut the file there",
            at, frame.header.rate_hz, frame.header.channels, first.rate_hz, first.channels));
      }
    }
    if (tag.length > bytes_.size() - at) {
      bytes_.fail(fmt::format("truncated: its mp3 header promises {} bytes, found {}", tag.length,
                              bytes_.size() - at));
    }
    MpegStream stream;
    stream.header = frame.header;
    stream.tag = tag;
    stream.range = {at, at + frame.bytes};
    stream.frames = tag.bytes > 0 ? 0 : 1;
    file_.streams.push_back(stream);
  }

  /// The next frame where something else is at `at`; nothing where that goes on to the end.
  std::optional<std::uint64_t> next_frame(std::uint64_t at) {
    const std::uint64_t behind = behind_tags(bytes_, at);
    if (behind != at) {
      new_stream_ = true;
      if (behind >= range_.end) return std::nullopt;
      if (frame_at(behind)) return behind;
    }
    std::uint64_t next = behind;
    while (next < range_.end && !(parse_mpeg_header(view(next, 4)) && is_chain(next, 3, 2))) ++next;
    const std::uint64_t junk = next - behind;
    const bool is_last = next >= range_.end;
    if (junk > (is_last ? kMostJunkBehind : last_bytes_)) {
      bytes_.fail(fmt::format(
          "damaged at byte {}: found {} bytes that are not MPEG frames{}, expected frames", behind,
          junk, is_last ? " up to the end" : ""));
    }
    if (is_last) return std::nullopt;
    return next;
  }

  void settle(MpegStream& stream) {
    MpegTag& tag = stream.tag;
    if (tag.frames > stream.frames + 1) {
      bytes_.fail(fmt::format("truncated: its mp3 header promises {} MPEG frames, found {}",
                              tag.frames, stream.frames));
    }
    // Some count the tag's own frame, or forget it: one more or less is not an error. More than
    // that is a tag of something else, which must not end the stream too early.
    const bool is_wrong = tag.frames > 0 && stream.frames > tag.frames + 1;
    if (tag.bytes > 0 && (tag.is_vbri || is_wrong)) {
      stream.range.begin += tag.bytes;
      tag.trims = false;
      tag.frames = 0;
    }
    file_.length_is_told = tag.frames > 0;
    if (tag.frames > 0) stream.frames = std::min(stream.frames, tag.frames);
    stream.samples = mpeg_samples(stream);
  }

  MpegStream& last() { return file_.streams.back(); }

  AudioBytes& bytes_;
  ByteRange range_;
  MpegFile file_;
  bool new_stream_ = false;       // a tag ended the stream
  std::uint64_t last_bytes_ = 0;  // of the last frame
  std::uint64_t free_bytes_ = 0;  // of a frame of free format, without its padding
};

}  // namespace

std::uint64_t MpegFile::samples() const {
  return std::accumulate(streams.begin(), streams.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const MpegStream& s) { return sum + s.samples; });
}

std::optional<MpegFile> scan_mpeg(AudioBytes& bytes, ByteRange range) {
  return Scanner(bytes, range).scan();
}

}  // namespace musicrep
