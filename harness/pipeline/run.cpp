#include "pipeline/run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/hash.h"
#include "core/parallel.h"
#include "core/random.h"
#include "core/stop.h"
#include "musicrep/error.h"
#include "pipeline/comparisons.h"
#include "pipeline/encoding.h"
#include "pipeline/provenance.h"
#include "store/results_json.h"

namespace musicrep {
namespace {

using Told = std::function<void(std::size_t, std::size_t)>;

// Items that are looked up by their id: all in one call.
std::vector<Matrix> encode_ids(const EncodeStep& step, Encoder& encoder) {
  std::vector<Signal> signals;
  for (const std::string& id : step.dataset->ids) signals.push_back({id, {}, 0, 0});
  return encoder.encode(signals);
}

// Signals: one item a call, on several threads, so that memory is bounded by the longest items.
// `encode_one` loads item i and encodes it.
std::vector<Matrix> encode_each(const EncodeStep& step, std::size_t jobs, const Told& told,
                                const std::function<Matrix(std::size_t)>& encode_one) {
  std::vector<Matrix> encoded(step.dataset->ids.size());
  std::mutex mutex;
  std::size_t done = 0;
  parallel_for(encoded.size(), jobs, [&](std::size_t i) {
    encoded[i] = encode_one(i);
    const std::lock_guard lock(mutex);
    told(++done, encoded.size());
  });
  return encoded;
}

std::vector<Matrix> encode_audio(const EncodeStep& step, Encoder& encoder, std::size_t jobs,
                                 const Told& told) {
  const Dataset& dataset = *step.dataset;
  if (dataset.make_audio) dataset.make_audio(jobs, told);
  return encode_each(step, jobs, told, [&](std::size_t i) {
    return encode_file(encoder, step.info, step.label, dataset.ids[i], dataset.audio[i]);
  });
}

std::vector<Matrix> encode_frames(const EncodeStep& step, Encoder& encoder, std::size_t jobs,
                                  const Told& told) {
  const Dataset& dataset = *step.dataset;
  return encode_each(step, jobs, told, [&](std::size_t i) {
    const std::vector<float> values = dataset.frames->dequantised(i);
    return encode_signal(encoder, step.label,
                         {dataset.ids[i], values, dataset.frames->rows(i), FrameTable::kWidth});
  });
}

std::vector<Matrix> encode_items(const EncodeStep& step, Encoder& encoder, std::size_t jobs,
                                 const Told& told) {
  switch (step.info.input) {
    case InputKind::kPcm:
      return encode_audio(step, encoder, jobs, told);
    case InputKind::kVggishFrames:
      return encode_frames(step, encoder, jobs, told);
    case InputKind::kItemId:
      break;
  }
  return encode_ids(step, encoder);
}

class Runner {
 public:
  Runner(const Plan& plan, const EncoderRegistry& registry, const ArtefactStore& store,
         const RunOptions& options, RunProgress& progress)
      : plan_(plan), registry_(registry), store_(store), options_(options), progress_(progress) {}

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
    results_.provenance["solver"] = plan_.solver == Solver::kOwn ? "own" : "libsvm";
    if (plan_.limit > 0) results_.provenance["limit"] = std::to_string(plan_.limit);
    std::vector<Dataset> datasets;
    for (const auto& dataset : plan_.datasets) {
      results_.datasets.push_back({dataset->name, dataset->kind, manifest_sha256(*dataset),
                                   static_cast<std::int64_t>(dataset->ids.size()),
                                   static_cast<std::int64_t>(dataset->n_expected), dataset->about,
                                   dataset->notes});
      datasets.push_back(*dataset);
    }
    const std::vector<FitStep> fits = fits_to_do();
    progress_.plan((fits.empty() ? 0 : 1) + plan_.encodes.size() + plan_.evaluations.size());
    if (!fits.empty()) train(fits);
    for (std::size_t e = 0; e < plan_.encodes.size(); ++e) run_encoder(e);
    for (ResultRow& row : rows_) results_.rows.push_back(std::move(row));
    compare_rows(results_, datasets);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
    results_.volatile_facts["elapsed_s"] = fmt::format("{:.2f}", elapsed.count());
    results_.volatile_facts["peak_memory_mib"] = fmt::format("{:.0f}", peak_memory_mib());
    results_.volatile_facts["jobs"] = std::to_string(options_.jobs);
    return std::move(results_);
  }

 private:
  // Trainings that some encoding still needs.
  [[nodiscard]] std::vector<FitStep> fits_to_do() const {
    std::vector<FitStep> out;
    for (std::size_t f = 0; f < plan_.fits.size(); ++f) {
      const bool needed = std::ranges::any_of(plan_.encodes, [&](const EncodeStep& step) {
        return step.fit == f && step.refusal.empty() &&
               (options_.overwrite == OverwriteStrategy::kAlways ||
                !store_.has("embeddings", step.key));
      });
      if (needed) out.push_back(plan_.fits[f]);
    }
    return out;
  }

  void train(std::span<const FitStep> fits) {
    std::vector<std::string> labels;
    for (const FitStep& fit : fits) labels.push_back(fit.label);
    progress_.begin(fmt::format("train {}", fmt::join(labels, ", ")));
    run_fits(fits, registry_, store_, options_.jobs,
             options_.overwrite == OverwriteStrategy::kAlways,
             [&](std::size_t done, std::size_t total) { progress_.update(done, total); });
    progress_.end("done");
  }

