#include "musicbert_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cmath>
#include <stdexcept>

#include "core/did_you_mean.h"
#include "core/options.h"
#include "musicrep/error.h"
#include "training/training_options.h"

namespace musicrep {
namespace {

TrainerConfig default_training() {
  TrainerConfig config;
  config.steps = 800;
  config.batch_size = 128;
  config.learning_rate = 1e-3;
  config.weight_decay = 0.01;
  config.warmup = 0.1;
  config.decay = true;
  config.clip_norm = 1;
  config.validate_every = 0;
  config.checkpoint_every = 200;
  return config;
}

using Texts = std::vector<std::string>;

constexpr std::size_t kCameLater = 6;  // the last of those below

const Texts kObjectives = {"audioset", "mlm", "mim", "align"};

}  // namespace

std::vector<OptionSpec> musicbert_training_options() {
  const MusicbertConfig net;
  std::vector<OptionSpec> specs = {
      trains("objective", std::string("mlm"),
             "audioset (tags of clips), mlm (masked frames and words), mim (masked frames against "
             "others), align (clips and their texts against others), or a weighted sum such "
             "as 0.5*mlm+mim"),
      trains("width", net.width, "numbers of a position's vector, a multiple of heads",
             NumberRange::between(1, 8192)),
      trains("layers", net.layers,
             "blocks of the Transformer; 0: none, two towers of input vectors and their means",
             NumberRange::between(0, 100)),
      trains("heads", net.heads, "of attention, at least 1", NumberRange::between(1, 1024)),
      trains("ffn", std::int64_t{0}, "hidden units of a block; 0: 4 times the width",
             NumberRange::between(0, 65536)),
      trains("norm", std::string("pre"), "pre (before attention) or post (behind, as BERT)",
             Texts{"pre", "post"}),
      trains("attention", std::string("softmax"),
             fmt::format("{}", fmt::join(attention_names(), ", ")), attention_names()),
      trains("window", net.window,
             "places, both sides together, that a frame sees beside text; 0: all",
             NumberRange::between(0, 1e5)),
      trains("dropout", 0.1, "share of numbers set to 0, in [0, 1)",
             NumberRange{.least = 0, .greatest = 1, .without_greatest = true}),
      trains("masked", 0.15, "share of the positions that mlm and mim choose, in (0, 1]",
             NumberRange{.least = 0, .greatest = 1, .without_least = true}),
      trains("mixup", 0.0,
             "audioset: clips are mixed in pairs, in shares from Beta(a, a); 0: not at all",
             NumberRange::at_least(0)),
      trains("head_reads", std::string("mean"), "audioset: mean (of the frames) or cls",
             Texts{"mean", "cls"}),
      trains("max_words", net.max_words, "of a text; what is behind them is cut off",
             NumberRange::between(1, 1e5)),
      trains("max_frames", net.max_frames,
             "at once; of longer clips any stretch in training, one after the other later",
             NumberRange::between(1, 1e5)),
      trains("vocabulary", std::int64_t{10000}, "most words to know", NumberRange::between(0, 1e7)),
      trains("shuffle_texts", false, "control: the texts are shuffled among the clips"),
      trains("batching", std::string("random"),
             "random, or length: batches of clips and texts of about one length, which pads less",
             Texts{"random", "length"})};
  specs.push_back(trains("extra_clips", 0.0,
                         "clips without a text to a clip with one: batches are of clips with a "
                         "text, and so many more are drawn beside them, which align leaves out; 0: "
                         "batches of all clips alike",
                         NumberRange::between(0, 100)));
  specs.push_back(trains("sentences", false,
                         "each time a text is learned from, a random half of its sentences"));
  specs.push_back(trains("word_dropout", 0.0, "share of words left out of a text, in [0, 1)",
                         NumberRange{.least = 0, .greatest = 1, .without_greatest = true}));
  specs.push_back(trains("frame_dropout", 0.0,
                         "share of frames left out of a clip, in [0, 1); one at least stays",
                         NumberRange{.least = 0, .greatest = 1, .without_greatest = true}));
  OptionSpec vectors = trains("word_vectors", std::string(),
                              "a file of pre-trained word vectors, GloVe's or word2vec's format, "
                              "which the words' vectors begin with; empty: random numbers");
  vectors.is_path = true;
  specs.push_back(std::move(vectors));
  for (std::size_t i = specs.size() - kCameLater; i < specs.size(); ++i) specs[i].came_later = true;
  for (OptionSpec& spec : training_options(default_training())) specs.push_back(std::move(spec));
  return specs;
}

ObjectiveWeights objectives_named(const std::string& text) {
  ObjectiveWeights out;
  const auto fail = [&](const std::string& why) {
    return ConfigError(fmt::format(
        "musicbert: objective: found '{}', expected such as mlm or 0.5*mlm+mim: {}", text, why));
  };
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('+', at), text.size());
    std::string name = text.substr(at, end - at);
    double weight = 1;
    const std::size_t star = name.find('*');
    if (star != std::string::npos) {
      const auto [last, error] = std::from_chars(name.data(), name.data() + star, weight);
      if (error != std::errc() || last != name.data() + star || !std::isfinite(weight) ||
          weight <= 0) {
        throw fail(fmt::format("'{}' is not a number > 0", name.substr(0, star)));
      }
      name.erase(0, star + 1);
    }
    double* into = name == "audioset" ? &out.audioset
                   : name == "mlm"    ? &out.mlm
                   : name == "mim"    ? &out.mim
                   : name == "align"  ? &out.align
                                      : nullptr;
    if (into == nullptr) throw fail(unknown_name("objective", name, kObjectives));
    if (*into > 0) throw fail("it names " + name + " twice");
    *into = weight;
    at = end + 1;
  }
  return out;
}

