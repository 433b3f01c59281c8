#include "planner/step_planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/did_you_mean.h"
#include "core/hash.h"
#include "core/kernels.h"
#include "core/options.h"
#include "core/random.h"
#include "musicrep/error.h"
#include "steps/render_step.h"

namespace musicrep {
namespace {

nlohmann::json to_json(const OptionValue& value) {
  return std::visit([](const auto& v) { return nlohmann::json(v); }, value);
}

// Why a data set cannot feed an encoder; empty: it can.
std::string lacking_input(const EncoderInfo& info, const std::string& kind, const Dataset& full,
                          bool frames_are_made) {
  if (info.input == InputKind::kPcm && full.audio.empty()) {
    return fmt::format("data set '{}' offers no audio, which encoder '{}' takes", full.name, kind);
  }
  if (info.input == InputKind::kVggishFrames && !full.frames && !frames_are_made) {
    return fmt::format("data set '{}' offers no VGGish frames, which encoder '{}' takes", full.name,
                       kind);
  }
  return "";
}

}  // namespace

const std::string& StepPlanner::audio_sha256(const PreparedDataset& dataset) {
  const auto [known, is_new] = audio_sha256_.try_emplace(&dataset);
  if (is_new) known->second = dataset.audio_sha256();
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

std::string StepPlanner::seed_text(const std::string& label, std::size_t seed_index) const {
  return n_trainings(label) == 1 ? "" : fmt::format(" (seed {})", seed_index);
}

// With paths as they are found from here, and defaults.
Options StepPlanner::options_of(const EncoderSpec& spec, const std::string& dataset_name) const {
  return registry_.complete_options(
      spec.kind, resolve_options(spec.options, registry_.info(spec.kind).options, dataset_name,
                                 plan_.experiment.file.parent_path(), options_.data_dir));
}

const Step* StepPlanner::render(const PreparedDataset& dataset) {
  if (!dataset.data->make_audio) return nullptr;
  const auto [at, is_new] = renderings_.try_emplace(&dataset);
  if (is_new) at->second = std::make_unique<RenderStep>(dataset);
  return at->second.get();
}

// The step that makes frames of a data set's audio for `spec`.
const EncodeStep* StepPlanner::frames_for(const EncoderSpec& spec, const std::string& dataset_name,
                                          std::size_t seed_index, const Deformation* deformation) {
  const std::string label = frames_from(spec);
  if (!is_encoder(plan_.experiment, label)) {
    std::vector<std::string> known;
    for (const EncoderSpec& encoder : plan_.experiment.encoders) known.push_back(encoder.label);
    throw ConfigError("frames_from: " + unknown_name("encoder", label, known));
  }
  const EncoderInfo& info = registry_.info(encoder_spec(plan_.experiment, label).kind);
  if (info.foreign) {  // encoders of its frames would fail with it
    throw ConfigError(
        fmt::format("frames_from: '{}' is an external encoder ({}), expected a built-in one", label,
                    info.name));
  }
  if (info.input != InputKind::kPcm) {
    throw ConfigError(fmt::format("frames_from: '{}' does not take audio", label));
  }
  return &encode(label, dataset_name, n_trainings(label) == 1 ? 0 : seed_index, deformation);
}

EncodeStep& StepPlanner::encode(const std::string& label, const std::string& dataset_name,
                                std::size_t seed_index, const Deformation* deformation) {
  const std::string deformed = deformation == nullptr ? "" : deformation->text();
  for (const auto& step : encodings_) {
    const Encoding& encoding = step->encoding();
    if (encoding.label == label && encoding.dataset->name == dataset_name &&
        encoding.seed_index == seed_index && encoding.deformation == deformed) {
      return *step;
    }
  }
  auto step = make_encoding(encoder_spec(plan_.experiment, label), *datasets_.find(dataset_name),
                            seed_index, deformation);
  encodings_.push_back(std::move(step));
  return *encodings_.back();
}

std::unique_ptr<EncodeStep> StepPlanner::make_encoding(const EncoderSpec& spec,
                                                       const PreparedDataset& dataset,
                                                       std::size_t seed_index,
                                                       const Deformation* deformation) {
  const Dataset& full = datasets_.full(dataset);
  const std::string& name = dataset.data->name;
  Encoding encoding;
  encoding.label = spec.label;
  encoding.kind = spec.kind;
  encoding.info = registry_.info(spec.kind);
  encoding.dataset = dataset.data.get();
  encoding.seed_text = seed_text(spec.label, seed_index);
  encoding.description =
      fmt::format("{}: {}{} on {}", plan_.experiment.name, spec.label, encoding.seed_text, name);
  encoding.options = options_of(spec, name);
  encoding.seed_index = seed_index;
  EncodingInputs inputs;
  inputs.dataset = &dataset;
  std::string refusal;
  const std::string where = fmt::format("encoder '{}' on data set '{}': ", spec.label, name);
  try {
    encoding.info = registry_.info_for(spec.kind, encoding.options);
    const bool takes_frames = encoding.info.input == InputKind::kVggishFrames;
    if (takes_frames && !full.frames && !full.audio.empty() && !frames_from(spec).empty()) {
      inputs.frames = frames_for(spec, name, seed_index, deformation);
      encoding.frame_space = inputs.frames->encoding().space;
    } else if (full.frames) {
      encoding.frame_space = full.frames->space();
    }
    if (deformation != nullptr) deform(encoding, *deformation, inputs.frames != nullptr);
    if (trained_on(spec).empty()) {
      const auto folder = spec.folder.empty() ? plan_.settings->folder : spec.folder;
      encoding.encoder = registry_.create(spec.kind, {plan_.settings->seed, encoding.options,
                                                      encoding.frame_space, folder.string()});
      encoding.encoder->check_items(full.ids);
    } else {
      inputs.training = training_for(spec, encoding.options, seed_index);
    }
  } catch (const ConfigError& error) {
    throw ConfigError(where + error.what());
  } catch (const ForeignFailure& failure) {
    refusal = failure.what();
    encoding.encoder = nullptr;
  } catch (const DataError& error) {
    throw DataError(where + error.what());
  }
  encoding.version = encoding.info.version;
  if (refusal.empty()) {
    refusal = lacking_input(encoding.info, spec.kind, full, inputs.frames != nullptr);
  }
  if (refusal.empty() && deformation != nullptr) {
    if (const std::string lacks = deformation->lacks(); !lacks.empty()) {
      refusal = fmt::format("deformation '{}': {}", deformation->text(), lacks);
    }
  }
  if (encoding.info.input == InputKind::kPcm) inputs.audio = render(dataset);
  set_key(encoding, inputs, !refusal.empty(), deformation);
  return std::make_unique<EncodeStep>(std::move(encoding), inputs, *plan_.settings, last_vectors_,
                                      refusal);
}

// Audio is deformed, once: an encoder of frames takes those of an encoder of deformed audio.
void StepPlanner::deform(Encoding& encoding, const Deformation& deformation,
                         bool frames_are_made) const {
  if (encoding.info.input != InputKind::kPcm && !frames_are_made) {
    throw ConfigError(fmt::format(
        "[[deform]]: '{}' takes no audio here, expected an encoder of audio or of frames of audio",
        encoding.kind));
  }
  encoding.deformation = deformation.text();
  encoding.description += ", " + encoding.deformation;
  if (encoding.info.input != InputKind::kPcm) return;
  encoding.deform = [deformation, seed = plan_.settings->seed](Pcm pcm, const std::string& id) {
    return deformation.apply(std::move(pcm), seed, id);
  };
}

void StepPlanner::set_key(Encoding& encoding, const EncodingInputs& inputs, bool is_refused,
                          const Deformation* deformation) {
  const Dataset& dataset = *encoding.dataset;
  nlohmann::json options = nlohmann::json::object();
  for (const OptionSpec& option : encoding.info.options) {
    if (option.is_path || option.practical || option.name == "train_on" ||
        option.name == "frames_from") {
      continue;
    }
    if (option.came_later && encoding.options.at(option.name) == option.default_value) continue;
    options[option.name] = to_json(encoding.options.at(option.name));
  }
  const auto [ids, is_new] = ids_sha256_.try_emplace(&dataset);
  if (is_new) {
    Sha256 sha;
    for (const std::string& id : dataset.ids) sha.update_text(id);
    ids->second = sha.hex();
  }
  std::string content;
  if (inputs.training != nullptr) {
    content = "fit " + inputs.training->facts().key;
  } else if (encoding.encoder) {
    content = encoding.encoder->content_sha256();
  }
  nlohmann::json key = {
      {"step", "encode"},   {"encoder", encoding.kind}, {"encoder_version", encoding.version},
      {"options", options}, {"content", content},       {"seed", plan_.settings->seed}};
  // Networks, and commands, which inherit the variables; nothing else of ours depends on them.
  const EncoderAbilities& abilities = registry_.abilities(encoding.kind);
  if (abilities.fit || abilities.import_weights || abilities.info_for) {
    key["kernels"] = kernels_key();
  }
  encoding.space = sha256_hex(key.dump());
  const bool uses_audio = encoding.info.input == InputKind::kPcm && !is_refused;
  key["items"] = ids->second;
  key["audio"] = uses_audio ? audio_sha256(*inputs.dataset) : std::string();
  if (inputs.frames != nullptr) {
    key["frames"] = "encode " + inputs.frames->facts().key;
  } else if (encoding.info.input == InputKind::kVggishFrames && dataset.frames) {
    key["frames"] = dataset.frames->sha256();
  }
  if (deformation != nullptr && encoding.info.input == InputKind::kPcm) {
    key["deformation"] = deformation->key();
  }
  encoding.key_json = key.dump();
  encoding.key = sha256_hex(encoding.key_json);
}

// The training that gives an encoder its weights, shared by all who ask for the same one.
const TrainStep* StepPlanner::training_for(const EncoderSpec& spec, const Options& complete,
                                           std::size_t seed_index) {
  const std::string name = trained_on(spec);
  const EncoderAbilities& abilities = registry_.abilities(spec.kind);
  if (!abilities.fit) throw ConfigError(fmt::format("'{}' cannot be trained", spec.kind));
  if (!option<std::string>(complete, "weights").empty()) {
    throw ConfigError("found both weights and train_on, expected one of them");
  }
  const PreparedDataset* corpus = datasets_.find(name);
  if (corpus == nullptr) {
    std::vector<std::string> known;
    for (const DatasetSpec& dataset : plan_.experiment.datasets) known.push_back(dataset.name);
    throw ConfigError("train_on: " + unknown_name("data set", name, known));
  }
  const EncoderInfo& info = registry_.info(spec.kind);
  Training training = make_training(spec, complete, *corpus, seed_index);
  abilities.check_corpus(make_training_corpus(training, info), complete);
  const Step* audio = info.input == InputKind::kPcm ? render(*corpus) : nullptr;
  auto step = std::make_unique<TrainStep>(std::move(training), info, audio);
  for (const auto& other : trainings_) {
    if (other->facts().key == step->facts().key) return other.get();
  }
  trainings_.push_back(std::move(step));
  return trainings_.back().get();
}

Training StepPlanner::make_training(const EncoderSpec& spec, const Options& complete,
                                    const PreparedDataset& corpus, std::size_t seed_index) {
  const Dataset& dataset = *corpus.data;
  Training out;
  out.label = spec.label;
  out.kind = spec.kind;
  out.options = complete;
  out.dataset = &dataset;
  out.seed = derive_seed(plan_.settings->seed, fmt::format("training {}", seed_index));
  out.seed_index = seed_index;
  out.seed_text = seed_text(spec.label, seed_index);
  out.device = options_.device;
  out.description = fmt::format("{}: {}{} trained on {}", plan_.experiment.name, spec.label,
                                out.seed_text, dataset.name);
  const bool pcm = registry_.info(spec.kind).input == InputKind::kPcm;
  if (!pcm && !dataset.frames && !dataset.audio.empty() && !frames_from(spec).empty()) {
    out.frames = frames_for(spec, dataset.name, seed_index, nullptr);
    out.frame_space = out.frames->encoding().space;
  } else if (!pcm && dataset.frames) {
    out.frame_space = dataset.frames->space();
  } else if (!pcm || dataset.audio.empty()) {
    throw DataError(fmt::format("train_on: data set '{}' offers no {}", dataset.name,
                                pcm ? "audio" : "VGGish frames"));
  }
  out.corpus_sha256 =
      sha256_hex(corpus.manifest_sha256 +
                 (pcm || out.frames != nullptr ? audio_sha256(corpus) : dataset.frames->sha256()));
  // What is left out goes by facets, which the manifest does not hold.
  const auto left_out = complete.find("leave_out");
  if (left_out != complete.end() && !std::get<std::vector<std::string>>(left_out->second).empty()) {
    Sha256 facets;
    facets.update_text(out.corpus_sha256);
    for (const Target& target : dataset.targets) facets.update_text(target.facet);
    out.corpus_sha256 = facets.hex();
  }
  return out;
}

void StepPlanner::finish() {
  for (const auto& dataset : plan_.datasets) {
    if (const auto at = renderings_.find(dataset.get()); at != renderings_.end()) {
      plan_.steps.push_back(std::move(at->second));
    }
  }
  const auto gives_frames = [&](const EncodeStep& step) {
    return std::ranges::any_of(encodings_,
                               [&](const auto& other) { return other->frames() == &step; }) ||
           std::ranges::any_of(
               trainings_, [&](const auto& other) { return other->training().frames == &step; });
  };
  std::vector<bool> is_taken;
  for (const auto& step : encodings_) {
    is_taken.push_back(plan_.vectors->has(*step) || gives_frames(*step));
  }
  for (auto& step : trainings_) {
    plan_.trainings.push_back(step.get());
    plan_.steps.push_back(std::move(step));
  }
  for (std::size_t k = 0; k < encodings_.size(); ++k) {
    if (is_taken[k]) {
      plan_.encodings.push_back(encodings_[k].get());
      plan_.steps.push_back(std::move(encodings_[k]));
    } else {
      plan_.not_encoded.push_back(std::move(encodings_[k]));
    }
  }
}

}  // namespace musicrep
