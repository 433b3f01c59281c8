#include "pipeline/prepare.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/did_you_mean.h"
#include "core/hash.h"
#include "core/options.h"
#include "core/random.h"
#include "musicrep/error.h"
#include "musicrep/version.h"
#include "pipeline/catalogue.h"

namespace musicrep {
namespace {

nlohmann::json to_json(const OptionValue& value) {
  return std::visit([](const auto& v) { return nlohmann::json(v); }, value);
}

// Every k-th of n items, so that files sorted by class keep all their classes; all where there are
// no more than `limit`.
std::vector<std::size_t> every_kth(std::size_t n, std::size_t limit) {
  std::vector<std::size_t> out;
  const std::size_t n_kept = std::min(n, limit);
  for (std::size_t k = 0; k < n_kept; ++k) out.push_back(k * n / n_kept);
  return out;
}

Dataset limited(const Dataset& full, std::size_t limit) {
  const std::size_t n = full.ids.size();
  if (limit == 0 || limit >= n) return full;
  Dataset out = select_items(full, every_kth(n, limit));
  out.notes.push_back(fmt::format("limited to {} of {} items for a quick look", limit, n));
  return out;
}

class Preparation {
 public:
  Preparation(const std::filesystem::path& file, const EncoderRegistry& registry,
              const PrepareOptions& options)
      : registry_(registry), options_(options), base_(file.parent_path()) {
    plan_.experiment = read_experiment(file);
    plan_.seed = options.seed.value_or(plan_.experiment.seed);
    plan_.limit = options.limit;
    plan_.solver = options.solver;
    plan_.skip_bad = options.skip_bad;
  }

  Plan run() {
    check_only();
    load_datasets();
    find_protocols();
    throw_problems();
    for (const auto& dataset : plan_.datasets) {
      collect("", [&] { check_audio_of(*dataset); });
    }
    make_steps();
    make_diagnoses();
    throw_problems();
    check_plans();
    return std::move(plan_);
  }

 private:
  template <typename Body>
  void collect(const std::string& where, Body body) {
    try {
      body();
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kInterrupted) throw;
      if (error.kind() == ErrorKind::kUsage) config_problem_ = true;
      problems_.add(where + error.what());
    }
  }

  void throw_problems() const {
    const std::string heading = plan_.experiment.file.string() + ":";
    if (config_problem_) problems_.throw_if_any<ConfigError>(heading);
    problems_.throw_if_any<DataError>(heading);
  }

  [[nodiscard]] bool wanted(const std::string& encoder, const std::string& task) const {
    return !options_.only_diagnoses && asked_for(encoder, task);
  }

  [[nodiscard]] bool asked_for(const std::string& encoder, const std::string& other) const {
    if (options_.only.empty()) return true;
    return std::ranges::find(options_.only, encoder) != options_.only.end() ||
           std::ranges::find(options_.only, other) != options_.only.end();
  }

  struct Diagnosed {
    std::string dataset;
    std::string encoder;
    std::size_t n_clips = 0;
  };

  [[nodiscard]] std::vector<Diagnosed> diagnosed() const {
    std::vector<Diagnosed> out;
    for (const DiagnoseSpec& spec : plan_.experiment.diagnoses) {
      const std::size_t n =
          options_.limit > 0 ? std::min(options_.limit, spec.n_clips) : spec.n_clips;
      for (const std::string& dataset : spec.datasets) {
        for (const std::string& encoder : spec.encoders) {
          if (asked_for(encoder, dataset)) out.push_back({dataset, encoder, n});
        }
      }
    }
    return out;
  }

  void check_only() const {
    std::vector<std::string> known;
    for (const EncoderSpec& encoder : plan_.experiment.encoders) known.push_back(encoder.label);
    for (const TaskSpec& task : plan_.experiment.tasks) known.push_back(task.name);
    for (const DiagnoseSpec& spec : plan_.experiment.diagnoses) {
      known.insert(known.end(), spec.datasets.begin(), spec.datasets.end());
    }
    for (const std::string& name : options_.only) {
      if (std::ranges::find(known, name) == known.end()) {
        throw ConfigError("--only: " + unknown_name("encoder or task", name, known));
      }
    }
  }

