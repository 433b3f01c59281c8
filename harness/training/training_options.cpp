#include "training/training_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/did_you_mean.h"
#include "core/options.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Texts = std::vector<std::string>;

std::int64_t whole(std::size_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

OptionSpec trains(std::string name, OptionValue value, std::string description,
                  std::optional<NumberRange> range) {
  return {.name = std::move(name),
          .default_value = std::move(value),
          .description = "training: " + std::move(description),
          .trains = true,
          .range = range};
}

OptionSpec trains(std::string name, OptionValue value, std::string description,
                  std::vector<std::string> one_of) {
  OptionSpec spec = trains(std::move(name), std::move(value), std::move(description));
  spec.one_of = std::move(one_of);
  return spec;
}

std::vector<OptionSpec> training_options(const TrainerConfig& defaults) {
  std::vector<OptionSpec> specs{
      trains("steps", whole(defaults.steps), "steps, at least 1", NumberRange::at_least(1)),
      trains("batch_size", whole(defaults.batch_size), "items a step, at least 1",
             NumberRange::at_least(1)),
      trains("learning_rate", defaults.learning_rate, "of Adam, at its highest, > 0",
             NumberRange::above(0)),
      trains("weight_decay", defaults.weight_decay, "decoupled (AdamW), >= 0",
             NumberRange::at_least(0)),
      trains("validate_every", whole(defaults.validate_every),
             "steps between validations; the best state is kept; 0: the last is",
             NumberRange::at_least(0)),
      trains("patience", whole(defaults.patience),
             "validations without a better one until it stops; 0: it does not",
             NumberRange::at_least(0)),
      trains("leave_out", Texts{},
             "facets of tags that are not trained on: genre, mood, instrument, other")};
  specs.push_back(
      {.name = "checkpoint_every",
       .default_value = whole(defaults.checkpoint_every),
       .description = "training: steps between checkpoints, at least 1; does not affect results",
       .range = NumberRange::at_least(1)});
  return specs;
}

std::vector<OptionSpec> weights_options() {
  return {{.name = "weights",
           .default_value = std::string(),
           .description = "weights to use: a file of this program or a published one",
           .is_path = true},
          {.name = "train_on",
           .default_value = std::string(),
           .description = "data set of the experiment to train on, where there are no weights"}};
}

OptionSpec frames_from_option() {
  return {.name = "frames_from",
          .default_value = std::string(),
          .description =
              "encoder of the experiment that makes the frames, where the data set offers "
              "audio alone"};
}

TrainerConfig trainer_config(const Options& options, TrainerConfig defaults) {
  const auto count = [&](const char* name) {
    return static_cast<std::size_t>(option<std::int64_t>(options, name));
  };
  defaults.steps = count("steps");
  defaults.batch_size = count("batch_size");
  defaults.learning_rate = option<double>(options, "learning_rate");
  defaults.weight_decay = option<double>(options, "weight_decay");
  defaults.validate_every = count("validate_every");
  defaults.patience = count("patience");
  defaults.checkpoint_every = count("checkpoint_every");
  return defaults;
}

std::vector<TrainingTag> usable_tags(const TrainingCorpus& corpus, const Options& options,
                                     const std::string& who, std::size_t fewest) {
  Texts facets{"genre", "mood", "instrument", "other"};
  for (const TrainingTag& tag : corpus.tags) {
    if (!std::ranges::count(facets, tag.facet)) facets.push_back(tag.facet);
  }
  const auto& leave_out = option<Texts>(options, "leave_out");
  for (const std::string& facet : leave_out) {
    if (!std::ranges::count(facets, facet)) {
      throw ConfigError(
          fmt::format("{}: leave_out: {}", who, unknown_name("facet of tags", facet, facets)));
    }
  }
  const std::vector<std::size_t> items = corpus.items_of("train");
  std::vector<TrainingTag> usable;
  for (const TrainingTag& tag : corpus.tags) {
    const auto present =
        std::ranges::count_if(items, [&](std::size_t i) { return tag.present[i] != 0; });
    if (static_cast<std::size_t>(present) >= fewest && !std::ranges::count(leave_out, tag.facet)) {
      usable.push_back(tag);
    }
  }
  if (usable.empty()) {
    throw DataError(fmt::format(
        "{}: data set '{}' has no tag to train on: found {} tags and {} training items, expected a "
        "tag that at least {} of them have and that leave_out does not name",
        who, corpus.name, corpus.tags.size(), items.size(), fewest));
  }
  return usable;
}

}  // namespace musicrep
