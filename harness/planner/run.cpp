#include "planner/run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <span>

#include "audio/ffmpeg.h"
#include "audio_check/audio_check.h"
#include "core/stop.h"
#include "core/utc_time.h"
#include "evaluation/evaluate.h"
#include "graph/costs.h"
#include "planner/background.h"
#include "provenance/provenance.h"
#include "statistics/derive.h"
#include "steps/fingerprint_step.h"

namespace musicrep {
namespace {

bool needs_ffmpeg(const Plan& plan) {
  return std::ranges::any_of(plan.datasets, [](const auto& dataset) {
    std::span<const CheckedAudio> audio;
    if (dataset->audio) audio = *dataset->audio;
    return dataset->takes_audio && musicrep::needs_ffmpeg(*dataset->data, audio);
  });
}

std::map<std::string, std::string> provenance_of(const Plan& plan) {
  std::map<std::string, std::string> out = code_provenance();
  out["evaluation_version"] = std::to_string(kEvaluationVersion);
  out["solver"] = to_string(plan.settings->solver);
  if (!plan.only.empty()) out["only"] = fmt::format("{}", fmt::join(plan.only, ", "));
  if (plan.settings->limit > 0) out["limit"] = std::to_string(plan.settings->limit);
  for (const Encoding* encoding : all_encodings(plan)) {
    if (!encoding->info.code_sha256.empty()) {
      out["plugin_" + encoding->kind] = encoding->info.code_sha256;
    }
  }
  if (needs_ffmpeg(plan)) out["ffmpeg"] = ffmpeg_version();
  return out;
}

// "100 of 1000 items"; empty where the data set is whole, or how large it is is not known.
std::string part_of(const Results& results, const std::string& name) {
  for (const DatasetRecord& dataset : results.datasets) {
    if (dataset.name == name && dataset.n_items < dataset.n_expected) {
      return fmt::format("{} of {} items", dataset.n_items, dataset.n_expected);
    }
  }
  return "";
}

void add_published(std::span<const PublishedSpec> figures, Results& results) {
  for (ResultRow& row : results.rows) {
    for (const PublishedSpec& figure : figures) {
      if (figure.encoder != row.encoder || figure.task != row.task ||
          figure.protocol != row.protocol) {
        continue;
      }
      if (figure.target.empty()) row.published = figure.value;
      for (TargetResult& target : row.targets) {
        if (target.name == figure.target) target.published = figure.value;
      }
      row.published_source = figure.source;
      row.published_caveat = figure.not_comparable;
      if (const std::string part = part_of(results, row.dataset);
          row.published_caveat.empty() && !part.empty()) {
        row.published_caveat = "ours is on " + part;
      }
    }
  }
}

}  // namespace

Results assemble(const Plan& plan, const FinishedRun& finished) {
  Results out;
  out.experiment = plan.experiment.name;
  out.title = plan.experiment.title;
  out.experiment_toml = plan.experiment.toml;
  out.experiment_sha256 = plan.experiment.sha256;
  out.seed = static_cast<std::int64_t>(plan.settings->seed);
  out.provenance = provenance_of(plan);
  for (const auto& part : plan.parts) {
    throw_if_stop_requested();
    part->add_to(out, finished);
  }
  if (plan.only_diagnoses) return out;  // nothing else is asked for
  add_published(plan.experiment.published, out);
  note_broken_contracts(out);
  out.claims = unjudged_claims(plan.experiment.claims);
  derive_statistics(out);
  out.curves = training_curves(plan, finished.context.store);
  out.citations = citations(plan);
  out.costs = costs_of_steps(plan, finished);
  return out;
}

Results run(const Plan& plan, const StepContext& context, Progress& progress) {
  const auto started = std::chrono::steady_clock::now();
  const std::string started_at = utc_now();
  const Outcomes outcomes = execute(plan.steps, context, progress);
  StepContext quiet = context;
  quiet.again = false;  // assembling makes nothing that is stored
  Results out = assemble(plan, {quiet, outcomes});
  out.volatile_facts = host_facts();
  out.volatile_facts["started_at"] = started_at;
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
  out.volatile_facts["elapsed_s"] = fmt::format("{:.2f}", elapsed.count());
  out.volatile_facts["peak_memory_mib"] = fmt::format("{:.0f}", peak_memory_mib());
  out.volatile_facts["jobs"] = std::to_string(context.jobs);
  return out;
}

}  // namespace musicrep
