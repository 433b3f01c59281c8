#include "planner/cell_planner.h"

#include <fmt/format.h>

#include <algorithm>

#include "evaluation/retrieve.h"
#include "evaluation/tag_evaluation.h"
#include "musicrep/error.h"
#include "planner/make_task.h"
#include "protocols/plan.h"
#include "steps/describe_step.h"
#include "steps/fingerprint_step.h"
#include "steps/sweep_step.h"

namespace musicrep {
namespace {

// A reason is shown in one cell of a table: of a long list, only its beginning.
std::string first_lines(const std::string& text, std::size_t most) {
  std::size_t end = 0;
  for (std::size_t line = 0; line < most; ++line) {
    end = text.find('\n', end);
    if (end == std::string::npos) return text;
    ++end;
  }
  return text.substr(0, end) + "  - and more of the kind";
}

template <typename T, typename Base>
void move_into(std::vector<std::unique_ptr<T>>& from, std::vector<std::unique_ptr<Base>>& to) {
  for (auto& each : from) to.push_back(std::move(each));
  from.clear();
}

}  // namespace

CellPlanner::CellPlanner(Plan& plan, const EncoderRegistry& registry,
                         const TableSelection& selection, const LoadedDatasets& datasets,
                         StepPlanner& vectors, ProblemCollector& problems)
    : plan_(plan),
      registry_(registry),
      selection_(selection),
      datasets_(datasets),
      vectors_(vectors),
      problems_(problems) {}

void CellPlanner::find_protocols() {
  std::set<std::string> seen;
  for (const EvaluationSpec& evaluation : plan_.experiment.evaluations) {
    for (const std::string& name : evaluation.protocols) {
      if (!seen.insert(name).second) continue;
      problems_.collect("", [&] {
        const bool is_file = name.ends_with(".toml");
        const std::filesystem::path& folder = plan_.settings->folder;
        plan_.protocols.push_back(std::make_unique<Protocol>(find_protocol(
            is_file && std::filesystem::path(name).is_relative() ? (folder / name).string()
                                                                 : name)));
        protocol_by_name_[name] = plan_.protocols.back().get();
        take_name(name, plan_.protocols.back()->name);
      });
    }
  }
}

// Rows, and the figures compared with them, call a protocol that is a file by the name in that
// file.
void CellPlanner::take_name(const std::string& written, const std::string& own) {
  for (const auto& other : plan_.protocols) {
    if (other == plan_.protocols.back() || other->name != own) continue;
    throw ConfigError(
        fmt::format("[[evaluate]]: '{}': a second protocol that is called '{}'", written, own));
  }
  const auto rename = [&](std::string& protocol) {
    if (protocol == written) protocol = own;
  };
  for (SweepSpec& sweep : plan_.experiment.sweeps) rename(sweep.protocol);
  for (DeformSpec& deform : plan_.experiment.deforms) {
    std::ranges::for_each(deform.protocols, rename);
  }
  for (PublishedSpec& published : plan_.experiment.published) rename(published.protocol);
  for (ClaimSpec& claim : plan_.experiment.claims) rename(claim.protocol);
}

void CellPlanner::plan_tables() {
  for (const RetrievalSpec& spec : plan_.experiment.retrievals) {
    for (const std::string& label : spec.encoders) {
      if (!selection_.wants(label, "") || !datasets_.missing_for(label, spec.dataset).empty()) {
        continue;
      }
      problems_.collect("", [&] { plan_retrieval(spec, label); });
    }
  }
  for (const EvaluationSpec& spec : plan_.experiment.evaluations) plan_evaluations(spec);
  for (const ZeroShotSpec& spec : plan_.experiment.zero_shots) {
    for (const std::string& task : spec.tasks) {
      for (const std::string& label : spec.encoders) {
        if (!selection_.wants(label, task) ||
            !datasets_.missing_for(label, selection_.task(task).dataset).empty()) {
          continue;
        }
        problems_.collect("", [&] { plan_zero_shot(spec, task, label); });
      }
    }
  }
  for (const DiagnosedEncoder& each : selection_.diagnosed()) {
    if (!datasets_.missing_for(each.encoder, each.dataset).empty()) continue;
    problems_.collect("[[diagnose]]: ", [&] { plan_diagnosis(each); });
  }
}

void CellPlanner::plan_evaluations(const EvaluationSpec& spec) {
  for (const std::string& task_name : spec.tasks) {
    for (const std::string& protocol : spec.protocols) {
      for (const std::string& label : spec.encoders) {
        if (!selection_.wants(label, task_name)) continue;
        const TaskSpec& task = selection_.task(task_name);
        // The same mistake is reported once, not for every protocol.
        const std::string pair = label + "/" + task.dataset;
        if (!failed_.insert(pair).second) continue;
        problems_.collect("", [&] {
          plan_cell(spec, task, protocol, label);
          failed_.erase(pair);
        });
      }
    }
  }
}

void CellPlanner::plan_cell(const EvaluationSpec& spec, const TaskSpec& task_spec,
                            const std::string& protocol_name, const std::string& label) {
  const Protocol& protocol = *protocol_by_name_.at(protocol_name);
  if (const std::string reason = datasets_.missing_for(label, task_spec.dataset); !reason.empty()) {
    const std::string& kind = encoder_spec(plan_.experiment, label).kind;
    MissingCell cell{
        label,         kind,  registry_.info(kind).version, task_spec.name, task_spec.dataset,
        protocol.name, reason};
    evaluations_.push_back(std::make_unique<MissingStep>(cell));
    parts_.push_back(std::make_unique<RowPart>(std::move(cell)));
    return;
  }
  const Task task = make_task(task_spec, *datasets_.find(task_spec.dataset)->data);
  if (!protocol.probe->fits_numbers && task.target_kind() == MetricTarget::kNumbers) {
    throw ConfigError(fmt::format(
        "[[evaluate]]: the task '{}' has numbers, and the probe of the protocol '{}', {}, fits "
        "classes and tags alone; expected a protocol with another probe, such as nested or "
        "nested-ridge",
        task.name, protocol.name, protocol.probe->title));
  }
  std::vector<const RowStep*> seeds;
  for (std::size_t s = 0; s < vectors_.n_trainings(label); ++s) {
    const EncodeStep& from = vectors_.encode(label, task_spec.dataset, s);
    plan_.vectors->add(from);
    auto step =
        std::make_unique<EvaluateStep>(from, task, protocol, *plan_.vectors, *plan_.settings);
    if (spec.allow_seen) may_be_seen_.insert(step.get());
    seeds.push_back(step.get());
    cells_.push_back(step.get());
    evaluations_.push_back(std::move(step));
  }
  parts_.push_back(std::make_unique<RowPart>(std::move(seeds)));
}

void CellPlanner::plan_retrieval(const RetrievalSpec& spec, const std::string& label) {
  const RetrievalTask task = {datasets_.find(spec.dataset)->data.get(), spec.split, spec.centre,
                              spec.n};
  check_retrieval(task);
  std::vector<const RetrieveStep*> seeds;
  for (std::size_t s = 0; s < vectors_.n_trainings(label); ++s) {
    const EncodeStep& from = vectors_.encode(label, spec.dataset, s);
    check_unseen(from, *task.dataset, task.split, "retrieval");
    plan_.vectors->add(from);
    retrievals_.push_back(
        std::make_unique<RetrieveStep>(from, task, *plan_.vectors, *plan_.settings));
    seeds.push_back(retrievals_.back().get());
  }
  parts_.push_back(std::make_unique<RetrievalPart>(std::move(seeds)));
}

void CellPlanner::plan_zero_shot(const ZeroShotSpec& spec, const std::string& task_name,
                                 const std::string& label) {
  const TaskSpec& task_spec = selection_.task(task_name);
  const Task task = make_task(task_spec, *datasets_.find(task_spec.dataset)->data);
  const Prompts prompts = {spec.templates, spec.names, spec.split};
  check_prompts(prompts, task);
  std::vector<const RowStep*> seeds;
  for (std::size_t s = 0; s < vectors_.n_trainings(label); ++s) {
    const EncodeStep& from = vectors_.encode(label, task_spec.dataset, s);
    plan_.vectors->add(from);
    auto step =
        std::make_unique<ZeroShotStep>(from, task, prompts, *plan_.vectors, *plan_.settings);
    seeds.push_back(step.get());
    zero_shots_.push_back(std::move(step));
  }
  parts_.push_back(std::make_unique<RowPart>(std::move(seeds)));
}

void CellPlanner::plan_diagnosis(const DiagnosedEncoder& diagnosed) {
  const EncoderSpec& spec = encoder_spec(plan_.experiment, diagnosed.encoder);
  if (!registry_.abilities(spec.kind).traces_layers) {
    throw ConfigError(fmt::format("encoder '{}' ({}) does not give the states of its frames",
                                  diagnosed.encoder, spec.kind));
  }
  std::vector<const DiagnoseStep*> seeds;
  for (std::size_t s = 0; s < vectors_.n_trainings(diagnosed.encoder); ++s) {
    const EncodeStep& from = vectors_.encode(diagnosed.encoder, diagnosed.dataset, s);
    const bool is_foreign = from.encoding().info.foreign;
    if (!from.facts().refusal.empty() && !is_foreign) throw DataError(from.facts().refusal);
    diagnoses_.push_back(std::make_unique<DiagnoseStep>(
        from, evenly_spaced(from.encoding().dataset->ids.size(), diagnosed.n_clips),
        *plan_.settings));
    seeds.push_back(diagnoses_.back().get());
  }
  parts_.push_back(std::make_unique<DiagnosisPart>(std::move(seeds), plan_.experiment.claims));
}

const CellPlanner::Tested& CellPlanner::tested(const EvaluateStep& step) {
  const auto [at, is_new] = tested_.try_emplace({step.task().name, &step.protocol()});
  if (!is_new) return at->second;
  try {
    const Task& task = step.task();
    if (task.tagging) {
      at->second.items =
          tested_items(usable_tags(step.protocol(), *task.dataset, task.targets).plan);
      return at->second;
    }
    for (const Target* target : task.targets) {
      const FoldPlan folds = plan_folds(step.protocol(), *task.dataset, *target);
      // Of no use where nothing is trained that might have seen them.
      if (vectors_.has_trainings()) at->second.items.merge(tested_items(folds));
    }
  } catch (const DataError& error) {
    at->second.refusal = first_lines(error.what(), 4);
  }
  return at->second;
}

void CellPlanner::check_evaluations() {
  for (EvaluateStep* step : cells_) {
    if (!step->facts().refusal.empty()) continue;
    const Tested& of = tested(*step);
    if (of.refusal.empty()) {
      problems_.collect("", [&] { find_seen(*step, of.items); });
    } else {
      step->refuse(of.refusal);
    }
  }
}

// What an encoder is trained on must not be tested, unless the experiment says that it may.
void CellPlanner::find_seen(EvaluateStep& step, const std::set<std::uint32_t>& tested) {
  for (const Training* training : step.from().trainings()) {
    const Seen seen = seen_in_training(*training->dataset, *step.task().dataset, tested);
    if (seen.n_items == 0 && seen.n_groups == 0) continue;
    const std::string what = fmt::format(
        "{} of the {} tested items{} were in the training data '{}' of '{}'", seen.n_items,
        tested.size(),
        seen.n_groups > 0
            ? fmt::format(" and {} of their artists ('{}' is one)", seen.n_groups, seen.group)
            : "",
        training->dataset->name, training->label);
    if (may_be_seen_.contains(&step)) {
      step.add_note(what);
      continue;
    }
    throw DataError(
        fmt::format("{} under {}: {}; expected none, or allow_seen = true in its "
                    "[[evaluate]]",
                    step.task().name, step.protocol().name, what));
  }
}

void CellPlanner::plan_sweep(const SweepSpec& spec, const std::string& label) {
  std::vector<const EvaluateStep*> rows;
  for (const EvaluateStep* row : cells_) {
    if (row->task().name == spec.task && row->protocol().name == spec.protocol &&
        row->from().encoding().label == label && row->facts().refusal.empty()) {
      rows.push_back(row);
    }
  }
  if (rows.empty()) return;
  if (rows.front()->task().tagging) {
    throw ConfigError(
        fmt::format("[[sweep]]: '{}' is a tagging task; expected a task of one class or of numbers",
                    spec.task));
  }
  auto step = std::make_unique<SweepStep>(spec, std::move(rows), *plan_.vectors, *plan_.settings);
  parts_.push_back(std::make_unique<SweepPart>(*step));
  others_.push_back(std::move(step));
}

void CellPlanner::plan_deforms(const DeformSpec& spec) {
  const auto is_in = [](const std::vector<std::string>& list, const std::string& name) {
    return std::ranges::find(list, name) != list.end();
  };
  for (const Deformation& deformation : spec.deformations) {
    std::map<std::string, std::vector<const EvaluateStep*>> rows;  // of all trainings
    std::vector<std::string> order;
    for (const EvaluateStep* row : cells_) {
      const std::string& label = row->from().encoding().label;
      if (!is_in(spec.tasks, row->task().name) || !is_in(spec.encoders, label) ||
          !is_in(spec.protocols, row->protocol().name) || !row->facts().refusal.empty()) {
        continue;
      }
      std::string name = label + "/" + row->task().name + "/" + row->protocol().name;
      if (!rows.contains(name)) order.push_back(name);
      rows[name].push_back(row);
    }
    for (const std::string& name : order) {
      problems_.collect("", [&] { plan_deformed(deformation, rows.at(name)); });
    }
  }
}

void CellPlanner::plan_deformed(const Deformation& deformation,
                                const std::vector<const EvaluateStep*>& rows) {
  const Task& task = rows.front()->task();
  if (task.tagging) {
    throw ConfigError(
        fmt::format("[[deform]]: '{}' is a tagging task; expected a task of one class or of "
                    "numbers",
                    task.name));
  }
  std::vector<const DeformStep*> seeds;
  for (const EvaluateStep* row : rows) {
    const Encoding& clean = row->from().encoding();
    const EncodeStep& from =
        vectors_.encode(clean.label, task.dataset->name, clean.seed_index, &deformation);
    plan_.vectors->add(from);
    auto step =
        std::make_unique<DeformStep>(*row, from, deformation, *plan_.vectors, *plan_.settings);
    seeds.push_back(step.get());
    deforms_.push_back(std::move(step));
  }
  parts_.push_back(std::make_unique<DeformPart>(std::move(seeds)));
}

void CellPlanner::add_parts_of_encodings() {
  for (const auto& encode : vectors_.encodings()) {
    if (!encode->facts().refusal.empty() || !encode->encoding().deformation.empty()) continue;
    std::unique_ptr<FingerprintStep> step;
    if (encode->encoding().info.input != InputKind::kItemId) {
      step = std::make_unique<FingerprintStep>(*encode);
    }
    parts_.push_back(std::make_unique<FingerprintPart>(*encode, step.get()));
    if (step) others_.push_back(std::move(step));
  }
  for (const auto& dataset : plan_.datasets) {
    if (dataset->takes_audio && dataset->data->file_sha256.empty()) {
      others_.push_back(std::make_unique<DescribeStep>(*dataset, vectors_.render(*dataset)));
    }
    parts_.push_back(std::make_unique<DatasetPart>(*dataset, *plan_.vectors));
  }
}

void CellPlanner::finish() {
  for (const DeformSpec& spec : plan_.experiment.deforms) plan_deforms(spec);
  for (auto& step : deforms_) step->wait_for_others();
  for (EvaluateStep* step : cells_) step->wait_for_others();
  for (auto& step : retrievals_) step->wait_for_others();
  for (auto& step : zero_shots_) step->wait_for_others();
  for (const SweepSpec& spec : plan_.experiment.sweeps) {
    for (const std::string& label : spec.encoders) {
      problems_.collect("", [&] { plan_sweep(spec, label); });
    }
  }
  if (!plan_.only_diagnoses) add_parts_of_encodings();
  vectors_.finish();
  plan_.evaluations.assign(cells_.begin(), cells_.end());
  for (const auto& step : retrievals_) plan_.retrievals.push_back(step.get());
  for (const auto& step : diagnoses_) plan_.diagnoses.push_back(step.get());
  move_into(evaluations_, plan_.steps);
  move_into(retrievals_, plan_.steps);
  move_into(zero_shots_, plan_.steps);
  move_into(diagnoses_, plan_.steps);
  move_into(deforms_, plan_.steps);
  move_into(others_, plan_.steps);
  plan_.parts = std::move(parts_);
}

}  // namespace musicrep
