#include "pipeline/prepare.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "audio/decode.h"
#include "core/did_you_mean.h"
#include "core/hash.h"
#include "core/options.h"
#include "core/parallel.h"
#include "musicrep/error.h"
#include "musicrep/version.h"
#include "pipeline/catalogue.h"

namespace musicrep {
namespace {

// Expands variables in every text of `options`, and takes relative paths from the folder `base`.
Options resolve(const Options& options, std::span<const OptionSpec> specs,
                const std::string& dataset, const std::filesystem::path& base,
                const PrepareOptions& prepare) {
  std::set<std::string> paths;
  for (const OptionSpec& spec : specs) {
    if (spec.is_path) paths.insert(spec.name);
  }
  const auto resolve_text = [&](const std::string& key, const std::string& text) {
    std::string out = expand(text, dataset, prepare.data_dir);
    if (paths.contains(key) && !out.empty() && !std::filesystem::path(out).is_absolute()) {
      out = (base / out).string();
    }
    return out;
  };
  Options out;
  for (const auto& [key, value] : options) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      out[key] = resolve_text(key, *text);
    } else if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
      std::vector<std::string> texts;
      for (const std::string& entry : *list) texts.push_back(resolve_text(key, entry));
      out[key] = std::move(texts);
    } else {
      out[key] = value;
    }
  }
  return out;
}

nlohmann::json to_json(const OptionValue& value) {
  return std::visit([](const auto& v) { return nlohmann::json(v); }, value);
}

