#include "pipeline/run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "audio/ffmpeg.h"
#include "core/hash.h"
#include "core/stop.h"
#include "core/utc_time.h"
#include "musicrep/error.h"
#include "pipeline/audio_check.h"
#include "pipeline/background.h"
#include "pipeline/code_hash.h"
#include "pipeline/costs.h"
#include "pipeline/dataset_record.h"
#include "pipeline/diagnose_step.h"
#include "pipeline/encodings.h"
#include "pipeline/evaluate_step.h"
#include "pipeline/fingerprint.h"
#include "pipeline/provenance.h"
#include "pipeline/remaining.h"
#include "pipeline/retrieve_step.h"
#include "pipeline/seeds.h"
#include "pipeline/stored.h"
#include "pipeline/sweep_step.h"
#include "statistics/derive.h"

namespace musicrep {
namespace {

using Told = std::function<void(std::size_t, std::size_t)>;

class Runner {
 public:
  Runner(const Plan& plan, const EncoderRegistry& registry, const ArtefactStore& store,
         const RunOptions& options, RunProgress& progress)
      : plan_(plan),
        store_(store),
        options_(options),
        progress_(progress),
        encodings_(plan, registry, store, options, progress),
        items_(plan, encodings_) {}

  Results run() {
    const auto started = std::chrono::steady_clock::now();
    results_.volatile_facts = host_facts();
    results_.volatile_facts["started_at"] = utc_now();
    results_.experiment = plan_.experiment.name;
    results_.title = plan_.experiment.title;
    results_.experiment_toml = plan_.experiment.toml;
    results_.experiment_sha256 = plan_.experiment.sha256;
    results_.seed = static_cast<std::int64_t>(plan_.seed);
    results_.provenance = code_provenance();
    results_.provenance["evaluation_version"] = std::to_string(kEvaluationVersion);
    results_.provenance["solver"] = plan_.solver == Solver::kOwn ? "own" : "libsvm";
    if (!plan_.only.empty()) {
      results_.provenance["only"] = fmt::format("{}", fmt::join(plan_.only, ", "));
    }
    if (plan_.limit > 0) results_.provenance["limit"] = std::to_string(plan_.limit);
    for (const EncodeStep& step : plan_.encodes) {
      if (step.info.code_sha256.empty()) continue;
      results_.provenance["plugin_" + step.kind] = step.info.code_sha256;
    }
    if (needs_ffmpeg()) results_.provenance["ffmpeg"] = ffmpeg_version();
    const std::vector<SweepStep> sweeps = sweep_steps(plan_);
    progress_.plan(encodings_.n_steps() + sweeps.size() + plan_.evaluations.size() +
                   plan_.retrievals.size() + plan_.diagnoses.size() +
                   (plan_.only_diagnoses ? 0 : plan_.heard.size()));
    encodings_.train();
    items_.find();
    for (std::size_t e = 0; e < plan_.encodes.size(); ++e) run_encoder(e);
    merge_rows();
    const DiagnosisSources sources = {
        [&](const EncodeStep& step) { return encodings_.encoder(step); },
        [&](const EncodeStep& step) { return encodings_.frames(step); }};
    DiagnosedLayers layers = run_diagnoses(plan_, sources, store_, options_, progress_);
    results_.diagnoses = std::move(layers.diagnoses);
    results_.measure_samples = claimed(std::move(layers.samples), plan_.experiment.claims);
    if (plan_.only_diagnoses) return std::move(results_);  // nothing else is asked for
    retrieve();
    results_.sweeps =
        run_sweeps(plan_, sweeps,
                   {[&](const EncodeStep& step) { return items_.embeddings(step); },
                    [&](const Dataset& planned) -> const Dataset& { return items_.of(planned); }},
                   store_, options_, progress_);
    take_fingerprints();
    for (const auto& dataset : plan_.datasets) record_dataset(*dataset);
    results_.claims = unjudged_claims(plan_.experiment.claims);
    derive_statistics(results_);
    results_.curves = training_curves(plan_, store_);
    results_.citations = citations(plan_);
    const std::vector<StepCost> of_vectors = costs_of_vectors(plan_, store_);
    results_.costs.insert(results_.costs.begin(), of_vectors.begin(), of_vectors.end());
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
    results_.volatile_facts["elapsed_s"] = fmt::format("{:.2f}", elapsed.count());
    results_.volatile_facts["peak_memory_mib"] = fmt::format("{:.0f}", peak_memory_mib());
    results_.volatile_facts["jobs"] = std::to_string(options_.jobs);
    return std::move(results_);
  }