  // One encoder on one data set: its vectors, then every cell that stands on them. Rows keep the
  // order of the experiment file whatever the order of work.
  void run_encoder(std::size_t e) {
    throw_if_stop_requested();
    rows_.resize(plan_.evaluations.size());
    const EncodeStep& step = plan_.encodes[e];
    progress_.begin(fmt::format("encode {} on {}", step.label, step.dataset->name));
    if (!step.refusal.empty()) {
      progress_.end("not run: " + step.refusal);
      for (std::size_t k = 0; k < plan_.evaluations.size(); ++k) {
        if (plan_.evaluations[k].encode == e) {
          rows_[k] = run_cell(plan_.evaluations[k], step, {}, "");
        }
      }
      return;
    }
    std::optional<Embeddings> embeddings;
    if (options_.overwrite != OverwriteStrategy::kAlways) {
      embeddings = store_.get_embeddings(step.key);
    }
    if (embeddings) {
      progress_.end("stored");
    } else {
      const Told told = [&](std::size_t done, std::size_t total) { progress_.update(done, total); };
      // Damaged embeddings whose weights are gone: seen only now.
      if (step.fit) {
        run_fits({&plan_.fits[*step.fit], 1}, registry_, store_, options_.jobs, false, told);
      }
      const auto encoder = encoder_of(plan_, step, registry_, store_);
      embeddings = join_encoded(step.label, step.dataset->ids,
                                encode_items(step, *encoder, options_.jobs, told));
      embeddings->notes = encoder->notes();
      store_.put_embeddings(step.key, step.key_json, step.description, *embeddings);
      progress_.end(fmt::format("{} items, {} dimensions", embeddings->ids.size(),
                                embeddings->values.cols()));
    }
    const std::string sha256 = sha256_of(*embeddings);
    for (std::size_t k = 0; k < plan_.evaluations.size(); ++k) {
      if (plan_.evaluations[k].encode == e) {
        rows_[k] = run_cell(plan_.evaluations[k], step, *embeddings, sha256);
      }
    }
  }

  ResultRow run_cell(const EvaluateStep& step, const EncodeStep& from, const Embeddings& embeddings,
                     const std::string& embeddings_sha256) {
    throw_if_stop_requested();
    progress_.begin(
        fmt::format("{} under {}: {}", step.task.name, step.protocol->name, from.label));
    const std::string key_json = evaluation_key_json(plan_, step, embeddings_sha256);
    const std::string key = sha256_hex(key_json);
    ResultRow row;
    std::string outcome;
    if (!step.refusal.empty()) {
      row = refused(step, step.refusal);
    } else if (auto stored = stored_row(key)) {
      row = std::move(*stored);
      outcome = "stored";
    } else {
      try {
        row = compute(step, embeddings);
        store_.put_text("evaluation", key, key_json,
                        fmt::format("{}: {} under {}: {}", plan_.experiment.name, step.task.name,
                                    step.protocol->name, from.label),
                        nlohmann::json(row).dump());
      } catch (const DataError& error) {
        row = refused(step, error.what());
      }
    }
    row.encoder = from.label;
    row.encoder_kind = from.kind;
    row.encoder_version = from.version;
    row.embeddings_sha256 = embeddings_sha256;
    row.step_key = key;
    row.notes.insert(row.notes.begin(), embeddings.notes.begin(), embeddings.notes.end());
    if (plan_.limit > 0) {
      row.notes.push_back(fmt::format("a quick look at {} items, no result", plan_.limit));
    }
    add_published(row);
    if (!row.failure.empty()) {
      progress_.end("not run: " + row.failure);
    } else {
      const std::string score =
          fmt::format("{} {:.3f} [{:.3f}, {:.3f}]", row.metric, row.score, row.ci_low, row.ci_high);
      progress_.end(outcome.empty() ? score : fmt::format("{} ({})", score, outcome));
    }
    return row;
  }

  [[nodiscard]] std::optional<ResultRow> stored_row(const std::string& key) const {
    if (options_.overwrite == OverwriteStrategy::kAlways) return std::nullopt;
    const auto text = store_.get_text("evaluation", key);
    if (!text) return std::nullopt;
    return nlohmann::json::parse(*text).get<ResultRow>();
  }

  static ResultRow refused(const EvaluateStep& step, const std::string& reason) {
    ResultRow row;
    row.task = step.task.name;
    row.dataset = step.task.dataset->name;
    row.protocol = step.protocol->name;
    row.protocol_version = step.protocol->version;
    row.protocol_sha256 = step.protocol->sha256;
    row.metric = step.task.is_classification() ? "accuracy" : "r2";
    row.failure = reason;
    return row;
  }

  ResultRow compute(const EvaluateStep& step, const Embeddings& embeddings) {
    FitOptions fit;
    fit.solver = plan_.solver;
    fit.threads = options_.jobs;
    fit.progress = [&](std::size_t done, std::size_t total) { progress_.update(done, total); };
    return evaluate(
        embeddings, step.task, *step.protocol, fit,
        derive_seed(plan_.seed, "bootstrap/" + step.task.name + "/" + step.protocol->name));
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
    }
  }

  const Plan& plan_;
  const EncoderRegistry& registry_;
  const ArtefactStore& store_;
  const RunOptions& options_;
  RunProgress& progress_;
  Results results_;
  std::vector<ResultRow> rows_;
};

}  // namespace

Results run(const Plan& plan, const EncoderRegistry& registry, const ArtefactStore& store,
            const RunOptions& options, RunProgress& progress) {
  return Runner(plan, registry, store, options, progress).run();
}

}  // namespace musicrep