// Every k-th item, so that files sorted by class keep all their classes.
Dataset limited(const Dataset& full, std::size_t limit) {
  const std::size_t n = full.ids.size();
  if (limit == 0 || limit >= n) return full;
  Dataset out = full;
  out.ids.clear();
  out.groups.clear();
  out.splits.clear();
  out.audio.clear();
  std::vector<std::size_t> kept;
  for (Target& target : out.targets) target.values.clear();
  for (std::size_t k = 0; k < limit; ++k) {
    const std::size_t i = k * n / limit;
    kept.push_back(i);
    out.ids.push_back(full.ids[i]);
    if (!full.groups.empty()) out.groups.push_back(full.groups[i]);
    if (!full.splits.empty()) out.splits.push_back(full.splits[i]);
    if (!full.audio.empty()) out.audio.push_back(full.audio[i]);
    for (std::size_t t = 0; t < full.targets.size(); ++t) {
      out.targets[t].values.push_back(full.targets[t].values[i]);
    }
  }
  if (full.frames) out.frames = std::make_shared<FrameTable>(full.frames->select(kept));
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
  }

  Plan run() {
    check_only();
    load_datasets();
    find_protocols();
    throw_problems();
    make_steps();
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
    if (options_.only.empty()) return true;
    return std::ranges::find(options_.only, encoder) != options_.only.end() ||
           std::ranges::find(options_.only, task) != options_.only.end();
  }

  void check_only() const {
    std::vector<std::string> known;
    for (const EncoderSpec& encoder : plan_.experiment.encoders) known.push_back(encoder.label);
    for (const TaskSpec& task : plan_.experiment.tasks) known.push_back(task.name);
    for (const std::string& name : options_.only) {
      if (std::ranges::find(known, name) == known.end()) {
        throw ConfigError("--only: " + unknown_name("encoder or task", name, known));
      }
    }
  }

  void load_datasets() {
    std::set<std::string> used;
    for (const auto& evaluation : plan_.experiment.evaluations) {
      for (const std::string& task_name : evaluation.tasks) {
        for (const std::string& encoder : evaluation.encoders) {
          if (!wanted(encoder, task_name)) continue;
          used.insert(task_spec(task_name).dataset);
          scored_.insert(task_spec(task_name).dataset);
          used.insert(trained_on(encoder_spec(encoder)));
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
        full_.push_back(std::make_unique<Dataset>(
            load_dataset(kinds, spec.name, spec.kind,
                         resolve(spec.options, specs, spec.name, base_, options_))));
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
              const std::size_t encode = encode_step(label, spec.dataset);
              plan_.evaluations.push_back(
                  {encode, make_task(spec), protocol_by_name_.at(protocol), ""});
              failed.erase(pair);
            });
          }
        }
      }
    }
  }

  // What an encoding's key holds of its audio: the bytes of the files, unless the data set knows a
  // name for them. Headers are looked at on the way, so that damaged files are told of now.
  const std::string& audio_hash(const Dataset& dataset) {
    std::string& hash = audio_hashes_[&dataset];
    if (!hash.empty()) return hash;
    if (!dataset.audio_sha256.empty()) return hash = dataset.audio_sha256;
    std::vector<std::string> hashes(dataset.audio.size());
    std::vector<std::string> mistakes(dataset.audio.size());
    parallel_for(dataset.audio.size(), available_processors(), [&](std::size_t i) {
      try {
        probe_audio(dataset.audio[i]);
        hashes[i] = sha256_of_file(dataset.audio[i]);
      } catch (const DataError& error) {
        mistakes[i] = fmt::format("item '{}': {}", dataset.ids[i], error.what());
      }
    });
    Problems problems;
    for (std::string& mistake : mistakes) {
      if (!mistake.empty()) problems.add(std::move(mistake));
    }
    problems.throw_if_any(fmt::format("audio of data set '{}':", dataset.name));
    Sha256 all;
    for (const std::string& one : hashes) all.update_text(one);
    return hash = all.hex();
  }

  std::size_t encode_step(const std::string& label, const std::string& dataset_name) {
    for (std::size_t i = 0; i < plan_.encodes.size(); ++i) {
      if (plan_.encodes[i].label == label && plan_.encodes[i].dataset->name == dataset_name) {
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
        spec.kind, resolve(spec.options, info.options, dataset_name, base_, options_));
    EncodeStep step;
    step.label = label;
    step.kind = spec.kind;
    step.version = info.version;
    step.info = info;
    step.dataset = &dataset;
    step.description = fmt::format("{}: {} on {}", plan_.experiment.name, label, dataset_name);
    const std::string where = fmt::format("encoder '{}' on data set '{}': ", label, dataset_name);
    step.options = complete;
    try {
      if (trained_on(spec).empty()) {
        step.encoder = registry_.create(spec.kind, {plan_.seed, "", complete});
        step.encoder->check_items(full.ids);
      } else {
        step.fit = fit_step(spec, complete, full);
      }
    } catch (const ConfigError& error) {
      throw ConfigError(where + error.what());
    } catch (const DataError& error) {
      throw DataError(where + error.what());
    }
    if (info.input == InputKind::kPcm && full.audio.empty()) {
      step.refusal = fmt::format("data set '{}' offers no audio, which encoder '{}' takes",
                                 dataset_name, spec.kind);
    } else if (info.input == InputKind::kVggishFrames && !full.frames) {
      step.refusal = fmt::format("data set '{}' offers no VGGish frames, which encoder '{}' takes",
                                 dataset_name, spec.kind);
    }
    const std::string audio =
        info.input == InputKind::kPcm && step.refusal.empty() ? audio_hash(dataset) : std::string();
    nlohmann::json options = nlohmann::json::object();
    for (const OptionSpec& option : info.options) {
      if (option.is_path || option.name == "train_on") continue;
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
        {"items", ids.hex()},
        {"audio", audio},
        {"seed", plan_.seed}};
    if (info.input == InputKind::kVggishFrames && dataset.frames) {
      key["frames"] = dataset.frames->sha256();
    }
    step.key_json = key.dump();
    step.key = sha256_hex(step.key_json);
    plan_.encodes.push_back(std::move(step));
    return plan_.encodes.size() - 1;
  }

  // The training that gives an encoder its weights, shared by all who ask for the same one.
  std::size_t fit_step(const EncoderSpec& spec, const Options& complete, const Dataset& scored) {
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
    check_disjoint(dataset, scored);
    const EncoderInfo& info = registry_.info(spec.kind);
    FitStep step;
    step.label = spec.label;
    step.kind = spec.kind;
    step.options = complete;
    step.dataset = &dataset;
    step.seed = plan_.seed;
    step.device = options_.device;
    step.description = fmt::format("{}: {} trained on {}", plan_.experiment.name, spec.label, name);
    const bool pcm = info.input == InputKind::kPcm;
    if (pcm ? dataset.audio.empty() : !dataset.frames) {
      throw DataError(fmt::format("train_on: data set '{}' offers no {}", name,
                                  pcm ? "audio" : "VGGish frames"));
    }
    step.corpus_sha256 = sha256_hex(manifest_sha256(dataset) +
                                    (pcm ? audio_hash(dataset) : dataset.frames->sha256()));
    abilities.check_corpus(make_training_corpus(dataset, info, step.corpus_sha256), complete);
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
  std::map<const Dataset*, std::string> audio_hashes_;
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
  std::shared_ptr<Encoder> encoder = registry.create(step.kind, {plan.seed, "", options});
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