 private:
  [[nodiscard]] bool needs_ffmpeg() const {
    return std::ranges::any_of(plan_.heard, [&](const Dataset* heard) {
      const auto audio = plan_.audio.find(heard);
      return musicrep::needs_ffmpeg(
          *heard, audio == plan_.audio.end() ? std::span<const CheckedAudio>() : audio->second);
    });
  }

  void take_fingerprints() {
    for (const EncodeStep& step : plan_.encodes) {
      throw_if_stop_requested();
      if (!step.refusal.empty() || !encodings_.failure(step).empty()) continue;
      results_.fingerprints.push_back(
          fingerprint_of(step, store_, [&] { return encodings_.encoder(step); }));
    }
    note_broken_contracts(results_);
  }

  // Rows of one cell, a training seed each, become one.
  void merge_rows() {
    auto missing = plan_.missing.begin();
    const auto add_missing_before = [&](std::size_t cell) {
      for (; missing != plan_.missing.end() && missing->cell < cell; ++missing) {
        results_.rows.push_back(empty_row(*missing));
        add_published(results_.rows.back());
      }
    };
    for (std::size_t k = 0; k < rows_.size();) {
      add_missing_before(plan_.evaluations[k].cell);
      std::size_t end = k + 1;
      while (end < rows_.size() && plan_.evaluations[end].cell == plan_.evaluations[k].cell) ++end;
      results_.rows.push_back(merge_seeds(std::span(rows_).subspan(k, end - k)));
      add_published(results_.rows.back());
      k = end;
    }
    add_missing_before(plan_.n_cells);
  }

  [[nodiscard]] ResultRow empty_row(const MissingCell& cell) const {
    ResultRow row;
    row.encoder = cell.encoder;
    row.encoder_kind = cell.kind;
    row.encoder_version = cell.version;
    row.task = cell.task;
    row.dataset = cell.dataset;
    row.protocol = cell.protocol;
    row.failure = cell.reason;
    return row;
  }

  void retrieve() {
    const RetrievalSources sources = {
        [&](const EncodeStep& step) { return items_.embeddings(step); },
        [&](const Dataset& planned) -> const Dataset& { return items_.of(planned); },
        [&](const EncodeStep& step) { return encodings_.encoder(step); }};
    results_.retrievals = run_retrievals(plan_, sources, store_, options_, progress_);
  }

  void record_dataset(const Dataset& planned) {
    throw_if_stop_requested();
    const bool heard = plan_.heard.contains(&planned);
    if (heard) progress_.begin(fmt::format("hash and picture the audio of {}", planned.name));
    const Told told = [&](std::size_t done, std::size_t total) { progress_.update(done, total); };
    results_.datasets.push_back(record_of(items_.of(planned), planned, items_.skipped(planned),
                                          plan_, store_, options_.jobs, told));
    if (heard) progress_.end(results_.datasets.back().audio_pcm_sha256.substr(0, 12));
  }

  // One encoder on one data set: its vectors, then every cell that stands on them. Rows keep the
  // order of the experiment file whatever the order of work.
  void run_encoder(std::size_t e) {
    throw_if_stop_requested();
    rows_.resize(plan_.evaluations.size());
    const EncodeStep& step = plan_.encodes[e];
    if (!is_scored(plan_, step)) return;  // frames of a corpus: made where a training needs them
    if (!step.refusal.empty()) {
      progress_.begin(
          fmt::format("encode {}{} on {}", step.label, step.seed_text, step.dataset->name));
      progress_.end("not run: " + step.refusal);
      refuse_rows(e, step.refusal);
      return;
    }
    Embeddings embeddings;
    try {
      embeddings = items_.embeddings(step);
    } catch (const ForeignFailure& failure) {
      refuse_rows(e, failure.what());
      return;
    }
    const std::string sha256 = sha256_of(embeddings);
    for (std::size_t k = 0; k < plan_.evaluations.size(); ++k) {
      if (plan_.evaluations[k].encode == e) {
        rows_[k] = run_cell(items_.on(plan_.evaluations[k]), step, embeddings, sha256);
      }
    }
  }

