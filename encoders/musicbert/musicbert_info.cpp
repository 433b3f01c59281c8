// What is known of MusicBERT without LibTorch.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/options.h"
#include "musicbert.h"
#include "musicbert_options.h"
#include "musicrep/error.h"
#include "networks/network.h"
#include "training/training_options.h"

namespace musicrep {

EncoderInfo Musicbert::static_info() {
  EncoderInfo info;
  info.name = "musicbert";
  info.version = "1";
  info.description = "States of a Transformer over VGGish frames and words, trained in this tree";
  info.citation =
      "Rossetto, Dalton: MusicBERT: A Shared Multi-Modal Representation for Music and Text, "
      "NLP4MusA 2020";
  info.bibtex = R"(% known by: Rossetto
@inproceedings{rossetto2020musicbert,
  title = {{MusicBERT}: A Shared Multi-Modal Representation for Music and Text},
  author = {Rossetto, Federico and Dalton, Jeff},
  booktitle = {Proceedings of the 1st Workshop on NLP for Music and Audio (NLP4MusA)},
  year = {2020}
})";
  info.licence = "that of what it is trained on";
  info.input = InputKind::kVggishFrames;
  info.hop_s = 0.96;
  info.options = weights_options();
  info.options.push_back(frames_from_option());
  info.options.push_back({.name = "layer",
                          .default_value = std::int64_t{-1},
                          .description = "whose states are given: 0 (the input), 1 ...; -1: the "
                                         "last"});
  info.options.push_back(
      {.name = "pooling",
       .default_value = std::string("mean"),
       .description = "mean: a vector for each frame, which protocols take the mean of; cls: that "
                      "of [CLS]"});
  info.options.push_back(
      {.name = "concat_input",
       .default_value = false,
       .description = "whether the input frames are concatenated with the states"});
  info.options.push_back({.name = "select",
                          .default_value = false,
                          .description =
                              "each protocol chooses layer and pooling (and, with "
                              "concat_input, whether the input is concatenated with them) as "
                              "it does its grid: on training folds alone"});
  std::ranges::move(musicbert_training_options(), std::back_inserter(info.options));
  return info;
}

void Musicbert::check_corpus(const TrainingCorpus& corpus, const Options& options) {
  const MusicbertTraining training = musicbert_training(options);
  Problems problems;
  const std::size_t n = corpus.items_of("train").size();
  if (n < 2) problems.add(fmt::format("found {} items of the split \"train\", expected 2", n));
  if (training.trainer.validate_every > 0 && corpus.items_of("valid").empty()) {
    problems.add("no item has the split \"valid\" (validate_every = 0 trains without)");
  }
  if (training.objectives.align > 0 && corpus.texts.empty()) {
    problems.add("it has no texts, which the objective align compares with the music");
  } else if (training.objectives.align > 0) {
    const std::vector<std::size_t> items = corpus.items_of("train");
    const Vocabulary known = musicbert_vocabulary(corpus, items, training);
    const auto most = static_cast<std::size_t>(training.net.max_words);
    const auto speaks = [&](std::size_t i) {
      const TextIds words = known.ids_of(corpus.texts[i], most);
      return words.unknown < words.ids.size();
    };
    if (std::ranges::count_if(items, speaks) < 2) {
      problems.add(
          "fewer than 2 items of the split \"train\" have a text with a word that others have, "
          "too: nothing to align");
    }
  }
  problems.throw_if_any(fmt::format("musicbert cannot be trained on '{}':", corpus.name));
  musicbert_tags(corpus, options, training);
}

}  // namespace musicrep

MUSICREP_NETWORK_INFO(musicbert, musicrep::Musicbert)
