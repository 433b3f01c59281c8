#include "cli/encode_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <mutex>
#include <span>
#include <utility>

#include "audio/examine.h"
#include "cli/terminal.h"
#include "core/parallel.h"
#include "musicrep/error.h"
#include "steps/encode_items.h"

namespace musicrep::cli {
namespace {

std::string counted(std::size_t n, const char* what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

/// The state of each file: not reported, encoded, or what went wrong.
class Work {
 public:
  explicit Work(EncodeRequest request)
      : request_(std::move(request)),
        call_size_(call_batch_size(request_.encoder)),
        encoded_(request_.files.size()),
        mistakes_(request_.files.size()) {}

  EncodedFiles run() {
    const bool in_calls = call_size_ > 1;
    progress_.plan(2);
    check_audio();
    progress_.begin(
        fmt::format("encode {} with {}", counted(request_.files.size(), "file"), request_.name));
    in_calls ? encode_calls() : encode_each();
    progress_.end("done");
    return collect();
  }

 private:
  /// Why the signal is silent for an encoder of this many channels; empty where it is not.
  [[nodiscard]] std::string silence_of(const AudioExamination& audio) const {
    if (audio.peak == 0) return "is silent: every sample is 0";
    if (request_.info.channels == 1 && audio.cancels()) {
      return "is silent when mixed to one channel: its channels cancel each other";
    }
    return "";
  }

  void check_audio() {
    progress_.begin("check the audio of " + counted(request_.files.size(), "file"));
    std::vector<std::string> silent(request_.files.size());
    for_each([&](std::size_t i) {
      const std::string why = silence_of(examine_audio(request_.files[i]));
      if (!why.empty()) silent[i] = fmt::format("'{}' {}", request_.files[i].string(), why);
    });
    progress_.end("done");
    std::ranges::copy_if(silent, std::back_inserter(out_.remarks),
                         [](const std::string& why) { return !why.empty(); });
    Problems problems;
    for (const std::string& mistake : mistakes_) {
      if (!mistake.empty()) problems.add(mistake);
    }
    const bool skips = request_.skip_bad && dependent_batch_size_of(request_.encoder) <= 1;
    if (!skips) problems.throw_if_any("encode:");
    if (!problems.empty()) leave_out_bad();
  }

  /// Without the bad files from here on, so that calls are of good ones.
  void leave_out_bad() {
    EncodeRequest& all = request_;
    std::vector<std::string> ids;
    std::vector<std::filesystem::path> files;
    for (std::size_t i = 0; i < all.files.size(); ++i) {
      if (!mistakes_[i].empty()) {
        out_.failures.push_back(mistakes_[i]);
        continue;
      }
      ids.push_back(std::move(all.ids[i]));
      files.push_back(std::move(all.files[i]));
    }
    all.ids = std::move(ids);
    all.files = std::move(files);
    encoded_.assign(all.files.size(), {});
    mistakes_.assign(all.files.size(), {});
  }

  void encode_each() {
    for_each([&](std::size_t i) {
      Matrix vectors = encode_file(request_.encoder, request_.info, request_.name, request_.ids[i],
                                   request_.files[i]);
      take(i, std::move(vectors));
    });
  }

  /// `body` for every file, on several threads; what it throws is the file's mistake.
  template <typename Body>
  void for_each(Body body) {
    std::mutex mutex;
    std::size_t done = 0;
    parallel_for(request_.files.size(), request_.jobs, [&](std::size_t i) {
      if (stopped_) return;
      try {
        body(i);
      } catch (const ForeignFailure& failure) {
        mistakes_[i] = failure.what();
        stopped_ = true;
      } catch (const DataError& error) {
        mistakes_[i] = error.what();
      }
      const std::lock_guard lock(mutex);
      progress_.update(++done, request_.files.size());
    });
  }

  void encode_calls() {
    const std::size_t n = request_.files.size();
    for (std::size_t first = 0; first < n && !stopped_; first += call_size_) {
      const std::size_t count = std::min(call_size_, n - first);
      try {
        std::vector<Matrix> vectors = encode_in_calls(
            request_.encoder, request_.name, std::span(request_.ids).subspan(first, count),
            loader_of(request_.info, std::span(request_.files).subspan(first, count)),
            request_.jobs,
            [&](std::size_t done, std::size_t) { progress_.update(first + done, n); });
        for (std::size_t i = 0; i < count; ++i) take(first + i, std::move(vectors[i]));
      } catch (const ForeignFailure& failure) {
        mistakes_[first] = failure.what();
        stopped_ = true;
      } catch (const DataError& error) {
        mistakes_[first] = error.what();
      }
    }
  }

  void take(std::size_t i, Matrix vectors) {
    if (const std::string problem = encoded_problem(vectors, 0); !problem.empty()) {
      mistakes_[i] = fmt::format("item '{}': {}", request_.ids[i], problem);
    } else {
      encoded_[i] = std::move(vectors);
    }
  }

  EncodedFiles collect() {
    std::size_t untried = 0;
    std::size_t dim = 0;
    for (std::size_t i = 0; i < encoded_.size(); ++i) {
      if (!mistakes_[i].empty()) {
        out_.failures.push_back(mistakes_[i]);
      } else if (encoded_[i].empty()) {
        ++untried;
      } else if (dim != 0 && encoded_[i].cols() != dim) {
        out_.failures.push_back(
            fmt::format("item '{}': {}", request_.ids[i], encoded_problem(encoded_[i], dim)));
      } else {
        dim = encoded_[i].cols();
        out_.ids.push_back(std::move(request_.ids[i]));
        out_.vectors.push_back(std::move(encoded_[i]));
      }
    }
    if (untried > 0) {
      out_.failures.push_back(counted(untried, "more file") +
                              " not encoded, because the encoder stopped");
    }
    if (out_.ids.empty()) {
      Problems problems;
      for (const std::string& failure : out_.failures) problems.add(failure);
      problems.throw_if_any("encode:");
    }
    return std::move(out_);
  }

  EncodeRequest request_;
  std::size_t call_size_;
  std::vector<Matrix> encoded_;
  std::vector<std::string> mistakes_;
  std::atomic<bool> stopped_ = false;
  TerminalProgress progress_{false};
  EncodedFiles out_;
};

}  // namespace

EncodedFiles encode_files(EncodeRequest request) { return Work(std::move(request)).run(); }

}  // namespace musicrep::cli
