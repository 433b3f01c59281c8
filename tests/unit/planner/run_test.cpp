// Trainings, frames and seeds in a run, with encoders made of a few numbers.

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "core/files.h"
#include "musicrep/error.h"
#include "planner/prepare.h"
#include "planner/run.h"
#include "provenance/code_hash.h"
#include "steps/diagnose_step.h"
#include "steps/retrieve_step.h"
#include "steps/sweep_step.h"
#include "store/seal.h"
#include "test_files.h"
#include "weights/weights_file.h"

using Catch::Matchers::Contains;
using namespace musicrep;  // NOLINT: a test of most of the pipeline

namespace {

std::atomic<int> n_fits{0};
std::atomic<int> n_encoded{0};
std::mutex mutex;
std::set<std::string> spaces_seen;

// "Weights": one number from the seed, in a sealed file.
void write_number(const FitArgs& args, double number) {
  write_atomically(args.weights_path, [&](const std::filesystem::path& temporary) {
    write_text_atomically(temporary, std::to_string(number));
    append_seal(temporary);
  });
}

double read_number(const Options& options) {
  const auto& path = std::get<std::string>(options.at("weights"));
  if (path.empty()) throw ConfigError("give weights or train_on");
  return std::stod(read_file(path));
}

std::vector<OptionSpec> options_of(bool frames) {
  std::vector<OptionSpec> out = {
      {.name = "weights", .default_value = std::string(), .description = "file", .is_path = true},
      {.name = "train_on", .default_value = std::string(), .description = "data set"},
      {.name = "factor", .default_value = 1.0, .description = "trains", .trains = true}};
  if (frames) out.push_back({"frames_from", std::string(), "encoder"});
  return out;
}

// Loudness of a clip, in two halves, times a trained number.
class ToyFrames : public Encoder {
 public:
  explicit ToyFrames(const EncoderArgs& args) : number_(read_number(args.options)) {}
  static EncoderInfo static_info() {
    EncoderInfo info;
    info.name = "toy_frames";
    info.version = "1";
    info.description = "a test's";
    info.citation = "none";
    info.sample_rate_hz = 8000;
    info.channels = 1;
    info.options = options_of(false);
    return info;
  }
  static void check_corpus(const TrainingCorpus& corpus, const Options&) {
    if (corpus.tags.empty()) throw DataError("the corpus '" + corpus.name + "' has no tags");
  }
  static void fit(const TrainingCorpus& corpus, const FitArgs& args) {
    ++n_fits;
    const LoadedSignal first = corpus.load(0);
    if (first.rows != 1 || first.cols == 0) throw DataError("no audio came");
    args.progress({1, 1, 0});
    write_number(args, 1 + static_cast<double>(args.seed % 7));
  }
  std::vector<Matrix> encode(std::span<const Signal> signals) override {
    std::vector<Matrix> out;
    for (const Signal& signal : signals) {
      ++n_encoded;
      Matrix m(2, 3);
      for (std::size_t i = 0; i < signal.cols; ++i) {
        const double v = signal.values[i];
        m.at(2 * i / signal.cols, 0) += number_ * v * v;
        m.at(2 * i / signal.cols, 1) += std::abs(v);
        m.at(2 * i / signal.cols, 2) += number_ * v * v * v * v;
      }
      out.push_back(std::move(m));
    }
    return out;
  }
  [[nodiscard]] std::vector<std::string> notes() const override {
    return {"number " + std::to_string(number_)};
  }

 private:
  double number_;
};
MUSICREP_ENCODER(toy_frames, ToyFrames)

class ToyTop : public Encoder {
 public:
  explicit ToyTop(const EncoderArgs& args) : number_(read_number(args.options)) {
    const std::lock_guard lock(mutex);
    spaces_seen.insert(args.frame_space);
  }
  static EncoderInfo static_info() {
    EncoderInfo info;
    info.name = "toy_top";
    info.version = "1";
    info.description = "a test's";
    info.citation = "none";
    info.input = InputKind::kVggishFrames;
    info.options = options_of(true);
    return info;
  }
  static void check_corpus(const TrainingCorpus&, const Options&) {}
  static void fit(const TrainingCorpus& corpus, const FitArgs& args) {
    ++n_fits;
    if (corpus.frame_space.empty()) throw DataError("no embedding space");
    const LoadedSignal first = corpus.load(0);
    if (first.rows != 2 || first.cols != 3) throw DataError("no frames came");
    write_number(args, first.values[1]);
  }
  std::vector<Matrix> encode(std::span<const Signal> signals) override {
    std::vector<Matrix> out;
    for (const Signal& signal : signals) {
      Matrix m(1, signal.cols);
      for (std::size_t i = 0; i < signal.values.size(); ++i) {
        m.at(0, i % signal.cols) += number_ * signal.values[i];
      }
      out.push_back(std::move(m));
    }
    return out;
  }