  void load_datasets() {
    std::set<std::string> used;
    const auto use = [&](const std::string& encoder, const std::string& dataset) {
      used.insert(dataset);
      used.insert(trained_on(encoder_spec(encoder)));
      const std::string frames = frames_from(encoder_spec(encoder));
      if (is_encoder(frames)) used.insert(trained_on(encoder_spec(frames)));
    };
    for (const Diagnosed& each : diagnosed()) use(each.encoder, each.dataset);
    for (const auto& evaluation : plan_.experiment.evaluations) {
      for (const std::string& task_name : evaluation.tasks) {
        for (const std::string& encoder : evaluation.encoders) {
          if (!wanted(encoder, task_name)) continue;
          use(encoder, task_spec(task_name).dataset);
          scored_.insert(task_spec(task_name).dataset);
        }
      }
    }
    const std::vector<DatasetKind> kinds = all_dataset_kinds(options_.cache);
    for (const DatasetSpec& spec : plan_.experiment.datasets) {
      if (!used.contains(spec.name)) continue;
      collect("", [&] {
        const auto kind = std::ranges::find(kinds, spec.kind, &DatasetKind::name);
        const std::span<const OptionSpec> specs = kind != kinds.end()
                                                      ? std::span<const OptionSpec>(kind->options)
                                                      : std::span<const OptionSpec>{};
        full_.push_back(std::make_unique<Dataset>(load_dataset(
            kinds, spec.name, spec.kind,
            resolve_options(spec.options, specs, spec.name, base_, options_.data_dir))));
        // A quick look is at fewer items to score, not at another training.
        const std::size_t limit = scored_.contains(spec.name) ? options_.limit : 0;
        plan_.datasets.push_back(std::make_unique<Dataset>(limited(*full_.back(), limit)));
      });
    }
  }

  void find_protocols() {
    std::set<std::string> seen;
    for (const auto& evaluation : plan_.experiment.evaluations) {
      for (const std::string& name : evaluation.protocols) {
        if (!seen.insert(name).second) continue;
        collect("", [&] {
          const bool is_file = name.ends_with(".toml");
          plan_.protocols.push_back(std::make_unique<Protocol>(find_protocol(
              is_file && std::filesystem::path(name).is_relative() ? (base_ / name).string()
                                                                   : name)));
          protocol_by_name_[name] = plan_.protocols.back().get();
        });
      }
    }
  }

  [[nodiscard]] const EncoderSpec& encoder_spec(const std::string& label) const {
    return *std::ranges::find(plan_.experiment.encoders, label, &EncoderSpec::label);
  }

  // The data set that an encoder is trained on; empty: none.
  [[nodiscard]] static std::string trained_on(const EncoderSpec& spec) {
    const auto at = spec.options.find("train_on");
    const auto* name = at == spec.options.end() ? nullptr : std::get_if<std::string>(&at->second);
    return name == nullptr ? "" : *name;
  }

  [[nodiscard]] const TaskSpec& task_spec(const std::string& name) const {
    return *std::ranges::find(plan_.experiment.tasks, name, &TaskSpec::name);
  }

  Task make_task(const TaskSpec& spec) {
    Task task;
    task.name = spec.name;
    for (const auto& dataset : plan_.datasets) {
      if (dataset->name == spec.dataset) task.dataset = dataset.get();
    }
    for (const std::string& target : spec.targets) {
      task.targets.push_back(&task.dataset->target(target));
    }
    for (const Target* target : task.targets) {
      if (task.targets.size() > 1 && target->is_classification()) {
        throw ConfigError(fmt::format(
            "[task.{}]: '{}' is a class; a task has one class target, or one or more numbers",
            spec.name, target->name));
      }
    }
    return task;
  }

  void make_steps() {
    std::set<std::string> failed;
    for (const auto& evaluation : plan_.experiment.evaluations) {
      for (const std::string& task_name : evaluation.tasks) {
        for (const std::string& protocol : evaluation.protocols) {
          for (const std::string& label : evaluation.encoders) {
            if (!wanted(label, task_name)) continue;
            const TaskSpec& spec = task_spec(task_name);
            // The same mistake is told once, not for every protocol.
            const std::string pair = label + "/" + spec.dataset;
            if (failed.contains(pair)) continue;
            failed.insert(pair);
            collect("", [&] {
              const Task task = make_task(spec);
              const std::size_t cell = plan_.n_cells++;
              for (std::size_t s = 0; s < n_trainings(label); ++s) {
                const std::size_t encode = encode_step(label, spec.dataset, s);
                plan_.evaluations.push_back(
                    {encode, cell, task, protocol_by_name_.at(protocol), ""});
              }
              failed.erase(pair);
            });
          }
        }
      }
    }
  }

