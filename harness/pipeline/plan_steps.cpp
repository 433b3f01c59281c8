#include "pipeline/plan_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/did_you_mean.h"
#include "core/hash.h"
#include "core/options.h"
#include "core/random.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

nlohmann::json to_json(const OptionValue& value) {
  return std::visit([](const auto& v) { return nlohmann::json(v); }, value);
}

}  // namespace

StepPlanner::StepPlanner(Plan& plan, const EncoderRegistry& registry, const PrepareOptions& options,
                         std::span<const std::unique_ptr<Dataset>> full)
    : plan_(plan), registry_(registry), options_(options), full_(full) {}

// What an encoding's key holds of its audio: the bytes of the files, unless the data set knows a
// name for them.
std::string StepPlanner::audio_hash(const Dataset& dataset) const {
  const auto [known, is_new] = audio_sha256_.try_emplace(&dataset);
  if (!is_new) return known->second;
  const auto at = plan_.audio.find(&dataset);
  known->second = at != plan_.audio.end() ? files_sha256(at->second) : known_audio_sha256(dataset);
  return known->second;
}

std::size_t StepPlanner::n_trainings(const std::string& label) const {
  const EncoderSpec& spec = encoder_spec(plan_.experiment, label);
  const std::string frames = frames_from(spec);
  const bool trained =
      !trained_on(spec).empty() || (is_encoder(plan_.experiment, frames) &&
                                    !trained_on(encoder_spec(plan_.experiment, frames)).empty());
  return trained ? plan_.experiment.training_seeds : 1;
}

// With paths as they are found from here, and defaults.
Options StepPlanner::options_of(const EncoderSpec& spec, const std::string& dataset_name) const {
  return registry_.complete_options(
      spec.kind, resolve_options(spec.options, registry_.info(spec.kind).options, dataset_name,
                                 plan_.experiment.file.parent_path(), options_.data_dir));
}

// The step that makes frames of a data set's audio for `spec`.
std::size_t StepPlanner::frames_step(const EncoderSpec& spec, const std::string& dataset_name,
                                     std::size_t seed_index) {
  const std::string label = frames_from(spec);
  if (!is_encoder(plan_.experiment, label)) {
    std::vector<std::string> known;
    for (const EncoderSpec& encoder : plan_.experiment.encoders) known.push_back(encoder.label);
    throw ConfigError("frames_from: " + unknown_name("encoder", label, known));
  }
  const EncoderInfo& info = registry_.info(encoder_spec(plan_.experiment, label).kind);
  if (info.foreign) {  // what stands on frames would fail with it
    throw ConfigError(fmt::format(
        "frames_from: '{}' is foreign ({}), expected one that is built in", label, info.name));
  }
  if (info.input != InputKind::kPcm) {
    throw ConfigError(fmt::format("frames_from: '{}' does not take audio", label));
  }
  return encode_step(label, dataset_name, n_trainings(label) == 1 ? 0 : seed_index);
}

std::size_t StepPlanner::place_of(const std::string& dataset) const {
  const auto at =
      std::ranges::find_if(plan_.datasets, [&](const auto& d) { return d->name == dataset; });
  return static_cast<std::size_t>(at - plan_.datasets.begin());
}

std::size_t StepPlanner::encode_step(const std::string& label, const std::string& dataset_name,
                                     std::size_t seed_index) {
  for (std::size_t i = 0; i < plan_.encodes.size(); ++i) {
    const EncodeStep& step = plan_.encodes[i];
    if (step.label == label && step.dataset->name == dataset_name &&
        step.seed_index == seed_index) {
      return i;
    }
  }
  const EncoderSpec& spec = encoder_spec(plan_.experiment, label);
  const Dataset& full = this->full(place_of(dataset_name));
  EncodeStep step;
  step.label = label;
  step.kind = spec.kind;
  step.info = registry_.info(spec.kind);
  step.dataset = plan_.datasets[place_of(dataset_name)].get();
  if (n_trainings(label) > 1) step.seed_text = fmt::format(" (seed {})", seed_index);
  step.description =
      fmt::format("{}: {}{} on {}", plan_.experiment.name, label, step.seed_text, dataset_name);
  step.options = options_of(spec, dataset_name);
  step.seed_index = seed_index;
  const std::string where = fmt::format("encoder '{}' on data set '{}': ", label, dataset_name);
  bool takes_frames = false;
  try {
    step.info = registry_.info_for(spec.kind, step.options);
    takes_frames = step.info.input == InputKind::kVggishFrames;
    if (takes_frames && !full.frames && !full.audio.empty() && !frames_from(spec).empty()) {
      step.frames = frames_step(spec, dataset_name, seed_index);
      step.frame_space = plan_.encodes[*step.frames].space;
    } else if (full.frames) {
      step.frame_space = full.frames->space();
    }
    if (trained_on(spec).empty()) {
      const auto folder = spec.folder.empty() ? plan_.experiment.file.parent_path() : spec.folder;
      step.encoder = registry_.create(
          spec.kind, {plan_.seed, step.options, step.frame_space, folder.string()});
      step.encoder->check_items(full.ids);
    } else {
      step.fit = fit_step(spec, step.options, seed_index);
    }
  } catch (const ConfigError& error) {
    throw ConfigError(where + error.what());
  } catch (const ForeignFailure& failure) {
    step.refusal = failure.what();
  } catch (const DataError& error) {
    throw DataError(where + error.what());
  }
  step.version = step.info.version;
  if (!step.refusal.empty()) {
    step.encoder = nullptr;
  } else if (step.info.input == InputKind::kPcm && full.audio.empty()) {
    step.refusal = fmt::format("data set '{}' offers no audio, which encoder '{}' takes",
                               dataset_name, spec.kind);
  } else if (takes_frames && !full.frames && !step.frames) {
    step.refusal = fmt::format("data set '{}' offers no VGGish frames, which encoder '{}' takes",
                               dataset_name, spec.kind);
  }
  set_key(step);
  plan_.encodes.push_back(std::move(step));
  return plan_.encodes.size() - 1;
}