 private:
  double number_;
};
MUSICREP_ENCODER(toy_top, ToyTop)

constexpr const char* kExperiment = R"(
name = "toy"
training_seeds = 3
[dataset.moods]
kind = "orchestrion"
corpus = "moods"
n_clips = 60
n_artists = 30
clip_s = 0.5
[dataset.events]
kind = "orchestrion"
corpus = "events"
n_clips = 20
n_artists = 10
clip_s = 0.5
[task.arousal]
dataset = "moods"
targets = ["arousal"]
[encoder.frames]
kind = "toy_frames"
train_on = "events"
[encoder.top]
kind = "toy_top"
train_on = "events"
frames_from = "frames"
[[evaluate]]
tasks = ["arousal"]
encoders = ["frames", "top"]
protocols = ["nested"]
)";

constexpr const char* kTestsWhatIsTrainedOn = R"(
name = "seen"
[dataset.events]
kind = "orchestrion"
corpus = "events"
n_clips = 20
n_artists = 10
clip_s = 0.5
[task.arousal]
dataset = "events"
targets = ["arousal"]
[encoder.frames]
kind = "toy_frames"
train_on = "events"
[[evaluate]]
tasks = ["arousal"]
encoders = ["frames"]
protocols = ["hear-10fold"]
)";

class Quiet : public Progress {
 public:
  void plan(std::size_t n) override { planned = n; }
  void begin(const std::string&) override { ++begun; }
  void update(std::size_t, std::size_t) override {}
  void end(const std::string&) override {}
  std::size_t planned = 0;
  std::size_t begun = 0;
};

EncoderRegistry toys() {
  EncoderRegistry registry;
  musicrep_register_toy_frames(registry);
  musicrep_register_toy_top(registry);
  return registry;
}

Plan plan_of(const TempFolder& folder, const std::string& text) {
  PrepareOptions options;
  options.cache = folder.path() / "cache";
  return prepare(folder.write("e.toml", text), toys(), options);
}

Results run_toy(const TempFolder& folder, std::size_t jobs, Quiet* reported = nullptr) {
  const Plan plan = plan_of(folder, kExperiment);
  Quiet quiet;
  const EncoderRegistry encoders = toys();
  const ArtefactStore store(folder.path() / "cache");
  return run(plan, {store, encoders, jobs}, reported != nullptr ? *reported : quiet);
}

std::string without(std::string text, const std::string& line) {
  const std::size_t at = text.find(line);
  REQUIRE(at != std::string::npos);
  return text.erase(at, line.size());
}

}  // namespace

