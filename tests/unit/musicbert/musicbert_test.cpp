#include "musicbert/musicbert.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <thread>

#include "core/options.h"
#include "core/random.h"
#include "musicrep/error.h"
#include "test_files.h"
#include "weights/weights_file.h"

namespace musicrep {
namespace {

using Texts = std::vector<std::string>;

std::vector<float> frames_of(std::size_t n, std::uint64_t seed, float level = 0) {
  Random random(seed);
  std::vector<float> out(n * 128);
  for (float& x : out) x = level + static_cast<float>(random.normal());
  return out;
}

/// Clips of 1 to 9 frames; odd ones are high, of the tag "High", and have another text. Every
/// fourth is of each split; those of the split "test" cannot be loaded.
TrainingCorpus made_corpus() {
  TrainingCorpus corpus;
  corpus.name = "made";
  corpus.about = "made by a test";
  corpus.sha256 = "0123";
  corpus.frame_space = "space A";
  corpus.tags = {{"/low", "Low", "genre", {}}, {"/high", "High", "mood", {}}};
  for (std::size_t i = 0; i < 48; ++i) {
    corpus.ids.push_back("clip " + std::to_string(i));
    corpus.splits.emplace_back(i % 8 == 6 ? "valid" : i % 8 == 7 ? "test" : "train");
    for (std::size_t t = 0; t < 2; ++t) {
      corpus.tags[t].present.push_back(static_cast<std::uint8_t>(i % 2 == t ? 1 : 0));
    }
    corpus.texts.emplace_back(i % 8 == 7   ? "secret secret"
                              : i % 2 == 1 ? "a high note of one"
                                           : "a low note");
  }
  corpus.load = [](std::size_t i) -> LoadedSignal {
    if (i % 8 == 7) throw DataError("an item of the split 'test' was asked for");
    const std::size_t n = 1 + i % 9;
    return {frames_of(n, i, i % 2 == 1 ? 0.5F : -0.5F), n, 128};
  };
  return corpus;
}

Options options_with(Options given) {
  const Options small = {{"width", std::int64_t{16}},     {"heads", std::int64_t{2}},
                         {"layers", std::int64_t{1}},     {"steps", std::int64_t{4}},
                         {"batch_size", std::int64_t{8}}, {"validate_every", std::int64_t{2}}};
  given.insert(small.begin(), small.end());
  return complete_options("musicbert", Musicbert::static_info().options, given);
}

Weights fit(const TempFolder& folder, const std::string& name, const Options& options,
            const TrainingCorpus& corpus = made_corpus(), std::uint64_t seed = 1) {
  FitArgs args;
  args.seed = seed;
  args.options = options_with(options);
  args.weights_path = (folder.path() / (name + ".h5")).string();
  args.checkpoint_path = (folder.path() / (name + ".checkpoint")).string();
  Musicbert::fit(corpus, args);
  return read_weights(args.weights_path);
}

EncoderArgs args_with(const TempFolder& folder, Options options,
                      const std::string& space = "space A") {
  options["weights"] = (folder.path() / "a.h5").string();
  EncoderArgs args;
  args.options = options_with(options);
  args.frame_space = space;
  return args;
}

Matrix encoded(Musicbert& encoder, const std::vector<float>& frames) {
  const Signal signal = {"a clip", frames, frames.size() / 128, 128};
  return encoder.encode({&signal, 1}).at(0);
}

TEST_CASE("musicbert is trained by each objective, the same bits each time") {
  const TempFolder folder;
  for (const std::string objective :
       {"audioset", "mlm", "mim", "align", "0.5*mlm+mim+2*audioset+align"}) {
    CAPTURE(objective);
    const Weights a = fit(folder, "a", {{"objective", objective}});
    CHECK((a.tensors == fit(folder, "b", {{"objective", objective}}).tensors));
    CHECK_FALSE(
        (a.tensors == fit(folder, "b", {{"objective", objective}}, made_corpus(), 2).tensors));
    CHECK(a.config["frame_space"] == "space A");
    CHECK_THAT(a.source["objective"].get<std::string>(), Catch::StartsWith(objective));
    CHECK(a.curves.at("validation_loss").size() == 2);
    CHECK(a.tensors.contains("heads.match") == (objective.find("mim") != std::string::npos));
    CHECK(a.tensors.contains("heads.frames.weight") ==
          (objective.find("mlm") != std::string::npos));
    CHECK(a.tensors.contains("heads.log_scale") == (objective.find("align") != std::string::npos));
    const bool tags = objective.find("audioset") != std::string::npos;
    CHECK(a.labels.contains("tags") == tags);
    if (tags) CHECK(a.labels.at("tags") == Texts{"Low", "High"});
    Musicbert encoder(args_with(folder, {}));
    CHECK(encoded(encoder, frames_of(5, 1)).rows() == 5);
  }
}

TEST_CASE("the vocabulary comes from the texts of the training items alone") {
  const TempFolder folder;
  Options options = {{"max_words", std::int64_t{4}}, {"vocabulary", std::int64_t{4}}};
  const Weights a = fit(folder, "a", options);
  CHECK(a.config["words"] == Texts{"a", "note", "high", "low"});
  // 18 training items say "of", which is not known, and "one", which is behind the limit.
  CHECK_THAT(a.source["objective"].get<std::string>(),
             Catch::Contains("4 words known; 18 words of the training texts unknown, 18 cut off"));
  TrainingCorpus silent = made_corpus();
  silent.texts.clear();
  CHECK_THAT(fit(folder, "b", {}, silent).source["objective"].get<std::string>(),
             Catch::Contains("frames alone"));
}

TEST_CASE("the loss falls where there is something to learn") {
  const TempFolder folder;
  const Weights a = fit(folder, "a",
                        {{"objective", std::string("audioset")},
                         {"steps", std::int64_t{60}},
                         {"learning_rate", 0.01}});
  CHECK(a.curves.at("loss").front() > 0.6);
  CHECK(a.curves.at("loss").back() < 0.2);
}

TEST_CASE("a clip's vectors depend on it alone: neighbours, threads and pieces") {
  const TempFolder folder;
  CHECK(fit(folder, "a", {{"max_frames", std::int64_t{6}}}).config["max_frames"] == 6);
  Musicbert encoder(args_with(folder, {}));
  std::vector<std::vector<float>> clips;
  for (std::size_t i = 0; i < 12; ++i) clips.push_back(frames_of(1 + i % 7, i));
  std::vector<Signal> signals;
  for (const auto& clip : clips) signals.push_back({"a clip", clip, clip.size() / 128, 128});
  const std::vector<Matrix> together = encoder.encode(signals);
  std::vector<std::vector<Matrix>> by_thread(3);
  std::vector<std::thread> threads;
  for (auto& into : by_thread) {
    threads.emplace_back([&] { into = encoder.encode(signals); });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < clips.size(); ++i) {
    CHECK(encoded(encoder, clips[i]) == together[i]);
    for (const auto& of_thread : by_thread) CHECK(of_thread[i] == together[i]);
  }
  // Seven frames are three and four.
  const Matrix whole = together[6];
  REQUIRE(whole.rows() == 7);
  const Matrix first = encoded(encoder, {clips[6].begin(), clips[6].begin() + 3 * 128});
  for (std::size_t t = 0; t < 3; ++t) {
    CHECK(std::ranges::equal(first.row(t), whole.row(t)));
  }
}

TEST_CASE("layer, pooling and the input beside it are options of the encoder") {
  const TempFolder folder;
  fit(folder, "a", {});
  const std::vector<float> clip = frames_of(5, 3);
  const auto with = [&](const Options& options) {
    Musicbert encoder(args_with(folder, options));
    return encoded(encoder, clip);
  };
  const Matrix plain = with({});
  CHECK(plain.cols() == 16);
  CHECK_THAT(Musicbert(args_with(folder, {})).notes().at(0), Catch::Contains("made"));
  CHECK(with({{"layer", std::int64_t{1}}}) == plain);
  CHECK_FALSE(with({{"layer", std::int64_t{0}}}) == plain);
  CHECK(with({{"pooling", std::string("cls")}}).rows() == 1);
  const Matrix beside = with({{"concat_input", true}});
  REQUIRE(beside.cols() == 16 + 128);
  CHECK(beside.at(2, 16 + 7) == static_cast<double>(clip[2 * 128 + 7]));
  CHECK(beside.at(2, 3) == plain.at(2, 3));
  const Matrix both = with({{"concat_input", true}, {"pooling", std::string("cls")}});
  CHECK(both.rows() == 1);
  CHECK(both.cols() == 16 + 128);

  Musicbert all(args_with(folder, {{"select", true}, {"concat_input", true}}));
  const Matrix readings = encoded(all, clip);
  const auto reading = [&](const VectorView& view, std::size_t row) {
    std::vector<double> out;
    for (const auto& [first, end] : view.columns) {
      const auto values = readings.row(row).subspan(first, end - first);
      out.insert(out.end(), values.begin(), values.end());
    }
    return out;
  };
  const std::vector<VectorView> views = all.views();
  REQUIRE(views.size() == 4);
  CHECK(views[0].name == "layer 1, mean of frames");
  CHECK(std::ranges::equal(reading(views[0], 3), plain.row(3)));
  CHECK(views[1].name == "layer 1, [CLS]");
  CHECK(std::ranges::equal(reading(views[1], 3), with({{"pooling", std::string("cls")}}).row(0)));
  CHECK(std::ranges::equal(reading(views[2], 3), beside.row(3)));
  CHECK(views[3].name == "layer 1, [CLS] beside the input");
  CHECK_THAT(message_of<ConfigError>([&] {
               with({{"select", true}, {"layer", std::int64_t{1}}});
             }),
             Catch::Contains("select tries all layers"));
}

TEST_CASE("texts have vectors of their own, and a reason where they have none") {
  const TempFolder folder;
  const Weights a =
      fit(folder, "a", {{"objective", std::string("align")}, {"max_words", std::int64_t{4}}});
  Musicbert encoder(args_with(folder, {}));
  REQUIRE(encoder.reason_without_texts().empty());
  const Texts texts = {"a high note", "A HIGH, note!", "a strange note of one", "", "?!", "qq zz"};
  const std::vector<TextVector> found = encoder.encode_texts(texts);
  REQUIRE(found.size() == 6);
  CHECK(found[0].problem.empty());
  CHECK(found[0].values.size() == 16);
  CHECK(found[0].values == found[1].values);
  CHECK_FALSE(found[0].values == found[2].values);
  CHECK(found[2].unknown == 1);
  CHECK(found[2].cut == 1);
  CHECK(found[3].problem == "the text has no words");
  CHECK(found[4].problem == "the text has no words");
  CHECK(found[5].problem == "none of the text's 2 words is known");
  for (std::size_t i = 3; i < 6; ++i) CHECK(found[i].values.empty());
  // Neither neighbours nor threads move a bit.
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(encoder.encode_texts({&texts[i], 1}).at(0).values == found[i].values);
  }
  std::vector<TextVector> of_thread;
  std::thread([&] { of_thread = encoder.encode_texts(texts); }).join();
  CHECK(of_thread[2].values == found[2].values);