void StepPlanner::set_key(EncodeStep& step) const {
  const Dataset& dataset = *step.dataset;
  nlohmann::json options = nlohmann::json::object();
  for (const OptionSpec& option : step.info.options) {
    if (option.is_path || option.practical || option.name == "train_on" ||
        option.name == "frames_from") {
      continue;
    }
    if (option.came_later && step.options.at(option.name) == option.default_value) continue;
    options[option.name] = to_json(step.options.at(option.name));
  }
  const auto [ids, is_new] = ids_sha256_.try_emplace(&dataset);
  if (is_new) {
    Sha256 sha;
    for (const std::string& id : dataset.ids) sha.update_text(id);
    ids->second = sha.hex();
  }
  std::string content;
  if (step.fit) {
    content = "fit " + plan_.fits[*step.fit].key;
  } else if (step.encoder) {
    content = step.encoder->content_sha256();
  }
  nlohmann::json key = {
      {"step", "encode"},   {"encoder", step.kind}, {"encoder_version", step.version},
      {"options", options}, {"content", content},   {"seed", plan_.seed}};
  step.space = sha256_hex(key.dump());
  const bool hears = step.info.input == InputKind::kPcm && step.refusal.empty();
  key["items"] = ids->second;
  key["audio"] = hears ? audio_hash(dataset) : std::string();
  if (step.frames) {
    key["frames"] = "encode " + plan_.encodes[*step.frames].key;
  } else if (step.info.input == InputKind::kVggishFrames && dataset.frames) {
    key["frames"] = dataset.frames->sha256();
  }
  step.key_json = key.dump();
  step.key = sha256_hex(step.key_json);
}

// The training that gives an encoder its weights, shared by all who ask for the same one.
std::size_t StepPlanner::fit_step(const EncoderSpec& spec, const Options& complete,
                                  std::size_t seed_index) {
  const std::string name = trained_on(spec);
  const EncoderAbilities& abilities = registry_.abilities(spec.kind);
  if (!abilities.fit) throw ConfigError(fmt::format("'{}' cannot be trained", spec.kind));
  if (!option<std::string>(complete, "weights").empty()) {
    throw ConfigError("found both weights and train_on, expected one of them");
  }
  const std::size_t place = place_of(name);
  if (place == full_.size()) {
    std::vector<std::string> known;
    for (const DatasetSpec& dataset : plan_.experiment.datasets) known.push_back(dataset.name);
    throw ConfigError("train_on: " + unknown_name("data set", name, known));
  }
  const Dataset& dataset = *plan_.datasets[place];
  const EncoderInfo& info = registry_.info(spec.kind);
  FitStep step;
  step.label = spec.label;
  step.kind = spec.kind;
  step.options = complete;
  step.dataset = &dataset;
  step.seed = derive_seed(plan_.seed, fmt::format("training {}", seed_index));
  step.device = options_.device;
  const std::string seed =
      n_trainings(spec.label) == 1 ? "" : fmt::format(" (seed {})", seed_index);
  step.description =
      fmt::format("{}: {}{} trained on {}", plan_.experiment.name, spec.label, seed, name);
  const bool pcm = info.input == InputKind::kPcm;
  if (!pcm && !dataset.frames && !dataset.audio.empty() && !frames_from(spec).empty()) {
    step.frames = frames_step(spec, name, seed_index);
    step.frame_space = plan_.encodes[*step.frames].space;
  } else if (!pcm && dataset.frames) {
    step.frame_space = dataset.frames->space();
  } else if (!pcm || dataset.audio.empty()) {
    throw DataError(
        fmt::format("train_on: data set '{}' offers no {}", name, pcm ? "audio" : "VGGish frames"));
  }
  step.corpus_sha256 =
      sha256_hex(manifest_sha256(dataset) +
                 (pcm || step.frames ? audio_hash(dataset) : dataset.frames->sha256()));
  // What is left out goes by facets, which the manifest does not hold.
  const auto left_out = complete.find("leave_out");
  if (left_out != complete.end() && !std::get<std::vector<std::string>>(left_out->second).empty()) {
    Sha256 facets;
    facets.update_text(step.corpus_sha256);
    for (const Target& target : dataset.targets) facets.update_text(target.facet);
    step.corpus_sha256 = facets.hex();
  }
  abilities.check_corpus(make_training_corpus(step, info), complete);
  musicrep::set_key(step, info);
  const auto same = std::ranges::find(plan_.fits, step.key, &FitStep::key);
  if (same != plan_.fits.end()) return static_cast<std::size_t>(same - plan_.fits.begin());
  plan_.fits.push_back(std::move(step));
  return plan_.fits.size() - 1;
}

}  // namespace musicrep
