#include "nn/fit.h"
#include "training/training_options.h"

#include <algorithm>
#include <cmath>

#include "core/options.h"
#include "nn_testing.h"

namespace musicrep {
namespace {

using Catch::Contains;
using Texts = std::vector<std::string>;

Options complete(const Options& given = {}) {
  Options options;
  for (const OptionSpec& spec : training_options({})) options[spec.name] = spec.default_value;
  for (const auto& [name, value] : given) options[name] = value;
  return options;
}

TrainingCorpus corpus() {
  TrainingCorpus out;
  out.name = "events";
  out.about = "made for tests";
  out.sha256 = "abc";
  for (int i = 0; i < 12; ++i) {
    out.ids.push_back("t" + std::to_string(i));
    out.splits.emplace_back(i < 6 ? "train" : i < 9 ? "valid" : "test");
  }
  out.tags = {{"/m/1", "Rock", "genre", {1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1}},
              {"/m/2", "Sad", "mood", {1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0}},
              {"/m/3", "Guitar", "instrument", {1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}}};
  return out;
}

Texts titles(const std::vector<TrainingTag>& tags) {
  Texts out;
  for (const TrainingTag& tag : tags) out.push_back(tag.title);
  return out;
}

}  // namespace

TEST_CASE("training options: all but the interval of checkpoints name a training") {
  for (const OptionSpec& spec : training_options({})) {
    CHECK(spec.trains == (spec.name != "checkpoint_every"));
    CHECK_FALSE(spec.is_path);
  }
  TrainerConfig defaults;
  defaults.l2 = 0.5;
  const TrainerConfig config = trainer_config(
      complete(
          {{"steps", std::int64_t{7}}, {"learning_rate", 0.25}, {"patience", std::int64_t{2}}}),
      defaults);
  CHECK(config.steps == 7);
  CHECK(config.learning_rate == 0.25);
  CHECK(config.patience == 2);
  CHECK(config.l2 == 0.5);
}

TEST_CASE("bad training options are reported all at once") {
  const Options bad = {{"steps", std::int64_t{0}},
                       {"batch_size", std::int64_t{-3}},
                       {"learning_rate", std::nan("")},
                       {"weight_decay", -1.0}};
  const std::string message =
      message_of<ConfigError>([&] { complete_options("encoder 'x'", training_options({}), bad); });
  CHECK_THAT(message, Contains("'steps': found 0, expected at least 1") &&
                          Contains("'batch_size': found -3") &&
                          Contains("'learning_rate': found nan, expected more than 0") &&
                          Contains("'weight_decay': found -1, expected at least 0"));
}

TEST_CASE("tags are those that enough training items have and that are not left out") {
  CHECK(titles(usable_tags(corpus(), complete(), "tlm", 3)) == Texts{"Rock", "Sad"});
  CHECK(titles(usable_tags(corpus(), complete(), "tlm", 1)) == Texts{"Rock", "Sad", "Guitar"});
  const Options no_mood = complete({{"leave_out", Texts{"mood"}}});
  CHECK(titles(usable_tags(corpus(), no_mood, "tlm", 3)) == Texts{"Rock"});
  CHECK_THAT(
      message_of<DataError>([&] { usable_tags(corpus(), no_mood, "tlm", 4); }),
      Contains("tlm: ") && Contains("'events'") && Contains("3 tags") && Contains("at least 4"));
  const Options unknown = complete({{"leave_out", Texts{"moods"}}});
  CHECK_THAT(message_of<ConfigError>([&] { usable_tags(corpus(), unknown, "tlm", 3); }),
             Contains("Did you mean 'mood'?"));
}

TEST_CASE("fit writes weights that say what they are, with curves, and removes its checkpoint") {
  const TempFolder folder;
  FitArgs args;
  args.seed = 5;
  args.weights_path = (folder.path() / "w.h5").string();
  args.checkpoint_path = (folder.path() / "c.h5").string();
  args.provenance = {{"code", "1234"}};
  std::size_t reported = 0;
  args.progress = [&](const FitProgress& p) { reported = p.step; };
  Weights weights;
  weights.architecture = "tiny";
  weights.config = {{"width", 8}};
  weights.source["objective"] = "squared error";
  weights.labels["tags"] = {"Rock", "Sad"};
  TinyTask task;
  fit_and_write(task, tiny_config(), corpus(), args, weights, [](Weights& w) {
    w.tensors["extra"] = {{1}, {3}};
  });
  CHECK(reported == 40);
  CHECK_FALSE(std::filesystem::exists(args.checkpoint_path));
  const Weights written = read_weights(args.weights_path);
  CHECK(written.architecture == "tiny");
  CHECK(written.config == weights.config);
  CHECK(written.labels == weights.labels);
  NamedTensors tensors = written.tensors;
  CHECK(tensors.erase("extra") == 1);
  CHECK(tensors == state_of(task.model()));
  CHECK(written.curves.at("step").back() == 40);
  CHECK(written.curves.at("loss").size() == 40);
  CHECK(written.curves.at("validation_step") == std::vector<double>{7, 14, 21, 28, 35, 40});
  CHECK(written.source.at("kind") == "trained");
  CHECK(written.source.at("objective") == "squared error");
  CHECK(written.source.at("corpus") == "events");
  CHECK(written.source.at("corpus_sha256") == "abc");
  CHECK(written.source.at("seed") == 5);
  CHECK(written.source.at("steps") == 40);
  CHECK(written.source.at("training").at("learning_rate") == 0.02);
  CHECK(written.source.at("provenance").at("code") == "1234");
}

}  // namespace musicrep
