#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <mutex>
#include <set>

#include "musicrep/error.h"
#include "vggish/vggish_weights.h"
#include "vggish_testing.h"

namespace musicrep {
namespace {

/// Noise and tones of two seconds, two patches each; every fourth clip is of each split.
class TinyCorpus {
 public:
  TinyCorpus() {
    corpus.name = "tiny";
    corpus.sha256 = "0123";
    corpus.tags = {{"/t/noise", "Noise", "genre", {}}, {"/t/tone", "Tone", "mood", {}}};
    for (std::size_t i = 0; i < 24; ++i) {
      corpus.ids.push_back("clip" + std::to_string(i));
      corpus.splits.push_back(i % 4 == 2 ? "valid" : i % 4 == 3 ? "test" : "train");
      corpus.tags[0].present.push_back(i % 2 == 0 ? 1 : 0);
      corpus.tags[1].present.push_back(i % 2 == 0 ? 0 : 1);
    }
    corpus.load = [this](std::size_t i) {
      {
        const std::lock_guard lock(mutex);
        loaded.insert(corpus.splits[i]);
      }
      LoadedSignal signal{noise(32000, i), 1, 32000};
      for (std::size_t t = 0; i % 2 == 1 && t < signal.cols; ++t) {
        signal.values[t] = std::sin(static_cast<float>(t * (i + 1)) / 40);
      }
      return signal;
    };
  }
  TrainingCorpus corpus;
  std::mutex mutex;
  std::set<std::string> loaded;
};

Options training(std::int64_t steps = 4) {
  Options options = vggish_options("");
  options["steps"] = steps;
  options["batch_size"] = std::int64_t{6};
  options["validate_every"] = std::int64_t{2};
  return options;
}

std::string fit(const TrainingCorpus& corpus, const TempFolder& folder, const std::string& name,
                std::uint64_t seed = 1, const Options& options = training()) {
  FitArgs args;
  args.seed = seed;
  args.options = options;
  args.weights_path = (folder.path() / (name + ".h5")).string();
  args.checkpoint_path = (folder.path() / (name + ".checkpoint")).string();
  Vggish::fit(corpus, args);
  return args.weights_path;
}

TEST_CASE("a training gives weights that say what they are, and encode") {
  TinyCorpus tiny;
  const TempFolder folder;
  const std::string path = fit(tiny.corpus, folder, "a");
  CHECK(tiny.loaded == std::set<std::string>{"train", "valid"});
  const Weights weights = read_weights(path);
  CHECK_NOTHROW(check_vggish_weights(weights, path));
  CHECK(weights.config.at("width") == 0.25);
  CHECK(weights.source.at("kind") == "trained");
  CHECK(weights.source.at("corpus") == "tiny");
  CHECK(weights.labels.at("tags") == std::vector<std::string>{"Noise", "Tone"});
  CHECK(weights.tensors.contains("head.weight"));
  CHECK(weights.curves.at("validation_loss").size() == 2);
  Options options = vggish_options(path);
  options["postprocess"] = std::string("quantised");
  for (const char* end : {"linear", "relu"}) {
    options["end"] = std::string(end);
    Vggish vggish({0, options});
    const Matrix frames = encode_with(vggish, noise(32000));
    CHECK(frames.rows() == 2);
    for (const double v : frames.values()) CHECK(std::abs(v) <= 2);
    CHECK_THAT(vggish.notes().at(0),
               Catch::Contains("trained here: 4 steps") && Catch::Contains("on tiny"));
    CHECK_THAT(vggish.notes().at(1), Catch::Contains("tags: Noise, Tone"));
  }

  // Same seed, same bits; another seed, others.
  CHECK(read_weights(fit(tiny.corpus, folder, "b")).tensors == weights.tensors);
  CHECK_FALSE(read_weights(fit(tiny.corpus, folder, "c", 2)).tensors == weights.tensors);
}

TEST_CASE("training learns to tell noise from tones") {
  TinyCorpus tiny;
  const TempFolder folder;
  const Weights weights = read_weights(fit(tiny.corpus, folder, "a", 1, training(30)));
  CHECK(weights.curves.at("validation_loss").back() < 0.3);  // ln 2 = 0.69 at a guess
}

TEST_CASE("fewer patches a clip where memory is short") {
  TinyCorpus tiny;
  const TempFolder folder;
  Options options = training(1);
  options["max_patches"] = std::int64_t{2};
  options["batch_size"] = std::int64_t{100};
  CHECK_NOTHROW(fit(tiny.corpus, folder, "a", 1, options));
}

TEST_CASE("a corpus that does not suffice") {
  const auto message = [](const TrainingCorpus& corpus, const Options& options) {
    return message_of<Error>([&] { Vggish::check_corpus(corpus, options); });
  };
  TinyCorpus good;
  CHECK_NOTHROW(Vggish::check_corpus(good.corpus, training()));

  TinyCorpus one;
  std::ranges::fill(one.corpus.splits, "test");
  CHECK_THAT(message(one.corpus, training()), Catch::Contains("'tiny'") &&
                                                  Catch::Contains("split \"train\"") &&
                                                  Catch::Contains("split \"valid\""));
  TinyCorpus bare;
  bare.corpus.tags.clear();
  CHECK_THAT(message(bare.corpus, training()), Catch::Contains("no tag to train on"));
  Options options = training();
  options["leave_out"] = std::vector<std::string>{"genre", "mood"};
  CHECK_THAT(message(good.corpus, options), Catch::Contains("no tag to train on"));
  options = training();
  options["width"] = 0.3;
  CHECK_THAT(message(good.corpus, options), Catch::Contains("expected 1, 0.5, 0.25 or 0.125"));
}

}  // namespace
}  // namespace musicrep