  const auto with = [&](const Options& options) {
    Musicbert other(args_with(folder, options));
    return other.encode_texts({texts.data(), 1}).at(0).values;
  };
  CHECK(with({{"layer", std::int64_t{1}}}) == found[0].values);
  CHECK_FALSE(with({{"layer", std::int64_t{0}}}) == found[0].values);
  CHECK_FALSE(with({{"pooling", std::string("cls")}}) == found[0].values);
  CHECK_THAT(Musicbert(args_with(folder, {{"concat_input", true}})).reason_without_texts(),
             Catch::Contains("concat_input"));
  CHECK_THAT(Musicbert(args_with(folder, {{"select", true}})).reason_without_texts(),
             Catch::Contains("select"));
  TrainingCorpus silent = made_corpus();
  silent.texts.clear();
  fit(folder, "a", {}, silent);
  CHECK_THAT(Musicbert(args_with(folder, {})).reason_without_texts(),
             Catch::Contains("without texts"));
}

TEST_CASE("the control learns with the texts of other clips, and says so") {
  const TempFolder folder;
  const Options align = {{"objective", std::string("align")}};
  Options shuffled = align;
  shuffled["shuffle_texts"] = true;
  const Weights own = fit(folder, "a", align);
  const Weights control = fit(folder, "b", shuffled);
  CHECK(own.config["words"] == control.config["words"]);
  CHECK_FALSE((own.tensors == control.tensors));
  CHECK((control.tensors == fit(folder, "c", shuffled).tensors));
  CHECK_THAT(control.source["objective"].get<std::string>(), Catch::Contains("control: texts"));
  CHECK_THAT(own.source["objective"].get<std::string>(), !Catch::Contains("control"));
}

/// Rows that sum to 1, none of them negative.
bool are_distributions(const Matrix& m) {
  for (std::size_t i = 0; i < m.rows(); ++i) {
    double sum = 0;
    for (const double w : m.row(i)) {
      if (w < 0) return false;
      sum += w;
    }
    if (std::abs(sum - 1) > 1e-5) return false;
  }
  return true;
}

TEST_CASE("a trace has the numbers of encode, layer by layer, and the attention that made them") {
  const TempFolder folder;
  fit(folder, "a", {{"layers", std::int64_t{2}}, {"max_frames", std::int64_t{6}}});
  const std::vector<float> clip = frames_of(7, 3);  // in pieces of three and four
  const Signal signal = {"a clip", clip, 7, 128};
  Musicbert traced(args_with(folder, {{"concat_input", true}, {"pooling", std::string("cls")}}));
  const std::vector<LayerTrace> trace = traced.trace(signal);
  Texts names;
  for (const LayerTrace& layer : trace) names.push_back(layer.name);
  CHECK(names == Texts{"input", "layer 1 attention", "layer 1", "layer 2 attention", "layer 2"});
  for (std::int64_t layer = 0; layer <= 2; ++layer) {
    Musicbert encoder(args_with(folder, {{"layer", layer}}));
    CHECK(trace.at(static_cast<std::size_t>(2 * layer)).states == encoded(encoder, clip));
  }
  for (const LayerTrace& layer : trace) {
    CAPTURE(layer.name);
    CHECK(layer.states.rows() == 7);
    if (!layer.name.ends_with("attention")) {
      CHECK(layer.attention.empty());
      continue;
    }
    REQUIRE(layer.attention.size() == 2 * 2);  // pieces, heads
    for (std::size_t k = 0; k < 4; ++k) {
      const AttentionMap& map = layer.attention[k];
      CHECK(map.head == k % 2);
      CHECK(map.first_frame == 2);
      CHECK(map.weights.rows() == map.weights.cols());
      CHECK(map.weights.rows() == (k < 2 ? 3 : 4) + 2);
      CHECK(are_distributions(map.weights));
    }
  }
  CHECK_FALSE(trace[1].states == trace[0].states);
  CHECK_FALSE(trace[1].states == trace[2].states);
  CHECK_FALSE(trace[1].attention[0].weights == trace[1].attention[1].weights);
  const Signal none = {"bad clip", {}, 0, 128};
  CHECK_THAT(message_of<DataError>([&] { traced.trace(none); }), Catch::Contains("'bad clip'"));
}

TEST_CASE("frames of another space, and what are no frames, are refused") {
  const TempFolder folder;
  fit(folder, "a", {});
  CHECK_THAT(message_of<DataError>([&] { Musicbert(args_with(folder, {}, "space B")); }),
             Catch::Contains("'space A'") && Catch::Contains("'space B'"));
  Musicbert encoder(args_with(folder, {}));
  const auto refused = [&](std::vector<float> values, std::size_t rows, std::size_t cols) {
    const Signal signal = {"bad clip", values, rows, cols};
    return message_of<DataError>([&] { encoder.encode({&signal, 1}); });
  };
  CHECK_THAT(refused({}, 0, 128), Catch::Contains("'bad clip'") && Catch::Contains("[0, 128]"));
  CHECK_THAT(refused(std::vector<float>(64), 1, 64), Catch::Contains("[1, 64]"));
  std::vector<float> bad = frames_of(2, 1);
  bad[130] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THAT(refused(bad, 2, 128), Catch::Contains("in frame 1"));
}

TEST_CASE("options and corpora that cannot be are refused before anything is loaded") {
  TrainingCorpus corpus = made_corpus();
  corpus.load = [](std::size_t) -> LoadedSignal { throw DataError("loaded"); };
  const auto config_message = [&](const Options& options) {
    return message_of<ConfigError>([&] { Musicbert::check_corpus(corpus, options_with(options)); });
  };
  const auto data_message = [&](const Options& options) {
    return message_of<DataError>([&] { Musicbert::check_corpus(corpus, options_with(options)); });
  };
  CHECK(data_message({}) == "(nothing was thrown)");
  CHECK_THAT(config_message({{"objective", std::string("mlmm")}}), Catch::Contains("'mlm'"));
  CHECK_THAT(config_message({{"objective", std::string("mlm+mlm")}}), Catch::Contains("twice"));
  CHECK_THAT(config_message({{"objective", std::string("-1*mlm")}}), Catch::Contains("'-1'"));
  CHECK_THAT(config_message({{"objective", std::string("")}}), Catch::Contains("objective"));
  CHECK_THAT(config_message({{"heads", std::int64_t{3}}}), Catch::Contains("a multiple of the 3"));
  CHECK_THAT(config_message({{"dropout", 1.0}, {"attention", std::string("hard")}}),
             Catch::Contains("'dropout'") && Catch::Contains("'attention'"));
  CHECK_THAT(config_message({{"mixup", 0.5}}), Catch::Contains("goes with the objective audioset"));
  CHECK_THAT(config_message({{"mixup", -1.0}}), Catch::Contains("'mixup': found -1"));
  const Texts texts = corpus.texts;
  std::ranges::fill(corpus.texts, " ?");
  CHECK_THAT(data_message({{"objective", std::string("mlm+align")}}),
             Catch::Contains("nothing to align"));
  corpus.texts.clear();
  CHECK_THAT(data_message({{"objective", std::string("align")}}), Catch::Contains("no texts"));
  CHECK(data_message({}) == "(nothing was thrown)");
  corpus.texts = texts;
  corpus.tags.clear();
  CHECK(data_message({}) == "(nothing was thrown)");
  CHECK_THAT(data_message({{"objective", std::string("audioset")}}), Catch::Contains("no tag"));
  corpus.splits.assign(corpus.splits.size(), "test");
  CHECK_THAT(data_message({}), Catch::Contains("\"train\"") && Catch::Contains("\"valid\""));
  EncoderArgs args;
  args.options = options_with({});
  CHECK_THAT(message_of<ConfigError>([&] { Musicbert encoder(args); }),
             Catch::Contains("no weights"));
}

}  // namespace
}  // namespace musicrep
