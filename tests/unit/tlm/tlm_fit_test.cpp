#include <catch2/catch.hpp>
#include <algorithm>
#include <cmath>

#include "musicrep/error.h"
#include "tlm_testing.h"

namespace musicrep {
namespace {

/// 16 items, half of them a low tone and half a high one, as their tags say.
TrainingCorpus tones() {
  TrainingCorpus corpus;
  corpus.name = "tones";
  corpus.sha256 = "0123";
  TrainingTag low = {"low", "Low tone", "genre", {}};
  TrainingTag high = {"high", "High tone", "genre", {}};
  for (std::size_t i = 0; i < 16; ++i) {
    corpus.ids.push_back("item" + std::to_string(i));
    corpus.splits.emplace_back(i < 12 ? "train" : i < 14 ? "valid" : "test");
    low.present.push_back(i % 2 == 0);
    high.present.push_back(i % 2 == 1);
  }
  corpus.tags = {low, high};
  corpus.load = [](std::size_t i) {
    LoadedSignal out = {random_clip(12000, i), 1, 12000};
    for (std::size_t t = 0; t < out.cols; ++t) {
      out.values[t] =
          0.01F * out.values[t] +
          static_cast<float>(0.5 * std::sin((i % 2 == 0 ? 0.1 : 1.5) * static_cast<double>(t)));
    }
    return out;
  };
  return corpus;
}

FitArgs fit_args(const TempFolder& folder, const std::string& name, std::int64_t steps) {
  FitArgs args;
  args.seed = 3;
  args.options = tlm_options(
      {{"steps", steps}, {"batch_size", std::int64_t{4}}, {"validate_every", std::int64_t{4}}});
  args.weights_path = (folder.path() / (name + ".h5")).string();
  args.checkpoint_path = (folder.path() / (name + ".checkpoint")).string();
  return args;
}

TEST_CASE("training learns, says on what, and gives the same bits again") {
  const TempFolder folder;
  const TrainingCorpus corpus = tones();
  Tlm::fit(corpus, fit_args(folder, "a", 12));
  Tlm::fit(corpus, fit_args(folder, "b", 12));
  const Weights a = tlm::load_weights(folder.path() / "a.h5");
  CHECK((a.tensors == tlm::load_weights(folder.path() / "b.h5").tensors));
  CHECK(a.config.at("variant") == "trained");
  CHECK(a.labels.at("tags") == std::vector<std::string>{"Low tone", "High tone"});
  const std::vector<double>& validation = a.curves.at("validation_loss");
  REQUIRE(validation.size() >= 2);
  CHECK(*std::ranges::min_element(validation) < 0.5);  // log 2 is what guessing costs
  Tlm tlm = make_tlm({{"weights", (folder.path() / "a.h5").string()}, {"variant", "trained"}});
  CHECK_THAT(tlm.notes().at(0), Catch::Contains("on tones"));
  CHECK_THAT(tlm.notes().at(1),
             Catch::Contains("trained on these ") && Catch::Contains("Low tone"));
  const std::vector<float> clip = random_clip(20000, 1);
  const Signal signal = as_signal(clip);
  CHECK(tlm.encode({&signal, 1}).at(0).cols() == 160);
}

TEST_CASE("a corpus that cannot be trained on is refused before anything is loaded") {
  const auto message = [](const TrainingCorpus& corpus, const Options& options) {
    return message_of<DataError>([&] { Tlm::check_corpus(corpus, tlm_options(options)); });
  };
  TrainingCorpus corpus = tones();
  corpus.load = nullptr;
  CHECK_NOTHROW(Tlm::check_corpus(corpus, tlm_options({})));
  CHECK_THAT(message(corpus, {{"leave_out", std::vector<std::string>{"genre"}}}),
             Catch::Contains("'tones' has no tag to train on"));
  TrainingCorpus unlabelled = corpus;
  unlabelled.tags.clear();
  CHECK_THAT(message(unlabelled, {}), Catch::Contains("no tag to train on"));
  for (std::string& split : corpus.splits) split = "train";
  CHECK_THAT(message(corpus, {}), Catch::Contains("0 items of split 'valid'"));
  corpus.splits.assign(corpus.splits.size(), "");
  CHECK_THAT(message(corpus, {}), Catch::Contains("0 items of split 'train'"));
  CHECK_THAT(message_of<ConfigError>([&] {
               Tlm::check_corpus(corpus, tlm_options({{"steps", std::int64_t{0}}}));
             }),
             Catch::Contains("'steps'"));
}

}  // namespace
}  // namespace musicrep