  // The rows of an encoder without vectors, with the reason.
  void refuse_rows(std::size_t e, const std::string& reason) {
    for (std::size_t k = 0; k < plan_.evaluations.size(); ++k) {
      if (plan_.evaluations[k].encode != e) continue;
      EvaluateStep step = items_.on(plan_.evaluations[k]);
      step.refusal = reason;
      rows_[k] = run_cell(step, plan_.encodes[e], {}, "");
    }
  }

  ResultRow run_cell(const EvaluateStep& step, const EncodeStep& from, const Embeddings& embeddings,
                     const std::string& embeddings_sha256) {
    throw_if_stop_requested();
    progress_.begin(fmt::format("{} under {}: {}{}", step.task.name, step.protocol->name,
                                from.label, from.seed_text));
    auto [row, key, was_stored] =
        evaluate_cell(plan_, step, embeddings, embeddings_sha256, store_, options_, progress_);
    if (auto cost = stored_cost(store_, key)) {
      cost->step = kEvaluateStep;
      cost->encoder = from.label;
      cost->on = step.task.name + " under " + step.protocol->name;
      cost->seed = static_cast<std::int64_t>(from.seed_index);
      results_.costs.push_back(std::move(*cost));
    }
    row.dataset = step.task.dataset->name;  // a stored row may be of the same data by another name
    row.encoder = from.label;
    row.encoder_kind = from.kind;
    row.encoder_version = from.version;
    row.embeddings_sha256 = embeddings_sha256;
    row.step_key = key_without_code(evaluation_key_json(plan_, step, embeddings_sha256));
    row.item_group = item_groups(row.item_ids, *step.task.dataset);
    const std::size_t n_skipped = items_.skipped(*from.dataset).size();
    if (n_skipped > 0) {
      row.notes.push_back(fmt::format(
          "{} of {} items were skipped because their audio is bad: see \"What it stands on\"",
          n_skipped, n_skipped + items_.of(*from.dataset).ids.size()));
    }
    row.notes.insert(row.notes.end(), step.notes.begin(), step.notes.end());
    row.notes.insert(row.notes.begin(), embeddings.notes.begin(), embeddings.notes.end());
    if (plan_.limit > 0) {
      row.notes.push_back(fmt::format("a quick look at {} items, no result", plan_.limit));
    }
    if (!row.failure.empty()) {
      progress_.end("not run: " + row.failure);
    } else {
      const std::string score =
          fmt::format("{} {:.3f} [{:.3f}, {:.3f}]", row.metric, row.score, row.ci_low, row.ci_high);
      progress_.end(was_stored ? score + " (stored)" : score);
    }
    return row;
  }

  // "100 of 1000 items"; empty where the data set is whole, or how large it is is not known.
  [[nodiscard]] std::string part_of(const std::string& dataset) const {
    for (const auto& planned : plan_.datasets) {
      const std::size_t n = items_.of(*planned).ids.size();
      if (planned->name == dataset && n < planned->n_expected) {
        return fmt::format("{} of {} items", n, planned->n_expected);
      }
    }
    return "";
  }

  void add_published(ResultRow& row) const {
    for (const PublishedSpec& published : plan_.experiment.published) {
      if (published.encoder != row.encoder || published.task != row.task ||
          published.protocol != row.protocol) {
        continue;
      }
      if (published.target.empty()) {
        row.published = published.value;
      }
      for (TargetResult& target : row.targets) {
        if (target.name == published.target) target.published = published.value;
      }
      row.published_source = published.source;
      row.published_caveat = published.not_comparable;
      if (const std::string part = part_of(row.dataset);
          row.published_caveat.empty() && !part.empty()) {
        row.published_caveat = "ours is on " + part;
      }
    }
  }

  const Plan& plan_;
  const ArtefactStore& store_;
  const RunOptions& options_;
  RunProgress& progress_;
  Encodings encodings_;
  RemainingItems items_;
  Results results_;
  std::vector<ResultRow> rows_;
};

}  // namespace

Results run(const Plan& plan, const EncoderRegistry& registry, const ArtefactStore& store,
            const RunOptions& options, RunProgress& progress) {
  return Runner(plan, registry, store, options, progress).run();
}

}  // namespace musicrep