TEST_CASE("Encoders are trained once per seed, and what takes frames gets those of its seed") {
  const TempFolder folder;
  n_fits = 0;
  n_encoded = 0;
  spaces_seen.clear();
  Quiet reported;
  const Results first = run_toy(folder, 2, &reported);
  CHECK(n_fits == 6);  // two encoders, three seeds
  // Moods, the corpus of the upper encoder, and the clips of fingerprint and contract.
  CHECK(n_encoded > 3 * (60 + 20));
  const int n_encoded_first = n_encoded;
  CHECK(spaces_seen.size() == 3);  // frames of three trainings
  CHECK(reported.begun == reported.planned);
  REQUIRE(first.rows.size() == 2);
  for (const ResultRow& row : first.rows) {
    CAPTURE(row.encoder, row.failure);
    REQUIRE(row.failure.empty());
    CHECK(row.n == 60);
    CHECK(row.n_seeds == 3);
    CHECK(row.item_ids.size() == 180);
    CHECK(row.targets.front().predicted.size() == 180);
    CHECK(row.targets.front().selected.size() == 15);
    CHECK(row.ci_low <= row.score);
    CHECK(row.score <= row.ci_high);
    CHECK_THAT(row.notes.front(), Contains("mean of 3 training seeds: "));
    CHECK_THAT(row.ci_method, Contains("3 trainings"));
  }
  REQUIRE(first.comparisons.size() == 1);
  CHECK(first.comparisons.front().test == "paired t over 30 artists, 3 trainings, training folds");

  SECTION("nothing is done again, and the same is computed") {
    const Results again = run_toy(folder, 1);
    CHECK(n_fits == 6);
    CHECK(n_encoded == n_encoded_first);
    CHECK(content_digest(again) == content_digest(first));
  }
  SECTION("curves of the weights, and what is known of base rates, go into the results") {
    CHECK(first.curves.empty());  // the toys' weights are of a format of their own
    Weights weights{.architecture = "toy",
                    .config = nlohmann::json::object(),
                    .source = nlohmann::json::object(),
                    .tensors = {},
                    .curves = {{"step", {10, 20}},
                               {"loss", {0.5, 0.4}},
                               {"validation_step", {20}},
                               {"validation_loss", {0.45}}},
                    .labels = {}};
    for (const auto& file :
         std::filesystem::directory_iterator(folder.path() / "cache" / "weights")) {
      write_weights(file.path(), weights);
      weights.curves["base_loss"] = {0.6};
      weights.curves["average_precision"] = {0.25};
    }
    const Results again = run_toy(folder, 1);
    CHECK(content_digest(again) == content_digest(first));
    REQUIRE(again.curves.size() == 6);
    CHECK(std::ranges::count(again.curves, std::optional<double>(), &TrainingCurve::base_loss) ==
          1);
    CHECK(std::ranges::count(again.curves, std::optional(0.6), &TrainingCurve::base_loss) == 5);
    CHECK(std::ranges::count(again.curves, std::optional(0.25),
                             &TrainingCurve::average_precision) == 5);
    CHECK(again.curves.front().validation_loss == std::vector{0.45});
  }
  SECTION("from nothing, on one thread, the same is computed") {
    const TempFolder other;
    CHECK(content_digest(run_toy(other, 1)) == content_digest(first));
  }
  SECTION("damaged weights whose embeddings are gone are made again") {
    std::filesystem::remove_all(folder.path() / "cache" / "embeddings");
    for (const auto& file :
         std::filesystem::directory_iterator(folder.path() / "cache" / "weights")) {
      std::filesystem::resize_file(file.path(), 3);
    }
    CHECK(content_digest(run_toy(folder, 2)) == content_digest(first));
    CHECK(n_fits == 12);
  }
}

TEST_CASE("Keys hold the code that scores or diagnoses, and move with it") {
  const TempFolder folder;
  const Plan plan = plan_of(folder, kExperiment);
  RunSettings& settings = *plan.settings;
  CHECK(settings.scoring_code == scoring_code_sha256());
  CHECK(settings.diagnosis_code == diagnosis_code_sha256());
  CHECK(settings.scoring_code.size() == 64);
  CHECK(settings.scoring_code != settings.diagnosis_code);
  const EvaluateStep& row = *plan.evaluations[0];
  const RetrievalTask retrieval = {row.task().dataset, "test", true, 0};
  const SweepSpec spec;
  const std::vector<std::string> hashes = {"hash"};
  const std::vector<std::size_t> items = {0};
  const auto keys = [&] {
    return std::vector{
        evaluation_key_json(settings, row.task(), row.protocol(), "manifest", "hash"),
        sweep_key_json(settings, spec, row.task(), row.protocol(), "manifest", hashes),
        retrieval_key_json(settings, retrieval, "manifest", "space", "hash"),
        diagnosis_key_json(settings, plan.encodings[0]->encoding(), items)};
  };
  const std::vector<std::string> before = keys();
  const auto without_code = [](std::vector<std::string> of) {
    for (std::string& key : of) key = key_without_code(key);
    return of;
  };
  for (std::size_t k = 0; k < before.size(); ++k) {
    const std::string& code = k < 3 ? settings.scoring_code : settings.diagnosis_code;
    CHECK_THAT(before[k], Contains("\"code\":\"" + code + "\""));
  }
  settings.scoring_code = "other";
  for (std::size_t k = 0; k < before.size(); ++k) CHECK((keys()[k] != before[k]) == (k < 3));
  CHECK(without_code(keys()) == without_code(before));
  settings.scoring_code = scoring_code_sha256();
  CHECK(keys() == before);
  settings.diagnosis_code = "other";
  for (std::size_t k = 0; k < before.size(); ++k) CHECK((keys()[k] != before[k]) == (k == 3));
}

