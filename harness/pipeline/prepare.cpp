#include "pipeline/prepare.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/did_you_mean.h"
#include "musicrep/error.h"
#include "musicrep/version.h"
#include "pipeline/catalogue.h"
#include "pipeline/plan_steps.h"
#include "pipeline/retrieve_step.h"

namespace musicrep {
namespace {

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
  Dataset out = select_items(full, every_kth(n, limit));
  out.notes.push_back(fmt::format("limited to {} of {} items for a quick look", limit, n));
  return out;
}

// A reason stands in one cell of a table: of a long list, its beginning.
std::string first_lines(const std::string& text, std::size_t most) {
  std::size_t end = 0;
  for (std::size_t line = 0; line < most; ++line) {
    end = text.find('\n', end);
    if (end == std::string::npos) return text;
    ++end;
  }
  return text.substr(0, end) + "  - and more of the kind";
}

class Preparation {
 public:
  Preparation(const std::filesystem::path& file, const EncoderRegistry& registry,
              const PrepareOptions& options)
      : registry_(registry), options_(options), base_(file.parent_path()) {
    plan_.experiment = read_experiment(file);
    for (const auto& [label, command] : options.commands) {
      add_command(plan_.experiment, label, command, std::filesystem::current_path());
    }
    plan_.seed = options.seed.value_or(plan_.experiment.seed);
    plan_.limit = options.limit;
    plan_.only = options.only;
    plan_.solver = options.solver;
    plan_.skip_bad = options.skip_bad;
    plan_.only_diagnoses = options.only_diagnoses;
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
    throw_problems();
    for (const auto& dataset : plan_.datasets) {
      plan_.manifests[dataset.get()] = manifest_sha256(*dataset);
    }
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

  // A data set under an encoder, and what the encoder and its frames' one are trained on.
  void use_with_corpora(const std::string& label, const std::string& dataset,
                        std::set<std::string>& used) const {
    used.insert(dataset);
    used.insert(trained_on(encoder_spec(plan_.experiment, label)));
    const std::string frames = frames_from(encoder_spec(plan_.experiment, label));
    if (is_encoder(plan_.experiment, frames)) {
      used.insert(trained_on(encoder_spec(plan_.experiment, frames)));
    }
  }

  void load_datasets() {
    std::set<std::string> used;
    for (const Diagnosed& each : diagnosed()) {
      use_with_corpora(each.encoder, each.dataset, used);
    }
    for (const auto& evaluation : plan_.experiment.evaluations) {
      for (const std::string& task_name : evaluation.tasks) {
        for (const std::string& encoder : evaluation.encoders) {
          if (!wanted(encoder, task_name)) continue;
          use_with_corpora(encoder, task_spec(task_name).dataset, used);
          scored_.insert(task_spec(task_name).dataset);
        }
      }
    }
    for (const RetrievalSpec& retrieval : plan_.experiment.retrievals) {
      for (const std::string& encoder : retrieval.encoders) {
        if (!wanted(encoder, "")) continue;
        use_with_corpora(encoder, retrieval.dataset, used);
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
        const Options resolved =
            resolve_options(spec.options, specs, spec.name, base_, options_.data_dir);
        if (const std::string paths = missing_paths(resolved, specs);
            plan_.experiment.skip_missing && !paths.empty()) {
          missing_[spec.name] =
              fmt::format("data set '{}' is not here (no {}): `musicrep fetch-help {}`", spec.name,
                          paths, spec.kind);
          return;
        }
        auto full = std::make_unique<Dataset>(load_dataset(kinds, spec.name, spec.kind, resolved));
        // A quick look is at fewer items to score, not at another training.
        const std::size_t limit = scored_.contains(spec.name) ? options_.limit : 0;
        const bool is_whole = limit == 0 || limit >= full->ids.size();
        plan_.datasets.push_back(is_whole ? std::move(full)
                                          : std::make_unique<Dataset>(limited(*full, limit)));
        full_.push_back(std::move(full));
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
          take_name(name, plan_.protocols.back()->name);
        });
      }
    }
  }

