#include <fmt/format.h>
#include <mpg123.h>
#include <sndfile.h>

#include <algorithm>
#include <utility>

#include "audio/source.h"

namespace musicrep {
namespace {

/// The bytes of one stream, as libmpg123 asks for them.
struct Window {
  const AudioBytes* bytes = nullptr;
  ByteRange range;
  off_t position = 0;
};

ssize_t read_window(void* user, void* to, size_t count) {
  Window& w = *static_cast<Window*>(user);
  const auto size = static_cast<off_t>(w.range.size());
  const auto n = static_cast<std::size_t>(
      std::min<off_t>(std::max<off_t>(0, size - w.position), static_cast<off_t>(count)));
  try {
    const std::size_t got = w.bytes->read(w.range.begin + static_cast<std::uint64_t>(w.position), n,
                                          static_cast<char*>(to));
    w.position += static_cast<off_t>(got);
    return static_cast<ssize_t>(got);
  } catch (const std::exception&) {  // it is C: nothing may be thrown through it
    return -1;
  }
}

off_t seek_window(void* user, off_t offset, int whence) {
  Window& w = *static_cast<Window*>(user);
  const auto size = static_cast<off_t>(w.range.size());
  const off_t base = whence == SEEK_SET ? 0 : (whence == SEEK_CUR ? w.position : size);
  if (base + offset < 0) return -1;
  w.position = base + offset;
  return w.position;
}

class Mpg123Source final : public AudioSource {
 public:
  Mpg123Source(std::shared_ptr<AudioBytes> bytes, const Container& container)
      : bytes_(std::move(bytes)), file_(container.mpeg) {
    const MpegHeader& header = file_.streams.front().header;
    info_.sample_rate_hz = header.rate_hz;
    info_.channels = static_cast<std::size_t>(header.channels);
    info_.frames = static_cast<std::size_t>(file_.samples());
    constexpr int kLayers[] = {SF_FORMAT_MPEG_LAYER_I, SF_FORMAT_MPEG_LAYER_II,
                               SF_FORMAT_MPEG_LAYER_III};
    info_.format = sndfile_format_name(SF_FORMAT_MPEG | kLayers[header.layer - 1]);
    if (!file_.length_is_told) info_.reading = "MPEG frames counted";
    if (info_.frames == 0) bytes_->fail("zero length: found 0 samples, expected at least 1");
    begin_stream();
  }

  [[nodiscard]] const AudioInfo& info() const override { return info_; }

  std::size_t read(std::span<float> interleaved) override {
    while (handle_) {
      std::size_t bytes = 0;
      const int result =
          mpg123_read(handle_.get(), interleaved.data(), interleaved.size_bytes(), &bytes);
      if (result != MPG123_OK && result != MPG123_DONE) {
        bytes_->fail(fmt::format(
            "truncated or damaged after frame {}: {}", position_,
            result == MPG123_ERR ? mpg123_strerror(handle_.get()) : mpg123_plain_strerror(result)));
      }
      const std::size_t frames = bytes / sizeof(float) / info_.channels;
      position_ += frames;
      in_stream_ += frames;
      if (result == MPG123_DONE || frames == 0) end_stream();
      if (frames > 0) return frames;
    }
    return 0;
  }

 private:
  using Handle = std::unique_ptr<mpg123_handle, void (*)(mpg123_handle*)>;

  // As libsndfile sets it up, so that the same file gives the same samples, and without messages on
  // the terminal. A stream ends where its tag says: what is behind that is a stream of its own.
  void begin_stream() {
    const MpegStream& stream = file_.streams[stream_];
    window_ = {bytes_.get(), stream.range, 0};
    in_stream_ = 0;
    static const int ready_for_all = mpg123_init();  // once, whatever the number of threads
    int error = ready_for_all;
    handle_.reset(error == MPG123_OK ? mpg123_new(nullptr, &error) : nullptr);
    long rate_hz = 0;
    int channels = 0;
    int encoding = 0;
    constexpr long kFlags =
        MPG123_FORCE_FLOAT | MPG123_GAPLESS | MPG123_NO_FRANKENSTEIN | MPG123_QUIET;
    const bool ready =
        handle_ &&
        mpg123_replace_reader_handle(handle_.get(), read_window, seek_window, nullptr) ==
            MPG123_OK &&
        mpg123_param(handle_.get(), MPG123_ADD_FLAGS, kFlags, 0) == MPG123_OK &&
        mpg123_param(handle_.get(), MPG123_REMOVE_FLAGS, MPG123_AUTO_RESAMPLE, 0) == MPG123_OK &&
        mpg123_open_handle(handle_.get(), &window_) == MPG123_OK &&
        mpg123_getformat(handle_.get(), &rate_hz, &channels, &encoding) == MPG123_OK;
    if (!ready) {
      bytes_->fail(
          fmt::format("libmpg123 cannot decode the stream at byte {}: {}", stream.range.begin,
                      handle_ ? mpg123_strerror(handle_.get()) : mpg123_plain_strerror(error)));
    }
    if (rate_hz != static_cast<long>(info_.sample_rate_hz) ||
        channels != static_cast<int>(info_.channels) || encoding != MPG123_ENC_FLOAT_32) {
      bytes_->fail(
          fmt::format("the stream at byte {}: found {} Hz and {} channels, expected {} Hz "
                      "and {} channels",
                      stream.range.begin, rate_hz, channels, info_.sample_rate_hz, info_.channels));
    }
  }

  void end_stream() {
    const MpegStream& stream = file_.streams[stream_];
    // A frame that is cut off is decoded as far as it goes, or not at all.
    const std::uint64_t most =
        stream.samples +
        (stream.last_is_cut ? static_cast<std::uint64_t>(stream.header.samples) : 0);
    if (in_stream_ < stream.samples || in_stream_ > most) {
      bytes_->fail(fmt::format(
          "truncated or damaged: the {} MPEG frames from byte {} on hold {} samples, found {}",
          stream.frames, stream.range.begin, stream.samples, in_stream_));
    }
    handle_.reset();
    if (++stream_ < file_.streams.size()) begin_stream();
  }

  std::shared_ptr<AudioBytes> bytes_;
  MpegFile file_;
  AudioInfo info_;
  Window window_;
  Handle handle_{nullptr, mpg123_delete};
  std::size_t stream_ = 0;     // that is decoded
  std::size_t in_stream_ = 0;  // frames of it
  std::size_t position_ = 0;   // frames of all
};

}  // namespace

std::unique_ptr<AudioSource> open_with_mpg123(std::shared_ptr<AudioBytes> bytes,
                                              const Container& container) {
  return std::make_unique<Mpg123Source>(std::move(bytes), container);
}

}  // namespace musicrep