TEST_CASE("What other code has scored is scored again, and nothing else is") {
  const TempFolder folder;
  const Results first = run_toy(folder, 2);
  const auto n_stored = [&] {
    const std::filesystem::recursive_directory_iterator files(folder.path() / "cache/evaluation");
    return std::count_if(begin(files), end(files),
                         [](const auto& entry) { return entry.path().extension() == ".h5"; });
  };
  const auto n_before = n_stored();
  REQUIRE(n_before > 0);
  n_fits = 0;
  n_encoded = 0;
  const Plan plan = plan_of(folder, kExperiment);
  plan.settings->scoring_code = "other";
  Quiet quiet;
  const EncoderRegistry encoders = toys();
  const ArtefactStore store(folder.path() / "cache");
  const Results other = run(plan, {store, encoders}, quiet);
  CHECK(n_stored() == 2 * n_before);
  CHECK(n_fits == 0);
  CHECK(n_encoded == 0);
  CHECK(content_digest(other) == content_digest(first));  // step_key, too: code is not in it
  CHECK(content_digest(run_toy(folder, 1)) == content_digest(first));
  CHECK(n_stored() == 2 * n_before);
}

TEST_CASE("What a training needs is checked before anything begins") {
  const TempFolder folder;
  const std::string text = kExperiment;
  const auto reported = [&](const std::string& experiment) {
    return message_of<Error>([&] { plan_of(folder, experiment); });
  };
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string out = text;
    const std::size_t at = out.find(from);
    REQUIRE(at != std::string::npos);
    return out.replace(at, from.size(), to);
  };
  n_fits = 0;
  CHECK_THAT(reported(without(text, "train_on = \"events\"\n")),
             Contains("give weights or train_on"));
  CHECK_THAT(reported(replaced("train_on = \"events\"", "train_on = \"event\"")),
             Contains("data set 'event'") && Contains("events"));
  CHECK_THAT(reported(kTestsWhatIsTrainedOn),
             Contains("18 of the 20 tested items and 9 of their artists") &&
                 Contains("were in the training data 'events' of 'frames'") &&
                 Contains("allow_seen = true"));
  CHECK_THAT(
      reported(replaced("train_on = \"events\"", "train_on = \"events\"\nweights = \"w.h5\"")),
      Contains("both weights and train_on"));
  CHECK_THAT(reported(replaced("corpus = \"events\"", "corpus = \"genres\"")),
             Contains("has no tags"));
  CHECK_THAT(reported(replaced("frames_from = \"frames\"", "frames_from = \"frame\"")),
             Contains("frames_from: ") && Contains("frame"));
  CHECK_THAT(reported(replaced("frames_from = \"frames\"", "frames_from = \"top\"")),
             Contains("'top' does not take audio"));
  CHECK_THAT(reported(replaced("training_seeds = 3", "training_seeds = 0")),
             Contains("training_seeds") && Contains("0 is not in 1 to 100"));
  CHECK(n_fits == 0);
}

TEST_CASE("What was trained on is tested where the experiment allows it, and the plan says so") {
  const TempFolder folder;
  const std::string text = kTestsWhatIsTrainedOn;
  CHECK_THROWS_AS(plan_of(folder, text), DataError);
  const Plan plan = plan_of(folder, text + "allow_seen = true\n");
  REQUIRE(plan.evaluations.size() == 1);
  REQUIRE(plan.evaluations.front()->notes().size() == 1);
  CHECK_THAT(plan.evaluations.front()->notes().front(),
             Contains("18 of the 20 tested items and 9 of their artists"));
}

TEST_CASE("Options that train are part of a training's key, others are not") {
  const TempFolder folder;
  const auto key = [&](const std::string& option) {
    std::string text = kExperiment;
    text.insert(text.find("train_on"), option);
    return plan_of(folder, text).trainings.front()->facts().key;
  };
  const std::string plain = key("");
  CHECK(key("factor = 1.0\n") == plain);
  CHECK(key("factor = 2.0\n") != plain);
}
