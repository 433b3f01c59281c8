#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "mtlmr/mtlmr.h"
#include "mtlmr/mtlmr_weights.h"
#include "mtlmr_testing.h"
#include "test_files.h"

namespace musicrep {
namespace {

using Texts = std::vector<std::string>;

FitArgs args_of(const TempFolder& folder, const std::string& name, const Options& options) {
  FitArgs args;
  args.seed = 3;
  args.options = options_with(options);
  args.weights_path = (folder.path() / (name + ".h5")).string();
  args.checkpoint_path = (folder.path() / (name + ".checkpoint")).string();
  return args;
}

Options small(std::int64_t steps) {
  return {{"steps", steps},
          {"batch_size", std::int64_t{4}},
          {"validate_every", std::int64_t{2}},
          {"checkpoint_every", std::int64_t{2}},
          {"factors", std::int64_t{4}}};
}

TEST_CASE("mtlmr learns from all sources, the same bits each time, and its weights encode") {
  const TempFolder folder;
  const TrainingCorpus corpus = made_corpus(24, 2.8);
  for (const std::string name : {"a", "b"}) Mtlmr::fit(corpus, args_of(folder, name, small(4)));
  const Weights a = read_weights(folder.path() / "a.h5");
  CHECK((a.tensors == read_weights(folder.path() / "b.h5").tensors));
  CHECK(a.config["tasks"].size() == 6);
  CHECK(a.config["last_patch"] == "drop");
  CHECK(a.source["corpus"] == "made");
  CHECK_THAT(a.source["objective"].get<std::string>(), Catch::Contains("self, tags, artist"));
  CHECK(a.labels.at("tags") == Texts{"Low", "High"});
  CHECK(a.curves.at("validation_loss").size() == 2);
  // The mean of each band, in dB, of what was trained on.
  CHECK(a.tensors.at("scaler_mean").values[127] < -20);
  EncoderArgs with;
  with.options = options_with({{"weights", (folder.path() / "a.h5").string()}});
  Mtlmr encoder(with);
  const std::vector<float> clip = tone(440, 3, 1);
  const Signal signal = {"a clip", clip, 2, clip.size() / 2};
  CHECK(encoder.encode({&signal, 1})[0].cols() == 512);
}

TEST_CASE("a seed, branches and sources of one's own, clips shorter than a patch, a silent one") {
  const TempFolder folder;
  TrainingCorpus corpus = made_corpus(12, 1);
  const auto load = corpus.load;
  corpus.load = [load](std::size_t i) {
    LoadedSignal signal = load(i);
    if (i == 0) std::ranges::fill(signal.values, 0.0F);
    return signal;
  };
  Options options = small(2);
  options["branch_at"] = std::string("6");
  options["sources"] = Texts{"tempo", "self"};
  Mtlmr::fit(corpus, args_of(folder, "a", options));
  FitArgs other = args_of(folder, "b", options);
  other.seed = 4;
  Mtlmr::fit(corpus, other);
  const Weights a = read_weights(folder.path() / "a.h5");
  CHECK(a.config["branch_at"] == "6");
  CHECK(a.config["tasks"].size() == 2);
  CHECK_FALSE((a.tensors == read_weights(folder.path() / "b.h5").tensors));
}

TEST_CASE("mtlmr's loss falls where there is something to learn") {
  const TempFolder folder;
  Options options = small(24);
  options["batch_size"] = std::int64_t{8};
  options["validate_every"] = std::int64_t{0};
  options["sources"] = Texts{"tags"};
  Mtlmr::fit(made_corpus(24, 2.8), args_of(folder, "a", options));
  const std::vector<double> loss = read_weights(folder.path() / "a.h5").curves.at("loss");
  REQUIRE(loss.size() == 24);
  double first = 0;
  double last = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    first += loss[i];
    last += loss[20 + i];
  }
  CHECK(last < 0.5 * first);
}

TEST_CASE("a corpus or options that cannot train mtlmr are refused before anything is loaded") {
  TrainingCorpus corpus = made_corpus(16, 1);
  corpus.load = [](std::size_t) -> LoadedSignal { throw DataError("loaded"); };
  const auto data_message = [&](const Options& options) {
    return message_of<DataError>([&] { Mtlmr::check_corpus(corpus, options_with(options)); });
  };
  const auto config_message = [&](const Options& options) {
    return message_of<ConfigError>([&] { Mtlmr::check_corpus(corpus, options_with(options)); });
  };
  CHECK(data_message({}) == "(nothing was thrown)");
  CHECK_THAT(config_message({{"branch_at", std::string("3")}}),
             Catch::Contains("found '3', expected null, 2, 4, 6, fc"));
  CHECK_THAT(config_message({{"factors", std::int64_t{1}}}),
             Catch::Contains("found 1, expected 2"));
  CHECK_THAT(data_message({{"batch_size", std::int64_t{1}}}), Catch::Contains("batch_size = 1"));
  CHECK_THAT(data_message({{"sources", Texts{"year"}}}), Catch::Contains("the number 'year'"));
  corpus.splits.assign(16, "train");
  CHECK_THAT(data_message({}), Catch::Contains("no items with split 'valid'"));
  CHECK(data_message({{"validate_every", std::int64_t{0}}}) == "(nothing was thrown)");
  corpus.splits.assign(16, "test");
  CHECK_THAT(data_message({}), Catch::Contains("found 0 items with split 'train'"));
}

}  // namespace
}  // namespace musicrep
