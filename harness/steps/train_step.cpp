#include "steps/train_step.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_set>

#include "core/event_log.h"
#include "core/hash.h"
#include "core/kernels.h"
#include "core/memory.h"
#include "core/options.h"
#include "core/random.h"
#include "datasets/artist_names.h"
#include "datasets/tags.h"
#include "graph/cached.h"
#include "musicrep/error.h"
#include "provenance/provenance.h"
#include "steps/encode_step.h"
#include "steps/render_step.h"

namespace musicrep {
TrainingCorpus make_training_corpus(const Training& training, const EncoderInfo& info,
                                    std::shared_ptr<const ItemFrames> frames) {
  const Dataset& dataset = *training.dataset;
  TrainingCorpus corpus;
  corpus.name = dataset.name;
  corpus.about = dataset.about;
  corpus.sha256 = training.corpus_sha256;
  corpus.frame_space = training.frame_space;
  corpus.texts = dataset.texts;
  corpus.ids = dataset.ids;
  corpus.splits = dataset.splits;
  corpus.groups = dataset.groups;
  for (const Target& target : dataset.targets) {
    if (is_tag(target)) {
      TrainingTag tag{target.name,
                      target.title.empty() ? target.name : target.title,
                      target.facet.empty() ? "other" : target.facet,
                      {}};
      for (const double value : target.values) tag.present.push_back(value == 1 ? 1 : 0);
      corpus.tags.push_back(std::move(tag));
    } else if (!target.is_classification()) {
      corpus.numbers[target.name] = target.values;
    }
  }
  corpus.load = [&dataset, info, frames = std::move(frames)](std::size_t i) {
    return load_item(dataset, info, frames.get(), i);
  };
  return corpus;
}

std::string training_key_json(const Training& training, const EncoderInfo& info) {
  nlohmann::json options = nlohmann::json::object();
  for (const OptionSpec& spec : info.options) {
    if (!spec.trains) continue;
    if (spec.came_later && training.options.at(spec.name) == spec.default_value) continue;
    const OptionValue& value = training.options.at(spec.name);
    const auto* path = spec.is_path ? std::get_if<std::string>(&value) : nullptr;
    if (path != nullptr && !path->empty()) {
      options[spec.name] = sha256_of_file(*path);  // what a file holds counts, not where it lies
    } else {
      options[spec.name] = std::visit([](const auto& v) { return nlohmann::json(v); }, value);
    }
  }
  return nlohmann::json({{"step", "fit"},
                         {"encoder", training.kind},
                         {"encoder_version", info.version},
                         {"options", options},
                         {"corpus", training.corpus_sha256},
                         {"frames", training.frame_space},
                         {"device", training.device},
                         {"kernels", kernels_key()},
                         {"seed", training.seed}})
      .dump();
}

Seen seen_in_training(const Dataset& corpus, const Dataset& scored,
                      const std::set<std::uint32_t>& tested) {
  std::unordered_set<std::string> ids;
  std::vector<std::string> artists;
  for (std::size_t i = 0; i < corpus.ids.size(); ++i) {
    if (!corpus.splits.empty() && corpus.splits[i] == "test") continue;
    ids.insert(corpus.ids[i]);
    if (!corpus.groups.empty()) artists.push_back(corpus.groups[i]);
  }
  const std::size_t n_learned = artists.size();
  Seen out;
  for (const std::uint32_t i : tested) {
    out.n_items += ids.contains(scored.ids[i]) ? 1U : 0U;
    if (!scored.groups.empty()) artists.push_back(scored.groups[i]);
  }
  if (n_learned == 0 || artists.size() == n_learned) return out;
  // Two data sets may spell an artist in two ways.
  const std::vector<std::string> named = artists;
  merge_artist_spellings(artists);
  const std::unordered_set<std::string> learned(
      artists.begin(), artists.begin() + static_cast<std::ptrdiff_t>(n_learned));
  std::set<std::string> shared;
  for (std::size_t k = n_learned; k < artists.size(); ++k) {
    if (!artists[k].empty() && learned.contains(artists[k])) shared.insert(named[k]);
  }
  out.n_groups = shared.size();
  if (!shared.empty()) out.group = *shared.begin();
  return out;
}

TrainStep::TrainStep(Training training, const EncoderInfo& info, const Step* audio)
    : training_(std::move(training)) {
  StepFacts& facts = mutable_facts();
  facts.kind = kTrainStep;
  facts.text =
      fmt::format("{:<24} on {}{}", training_.label, training_.dataset->name, training_.seed_text);
  facts.title = fmt::format("train {}{} on {}", training_.label, training_.seed_text,
                            training_.dataset->name);
  set_key(training_key_json(training_, info));
  if (audio != nullptr) facts.inputs.push_back(audio);
  if (training_.frames != nullptr) facts.inputs.push_back(training_.frames);
  facts.outputs = {fmt::format("weights/{}.h5", facts.key)};
  facts.subject = {kTrainStep, training_.label, training_.dataset->name,
                   static_cast<std::int64_t>(training_.seed_index)};
  if (const auto steps = training_.options.find("steps"); steps != training_.options.end()) {
    const auto* n = std::get_if<std::int64_t>(&steps->second);
    if (n != nullptr) facts.size = static_cast<std::size_t>(*n);
  }
  facts.output_grows = false;
  facts.on_one_thread = true;
  facts.on_gpu = training_.device == "cuda";
  facts.is_silent_when_stored = true;
}

bool TrainStep::is_stored(const ArtefactStore& store) const {
  return store.has_weights(facts().key);
}

nlohmann::json TrainStep::details() const { return {{"device", training_.device}}; }

StepOutcome TrainStep::run(const StepContext& context) const {
  const std::filesystem::path weights = context.store.weights_path(facts().key);
  const auto is_there = [&] { return context.store.has_weights(facts().key); };
  Recipe<std::int64_t> recipe;  // of how many training steps it took
  recipe.key = facts().key;
  recipe.title = training_.description;
  recipe.measured = CostMeter::Of::kThread;
  recipe.load = [&] { return is_there() ? std::optional<std::int64_t>(0) : std::nullopt; };
  std::shared_ptr<const ItemFrames> frames;
  recipe.make = [&](CostMeter& meter) {
    const EncoderInfo& info = context.encoders.info(training_.kind);
    if (info.input == InputKind::kPcm) render_missing_audio(*training_.dataset, context);
    if (training_.frames != nullptr) frames = training_.frames->item_frames(context);
    meter.restart();
    const std::int64_t n_steps =
        train(context, make_training_corpus(training_, info, std::move(frames)));
    if (!is_there()) {
      throw DataError(fmt::format("encoder '{}' was trained, but wrote no valid weights to '{}'",
                                  training_.label, weights.string()));
    }
    return n_steps;
  };
  recipe.size = [&](std::int64_t n_steps) {
    return StepSize{n_steps, static_cast<double>(std::filesystem::file_size(weights)) / (1 << 20)};
  };
  recipe.keep = [](std::int64_t) {};
  const bool was_stored = make_once(context, recipe).was_stored;
  return {.text = fmt::format("weights {}", facts().key.substr(0, 12)),
          .key = facts().key,
          .was_stored = was_stored};
}

std::int64_t TrainStep::train(const StepContext& context, const TrainingCorpus& corpus) const {
  log_event(LogLevel::kInfo, training_.description, "", "training begins");
  const auto began = std::chrono::steady_clock::now();
  std::int64_t n_steps = 0;
  FitArgs args;
  args.seed = derive_seed(training_.seed, "fit/" + training_.kind);
  args.options = training_.options;
  args.device = training_.device;
  args.weights_path = context.store.weights_path(facts().key).string();
  args.checkpoint_path = args.weights_path + ".checkpoint";
  args.provenance = code_provenance();
  args.provenance["step_key"] = facts().key;
  args.provenance["step"] = facts().key_json;
  args.progress = [&](const FitProgress& at) {
    if (logs(LogLevel::kDebug)) {
      log_event(LogLevel::kDebug, training_.description, "",
                fmt::format("step {} of {}, loss {:.5f}", at.step, at.steps, at.loss));
    }
    n_steps = static_cast<std::int64_t>(at.steps);
    context.update(at.step, at.steps);
  };
  context.encoders.abilities(training_.kind).fit(corpus, args);
  release_freed_memory();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - began;
  log_event(LogLevel::kInfo, training_.description, "",
            fmt::format("trained: {} steps, {:.1f} s", n_steps, elapsed.count()));
  return n_steps;
}

}  // namespace musicrep