  void make_diagnoses() {
    for (const Diagnosed& each : diagnosed()) {
      collect("[[diagnose]]: ", [&] {
        const EncoderSpec& spec = encoder_spec(each.encoder);
        if (!registry_.info(spec.kind).can_trace) {
          throw ConfigError(fmt::format("encoder '{}' ({}) does not give the states of its frames",
                                        each.encoder, spec.kind));
        }
        const std::size_t cell = plan_.n_cells++;
        for (std::size_t s = 0; s < n_trainings(each.encoder); ++s) {
          const std::size_t encode = encode_step(each.encoder, each.dataset, s);
          const EncodeStep& from = plan_.encodes[encode];
          if (!from.refusal.empty()) throw DataError(from.refusal);
          plan_.diagnoses.push_back({encode, cell, every_kth(from.dataset->ids.size(), each.n_clips)});
        }
      });
    }
  }

  [[nodiscard]] bool takes_audio(const std::string& label, const Dataset& dataset) const {
    try {
      const InputKind input = registry_.info(encoder_spec(label).kind).input;
      return input == InputKind::kPcm || (input == InputKind::kVggishFrames && !dataset.frames);
    } catch (const ConfigError&) {  // an unknown kind: told when the steps are made
      return false;
    }
  }

  // Bad audio is refused here, or with skip_bad left out of the data set for every encoder, so that
  // all rows stand on the same items.
  void check_audio_of(Dataset& dataset) {
    const auto hears = [&](const std::string& label, const std::string& dataset_name) {
      const bool stands_on_it =
          dataset_name == dataset.name || trained_on(encoder_spec(label)) == dataset.name;
      return stands_on_it && takes_audio(label, dataset);
    };
    const bool diagnosed_by_ear = std::ranges::any_of(
        diagnosed(), [&](const Diagnosed& each) { return hears(each.encoder, each.dataset); });
    const bool scored_by_ear = std::ranges::any_of(plan_.experiment.evaluations, [&](const auto& cells) {
      return std::ranges::any_of(cells.tasks, [&](const std::string& task) {
        return std::ranges::any_of(cells.encoders, [&](const std::string& label) {
          return wanted(label, task) && hears(label, task_spec(task).dataset);
        });
      });
    });
    if (!(scored_by_ear || diagnosed_by_ear) || dataset.audio.empty()) return;
    plan_.heard.insert(&dataset);
    if (!dataset.audio_sha256.empty()) return;  // made here, later
    AuditedAudio audited = audit_audio(dataset, ArtefactStore(options_.cache), options_.skip_bad);
    dataset = std::move(audited.dataset);
    plan_.audio[&dataset] = std::move(audited.audio);
    plan_.skipped[&dataset] = std::move(audited.skipped);
  }

  // What an encoding's key holds of its audio: the bytes of the files, unless the data set knows a
  // name for them.
  [[nodiscard]] std::string audio_hash(const Dataset& dataset) const {
    if (!dataset.audio_sha256.empty()) return dataset.audio_sha256;
    const auto at = plan_.audio.find(&dataset);
    return at == plan_.audio.end() ? "" : files_sha256(at->second);
  }

  // The encoder that gives this one its frames where a data set has audio alone; empty: none.
  [[nodiscard]] static std::string frames_from(const EncoderSpec& spec) {
    const auto at = spec.options.find("frames_from");
    const auto* label = at == spec.options.end() ? nullptr : std::get_if<std::string>(&at->second);
    return label == nullptr ? "" : *label;
  }

  [[nodiscard]] bool is_encoder(const std::string& label) const {
    return std::ranges::find(plan_.experiment.encoders, label, &EncoderSpec::label) !=
           plan_.experiment.encoders.end();
  }

  // How often an encoder is trained: as the experiment says, where it or what gives it its frames
  // is trained at all.
  [[nodiscard]] std::size_t n_trainings(const std::string& label) const {
    const EncoderSpec& spec = encoder_spec(label);
    const std::string frames = frames_from(spec);
    const bool trained = !trained_on(spec).empty() ||
                         (is_encoder(frames) && !trained_on(encoder_spec(frames)).empty());
    return trained ? plan_.experiment.training_seeds : 1;
  }

  // The step that makes frames of a data set's audio for `spec`.
  std::size_t frames_step(const EncoderSpec& spec, const std::string& dataset_name,
                          std::size_t seed_index) {
    const std::string label = frames_from(spec);
    if (!is_encoder(label)) {
      std::vector<std::string> known;
      for (const EncoderSpec& encoder : plan_.experiment.encoders) known.push_back(encoder.label);
      throw ConfigError("frames_from: " + unknown_name("encoder", label, known));
    }
    if (registry_.info(encoder_spec(label).kind).input != InputKind::kPcm) {
      throw ConfigError(fmt::format("frames_from: '{}' does not take audio", label));
    }
    return encode_step(label, dataset_name, n_trainings(label) == 1 ? 0 : seed_index);
  }