  // Rows, and what is held against them, call a protocol that is a file by the name in that file.
  void take_name(const std::string& written, const std::string& own) {
    for (const auto& other : plan_.protocols) {
      if (other == plan_.protocols.back() || other->name != own) continue;
      throw ConfigError(
          fmt::format("[[evaluate]]: '{}': a second protocol that is called '{}'", written, own));
    }
    const auto rename = [&](std::string& protocol) {
      if (protocol == written) protocol = own;
    };
    for (SweepSpec& sweep : plan_.experiment.sweeps) rename(sweep.protocol);
    for (PublishedSpec& published : plan_.experiment.published) rename(published.protocol);
    for (ClaimSpec& claim : plan_.experiment.claims) rename(claim.protocol);
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

  // Why there is nothing to encode this data set with; empty: there is.
  [[nodiscard]] std::string missing_for(const std::string& label,
                                        const std::string& dataset) const {
    if (!plan_.experiment.skip_missing) return "";
    for (const std::string& name : {dataset, trained_on(encoder_spec(plan_.experiment, label))}) {
      if (const auto at = missing_.find(name); at != missing_.end()) return at->second;
    }
    const EncoderSpec& spec = encoder_spec(plan_.experiment, label);
    const std::vector<OptionSpec>& specs = registry_.info(spec.kind).options;
    if (const std::string paths = missing_paths(
            resolve_options(spec.options, specs, dataset, base_, options_.data_dir), specs);
        !paths.empty()) {
      return fmt::format("encoder '{}' lacks {}: `musicrep fetch-help {}`", label, paths,
                         spec.kind);
    }
    const std::string frames = frames_from(spec);
    return is_encoder(plan_.experiment, frames) ? missing_for(frames, dataset) : "";
  }

  void make_steps() {
    StepPlanner planner(plan_, registry_, options_, full_);
    make_retrievals(planner);
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
              if (const std::string reason = missing_for(label, spec.dataset); !reason.empty()) {
                const std::string& kind = encoder_spec(plan_.experiment, label).kind;
                plan_.missing.push_back({plan_.n_cells++, label, kind, registry_.info(kind).version,
                                         task_name, spec.dataset,
                                         protocol_by_name_.at(protocol)->name, reason});
                failed.erase(pair);
                return;
              }
              const Task task = make_task(spec);
              const std::size_t cell = plan_.n_cells++;
              for (std::size_t s = 0; s < planner.n_trainings(label); ++s) {
                EvaluateStep step;
                step.encode = planner.encode_step(label, spec.dataset, s);
                step.cell = cell;
                step.task = task;
                step.protocol = protocol_by_name_.at(protocol);
                step.allow_seen = evaluation.allow_seen;
                plan_.evaluations.push_back(std::move(step));
              }
              failed.erase(pair);
            });
          }
        }
      }
    }
  }

  void make_retrievals(StepPlanner& planner) {
    for (const RetrievalSpec& spec : plan_.experiment.retrievals) {
      for (const std::string& label : spec.encoders) {
        if (!wanted(label, "") || !missing_for(label, spec.dataset).empty()) continue;
        collect("", [&] {
          const auto at = std::ranges::find_if(
              plan_.datasets, [&](const auto& dataset) { return dataset->name == spec.dataset; });
          const RetrievalTask task = {at->get(), spec.split, spec.centre, spec.n};
          check_retrieval(task);
          const std::size_t cell = plan_.n_cells++;
          for (std::size_t s = 0; s < planner.n_trainings(label); ++s) {
            plan_.retrievals.push_back({planner.encode_step(label, spec.dataset, s), cell, task});
            check_retrieval_corpora(plan_, plan_.retrievals.back());
          }
        });
      }
    }
  }

  void make_diagnoses() {
    StepPlanner planner(plan_, registry_, options_, full_);
    for (const Diagnosed& each : diagnosed()) {
      if (!missing_for(each.encoder, each.dataset).empty()) continue;
      collect("[[diagnose]]: ", [&] {
        const EncoderSpec& spec = encoder_spec(plan_.experiment, each.encoder);
        if (!registry_.info(spec.kind).can_trace) {
          throw ConfigError(fmt::format("encoder '{}' ({}) does not give the states of its frames",
                                        each.encoder, spec.kind));
        }
        const std::size_t cell = plan_.n_cells++;
        for (std::size_t s = 0; s < planner.n_trainings(each.encoder); ++s) {
          const std::size_t encode = planner.encode_step(each.encoder, each.dataset, s);
          const EncodeStep& from = plan_.encodes[encode];
          if (!from.refusal.empty()) throw DataError(from.refusal);
          plan_.diagnoses.push_back(
              {encode, cell, every_kth(from.dataset->ids.size(), each.n_clips)});
        }
      });
    }
  }

  [[nodiscard]] bool takes_audio(const std::string& label, const Dataset& dataset) const {
    try {
      const EncoderSpec& spec = encoder_spec(plan_.experiment, label);
      const InputKind input =
          registry_
              .info_for(spec.kind, resolve_options(spec.options, registry_.info(spec.kind).options,
                                                   dataset.name, base_, options_.data_dir))
              .input;
      return input == InputKind::kPcm || (input == InputKind::kVggishFrames && !dataset.frames);
    } catch (const Error&) {  // an unknown kind, a bad option: told when the steps are made
      return false;
    }
  }

  // Bad audio is refused here, or with skip_bad left out of the data set for every encoder, so that
  // all rows stand on the same items.
  void check_audio_of(Dataset& dataset) {
    const auto hears = [&](const std::string& label, const std::string& dataset_name) {
      const bool stands_on_it = dataset_name == dataset.name ||
                                trained_on(encoder_spec(plan_.experiment, label)) == dataset.name;
      return stands_on_it && takes_audio(label, dataset);
    };
    const bool diagnosed_by_ear = std::ranges::any_of(
        diagnosed(), [&](const Diagnosed& each) { return hears(each.encoder, each.dataset); });
    const bool scored_by_ear =
        std::ranges::any_of(plan_.experiment.evaluations, [&](const auto& cells) {
          return std::ranges::any_of(cells.tasks, [&](const std::string& task) {
            return std::ranges::any_of(cells.encoders, [&](const std::string& label) {
              return wanted(label, task) && hears(label, task_spec(task).dataset);
            });
          });
        });
    const bool retrieved_by_ear =
        std::ranges::any_of(plan_.experiment.retrievals, [&](const auto& spec) {
          return std::ranges::any_of(spec.encoders, [&](const std::string& label) {
            return wanted(label, "") && hears(label, spec.dataset);
          });
        });
    if (!(scored_by_ear || diagnosed_by_ear || retrieved_by_ear) || dataset.audio.empty()) return;
    plan_.heard.insert(&dataset);
    // Made here, later, or known by their hashes.
    if (!dataset.audio_sha256.empty() || !dataset.file_sha256.empty()) return;
    AuditedAudio audited = audit_audio(dataset, ArtefactStore(options_.cache), options_.skip_bad,
                                       [&](std::size_t done, std::size_t total) {
                                         if (options_.told)
                                           options_.told(dataset.name, done, total);
                                       });
    if (audited.dataset.ids.size() < dataset.ids.size()) keep_full(dataset);
    dataset = std::move(audited.dataset);
    plan_.audio[&dataset] = std::move(audited.audio);
    plan_.skipped[&dataset] = std::move(audited.skipped);
  }

  void keep_full(const Dataset& dataset) {
    for (std::size_t d = 0; d < full_.size(); ++d) {
      if (plan_.datasets[d].get() != &dataset || full_[d]) continue;
      full_[d] = std::make_unique<Dataset>(dataset);
    }
  }

  // What a protocol tests of a task, planned once for all encoders.
  struct Tested {
    std::string refusal;
    std::set<std::uint32_t> items;
  };

  const Tested& tested(const EvaluateStep& step) {
    const auto [at, is_new] = tested_.try_emplace({step.task.name, step.protocol});
    if (!is_new) return at->second;
    try {
      for (const Target* target : step.task.targets) {
        const FoldPlan folds = plan_folds(*step.protocol, *step.task.dataset, *target);
        // Of no use where nothing is trained that might have seen them.
        if (!plan_.fits.empty()) at->second.items.merge(tested_items(folds));
      }
    } catch (const DataError& error) {
      at->second.refusal = first_lines(error.what(), 4);
    }
    return at->second;
  }

  void check_plans() {
    for (EvaluateStep& step : plan_.evaluations) {
      step.refusal = plan_.encodes[step.encode].refusal;
      if (!step.refusal.empty()) continue;
      const Tested& of = tested(step);
      step.refusal = of.refusal;
      if (step.refusal.empty()) collect("", [&] { find_seen(step, of.items); });
    }
  }

  // What an encoder is trained on must not be tested, unless the experiment says that it may.
  void find_seen(EvaluateStep& step, const std::set<std::uint32_t>& tested) {
    for (const FitStep* fit : trainings_behind(plan_, plan_.encodes[step.encode])) {
      const Seen seen = seen_in_training(*fit->dataset, *step.task.dataset, tested);
      if (seen.n_items == 0 && seen.n_groups == 0) continue;
      const std::string what = fmt::format(
          "{} of the {} tested items{} were in the training data '{}' of '{}'", seen.n_items,
          tested.size(),
          seen.n_groups > 0
              ? fmt::format(" and {} of their artists ('{}' is one)", seen.n_groups, seen.group)
              : "",
          fit->dataset->name, fit->label);
      if (step.allow_seen) {
        step.notes.push_back(what);
        continue;
      }
      throw DataError(
          fmt::format("{} under {}: {}; expected none, or allow_seen = true in its "
                      "[[evaluate]]",
                      step.task.name, step.protocol->name, what));
    }
  }

  const EncoderRegistry& registry_;
  const PrepareOptions& options_;
  std::filesystem::path base_;
  Plan plan_;
  // The plan's data sets before --limit and without what skip_bad left out; null: they are whole.
  std::vector<std::unique_ptr<Dataset>> full_;
  std::map<std::pair<std::string, const Protocol*>, Tested> tested_;
  std::map<std::string, std::string> missing_;  // data sets that are not there, and why
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

}  // namespace musicrep