MusicbertTraining musicbert_training(const Options& options) {
  MusicbertTraining out;
  out.objectives = objectives_named(option<std::string>(options, "objective"));
  out.trainer = trainer_config(options, default_training());
  const auto whole = [&](const char* name) { return option<std::int64_t>(options, name); };
  const auto text = [&](const char* name) { return option<std::string>(options, name); };
  out.net.width = whole("width");
  out.net.layers = whole("layers");
  out.net.heads = whole("heads");
  out.net.ffn = whole("ffn");
  if (out.net.ffn == 0) out.net.ffn = 4 * out.net.width;
  out.net.window = whole("window");
  out.net.max_words = whole("max_words");
  out.net.max_frames = whole("max_frames");
  out.most_words = static_cast<std::size_t>(whole("vocabulary"));
  out.net.pre_norm = text("norm") == "pre";
  out.net.attention = attention_named(text("attention"));
  out.classes_from_cls = text("head_reads") == "cls";
  out.trainer.by_length = text("batching") == "length";
  out.shuffle_texts = option<bool>(options, "shuffle_texts");
  out.dropout = option<double>(options, "dropout");
  out.masking.share = option<double>(options, "masked");
  out.mixup = option<double>(options, "mixup");
  out.extra_clips = option<double>(options, "extra_clips");
  out.dropped.sentences = option<bool>(options, "sentences");
  out.dropped.words = option<double>(options, "word_dropout");
  out.dropped.frames = option<double>(options, "frame_dropout");
  out.word_vectors = option<std::string>(options, "word_vectors");
  Problems problems;
  if (out.mixup > 0 && out.objectives.audioset == 0) {
    problems.add("option 'mixup' mixes labels: it goes with the objective audioset");
  } else if (out.mixup > 0 && out.objectives.align > 0) {
    problems.add("option 'mixup' mixes no texts, which align would need");
  }
  if (out.extra_clips > 0 && out.objectives.align == 0) {
    problems.add("option 'extra_clips' goes with the objective align: others learn from all clips");
  }
  if (out.net.width % out.net.heads != 0) {
    problems.add(fmt::format("option 'width': found {}, expected a multiple of the {} heads",
                             out.net.width, out.net.heads));
  }
  problems.throw_if_any<ConfigError>("musicbert:");
  return out;
}

std::vector<TrainingTag> musicbert_tags(const TrainingCorpus& corpus, const Options& options,
                                        const MusicbertTraining& training) {
  if (training.objectives.audioset == 0) return {};
  return usable_tags(corpus, options, "musicbert", 1);
}

Vocabulary musicbert_vocabulary(const TrainingCorpus& corpus, const std::vector<std::size_t>& items,
                                const MusicbertTraining& training) {
  if (corpus.texts.empty()) return {};
  std::vector<std::string> texts;
  for (const std::size_t i : items) texts.push_back(corpus.texts[i]);
  return Vocabulary::of_texts(texts, training.fewest_texts, training.most_words);
}

}  // namespace musicrep