  std::size_t encode_step(const std::string& label, const std::string& dataset_name,
                          std::size_t seed_index) {
    for (std::size_t i = 0; i < plan_.encodes.size(); ++i) {
      const EncodeStep& step = plan_.encodes[i];
      if (step.label == label && step.dataset->name == dataset_name &&
          step.seed_index == seed_index) {
        return i;
      }
    }
    const EncoderSpec& spec = encoder_spec(label);
    const auto at = std::ranges::find_if(
        full_, [&](const auto& dataset) { return dataset->name == dataset_name; });
    const Dataset& full = **at;
    const Dataset& dataset = *plan_.datasets[static_cast<std::size_t>(at - full_.begin())];
    const EncoderInfo& info = registry_.info(spec.kind);
    const Options complete = registry_.complete_options(
        spec.kind,
        resolve_options(spec.options, info.options, dataset_name, base_, options_.data_dir));
    EncodeStep step;
    step.label = label;
    step.kind = spec.kind;
    step.version = info.version;
    step.info = info;
    step.dataset = &dataset;
    step.description = fmt::format("{}: {} on {}", plan_.experiment.name, label, dataset_name);
    const std::string where = fmt::format("encoder '{}' on data set '{}': ", label, dataset_name);
    step.options = complete;
    step.seed_index = seed_index;
    const bool from_audio = info.input == InputKind::kVggishFrames && !full.frames &&
                            !full.audio.empty() && !frames_from(spec).empty();
    try {
      if (from_audio) {
        step.frames = frames_step(spec, dataset_name, seed_index);
        step.frame_space = plan_.encodes[*step.frames].space;
      } else if (full.frames) {
        step.frame_space = full.frames->space();
      }
      if (trained_on(spec).empty()) {
        step.encoder = registry_.create(spec.kind, {plan_.seed, "", complete, step.frame_space});
        step.encoder->check_items(full.ids);
      } else {
        step.fit = fit_step(spec, complete, full, seed_index);
      }
    } catch (const ConfigError& error) {
      throw ConfigError(where + error.what());
    } catch (const DataError& error) {
      throw DataError(where + error.what());
    }
    if (info.input == InputKind::kPcm && full.audio.empty()) {
      step.refusal = fmt::format("data set '{}' offers no audio, which encoder '{}' takes",
                                 dataset_name, spec.kind);
    } else if (info.input == InputKind::kVggishFrames && !full.frames && !step.frames) {
      step.refusal = fmt::format("data set '{}' offers no VGGish frames, which encoder '{}' takes",
                                 dataset_name, spec.kind);
    }
    const std::string audio =
        info.input == InputKind::kPcm && step.refusal.empty() ? audio_hash(dataset) : std::string();
    nlohmann::json options = nlohmann::json::object();
    for (const OptionSpec& option : info.options) {
      if (option.is_path || option.name == "train_on" || option.name == "frames_from") continue;
      options[option.name] = to_json(complete.at(option.name));
    }
    Sha256 ids;
    for (const std::string& id : dataset.ids) ids.update_text(id);
    nlohmann::json key = {
        {"step", "encode"},
        {"encoder", spec.kind},
        {"encoder_version", info.version},
        {"options", options},
        {"content", step.fit ? "fit " + plan_.fits[*step.fit].key : step.encoder->content_sha256()},
        {"seed", plan_.seed}};
    step.space = sha256_hex(key.dump());
    key["items"] = ids.hex();
    key["audio"] = audio;
    if (step.frames) {
      key["frames"] = "encode " + plan_.encodes[*step.frames].key;
    } else if (info.input == InputKind::kVggishFrames && dataset.frames) {
      key["frames"] = dataset.frames->sha256();
    }
    step.key_json = key.dump();
    step.key = sha256_hex(step.key_json);
    plan_.encodes.push_back(std::move(step));
    return plan_.encodes.size() - 1;
  }

  // The training that gives an encoder its weights, shared by all who ask for the same one.
  std::size_t fit_step(const EncoderSpec& spec, const Options& complete, const Dataset& scored,
                       std::size_t seed_index) {
    const std::string name = trained_on(spec);
    const EncoderAbilities& abilities = registry_.abilities(spec.kind);
    if (!abilities.fit) throw ConfigError(fmt::format("'{}' cannot be trained", spec.kind));
    if (!option<std::string>(complete, "weights").empty()) {
      throw ConfigError("found both weights and train_on, expected one of them");
    }
    const auto at =
        std::ranges::find_if(full_, [&](const auto& dataset) { return dataset->name == name; });
    if (at == full_.end()) {
      std::vector<std::string> known;
      for (const DatasetSpec& dataset : plan_.experiment.datasets) known.push_back(dataset.name);
      throw ConfigError("train_on: " + unknown_name("data set", name, known));
    }
    const Dataset& dataset = *plan_.datasets[static_cast<std::size_t>(at - full_.begin())];
    // Frames of a corpus that others are trained on are made here, too: they do not score.
    if (scored_.contains(scored.name)) check_disjoint(dataset, scored);
    const EncoderInfo& info = registry_.info(spec.kind);
    FitStep step;
    step.label = spec.label;
    step.kind = spec.kind;
    step.options = complete;
    step.dataset = &dataset;
    step.seed = derive_seed(plan_.seed, fmt::format("training {}", seed_index));
    step.device = options_.device;
    step.description = fmt::format("{}: {} trained on {}", plan_.experiment.name, spec.label, name);
    const bool pcm = info.input == InputKind::kPcm;
    if (!pcm && !dataset.frames && !dataset.audio.empty() && !frames_from(spec).empty()) {
      step.frames = frames_step(spec, name, seed_index);
      step.frame_space = plan_.encodes[*step.frames].space;
    } else if (!pcm && dataset.frames) {
      step.frame_space = dataset.frames->space();
    } else if (!pcm || dataset.audio.empty()) {
      throw DataError(fmt::format("train_on: data set '{}' offers no {}", name,
                                  pcm ? "audio" : "VGGish frames"));
    }
    step.corpus_sha256 =
        sha256_hex(manifest_sha256(dataset) +
                   (pcm || step.frames ? audio_hash(dataset) : dataset.frames->sha256()));
    abilities.check_corpus(make_training_corpus(step, info), complete);
    set_key(step, info);
    const auto same = std::ranges::find(plan_.fits, step.key, &FitStep::key);
    if (same != plan_.fits.end()) return static_cast<std::size_t>(same - plan_.fits.begin());
    plan_.fits.push_back(std::move(step));
    return plan_.fits.size() - 1;
  }

  void check_plans() {
    for (EvaluateStep& step : plan_.evaluations) {
      step.refusal = plan_.encodes[step.encode].refusal;
      if (!step.refusal.empty()) continue;
      try {
        for (const Target* target : step.task.targets) {
          plan_folds(*step.protocol, *step.task.dataset, *target);
        }
      } catch (const DataError& error) {
        step.refusal = error.what();
      }
    }
  }

  const EncoderRegistry& registry_;
  const PrepareOptions& options_;
  std::filesystem::path base_;
  Plan plan_;
  std::vector<std::unique_ptr<Dataset>> full_;  // before --limit
  std::set<std::string> scored_;                // names of the data sets that score
  std::map<std::string, const Protocol*> protocol_by_name_;
  Problems problems_;
  bool config_problem_ = false;
};

}  // namespace

Plan prepare(const std::filesystem::path& experiment_file, const EncoderRegistry& registry,
             const PrepareOptions& options) {
  return Preparation(experiment_file, registry, options).run();
}

std::shared_ptr<Encoder> encoder_of(const Plan& plan, const EncodeStep& step,
                                    const EncoderRegistry& registry, const ArtefactStore& store) {
  if (step.encoder) return step.encoder;
  Options options = step.options;
  options["train_on"] = std::string();
  options["weights"] = store.weights_path(plan.fits.at(*step.fit).key).string();
  std::shared_ptr<Encoder> encoder =
      registry.create(step.kind, {plan.seed, "", options, step.frame_space});
  encoder->check_items(step.dataset->ids);
  return encoder;
}

std::string evaluation_key_json(const Plan& plan, const EvaluateStep& step,
                                const std::string& embeddings_sha256) {
  nlohmann::json targets = nlohmann::json::array();
  for (const Target* target : step.task.targets) targets.push_back(target->name);
  return nlohmann::json({{"step", "evaluate"},
                         {"evaluation_version", kEvaluationVersion},
                         {"embeddings", embeddings_sha256},
                         {"manifest", manifest_sha256(*step.task.dataset)},
                         {"task", step.task.name},
                         {"targets", targets},
                         {"protocol", step.protocol->sha256},
                         {"solver", plan.solver == Solver::kOwn ? "own" : "libsvm"},
                         {"seed", plan.seed}})
      .dump();
}

}  // namespace musicrep
