#include "pipeline/diagnose_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/hash.h"
#include "core/parallel.h"
#include "core/random.h"
#include "core/stop.h"
#include "diagnose/measures.h"
#include "musicrep/error.h"
#include "pipeline/stored.h"
#include "store/step_lock.h"

namespace musicrep {
namespace {

using Told = std::function<void(std::size_t, std::size_t)>;

constexpr const char* kArtefact = "diagnosis";

void check_trace(const std::string& label, const std::vector<LayerTrace>& trace) {
  if (trace.empty()) throw DataError(fmt::format("encoder '{}' gave no layers", label));
  for (const LayerTrace& layer : trace) {
    const auto finite = [](double v) { return std::isfinite(v); };
    if (layer.states.rows() == 0 || !std::ranges::all_of(layer.states.values(), finite)) {
      throw DataError(
          fmt::format("encoder '{}', {}: found states [{}, {}], expected 1 or more, all "
                      "finite",
                      label, layer.name, layer.states.rows(), layer.states.cols()));
    }
  }
}

/// The layers of each clip that can be traced.
std::vector<std::vector<LayerTrace>> traces_of(const Plan& plan, const DiagnoseStep& step,
                                               Encoder& encoder, const ItemFrames* frames,
                                               std::size_t jobs, const Told& told) {
  const EncodeStep& from = plan.encodes[step.encode];
  const Dataset& dataset = *from.dataset;
  std::vector<std::vector<LayerTrace>> traces(step.items.size());
  std::vector<std::string> mistakes(step.items.size());
  std::mutex mutex;
  std::size_t done = 0;
  parallel_for(traces.size(), jobs, [&](std::size_t k) {
    const std::size_t i = step.items[k];
    try {
      const LoadedSignal item = load_item(dataset, from.info, frames, i);
      traces[k] = encoder.trace({dataset.ids[i], item.values, item.rows, item.cols});
      check_trace(from.label, traces[k]);
    } catch (const DataError& error) {
      mistakes[k] = fmt::format("item '{}': {}", dataset.ids[i], error.what());
    }
    const std::lock_guard lock(mutex);
    told(++done, traces.size());
  });
  Problems problems;
  std::vector<std::vector<LayerTrace>> good;
  for (std::size_t k = 0; k < traces.size(); ++k) {
    if (mistakes[k].empty()) {
      good.push_back(std::move(traces[k]));
    } else {
      problems.add(mistakes[k]);
    }
  }
  if (!plan.skip_bad || good.empty()) {
    problems.throw_if_any(fmt::format("encoder '{}' on data set '{}':", from.label, dataset.name));
  }
  return good;
}

}  // namespace

std::string diagnosis_key_json(const Plan& plan, const DiagnoseStep& step) {
  const EncodeStep& from = plan.encodes[step.encode];
  Sha256 items;
  for (const std::size_t i : step.items) items.update_text(from.dataset->ids[i]);
  return nlohmann::json({{"step", "diagnose"},
                         {"diagnosis_version", kDiagnosisVersion},
                         {"encode", from.key},
                         {"items", items.hex()},
                         {"skip_bad", plan.skip_bad},
                         {"seed", plan.seed}})
      .dump();
}

std::optional<std::vector<Diagnosis>> stored_diagnosis(const Plan& plan, const DiagnoseStep& step,
                                                       const ArtefactStore& store) {
  auto out = stored_result<std::vector<Diagnosis>>(store, kArtefact,
                                                   sha256_hex(diagnosis_key_json(plan, step)));
  if (!out) return std::nullopt;
  // The same vectors may go by another name elsewhere.
  for (Diagnosis& each : *out) {
    each.encoder = plan.encodes[step.encode].label;
    each.dataset = plan.encodes[step.encode].dataset->name;
  }
  return out;
}

std::vector<Diagnosis> diagnose(const Plan& plan, const DiagnoseStep& step, Encoder& encoder,
                                const ItemFrames* frames, std::size_t jobs, const Told& told) {
  const EncodeStep& from = plan.encodes[step.encode];
  const auto traces = traces_of(plan, step, encoder, frames, jobs, told);
  const std::uint64_t seed = derive_seed(plan.seed, "diagnose/" + from.dataset->name);
  std::vector<Diagnosis> out;
  for (std::size_t layer = 0; layer < traces.front().size(); ++layer) {
    std::vector<const LayerTrace*> clips;
    for (const auto& trace : traces) clips.push_back(&trace.at(layer));
    for (const Measure& measure : layer_measures(clips, seed, jobs)) {
      out.push_back({from.label, from.dataset->name, clips.front()->name,
                     static_cast<std::int64_t>(layer), measure.name, measure.value, measure.value,
                     measure.value, static_cast<std::int64_t>(measure.n_clips), 1});
    }
  }
  return out;
}

std::vector<Diagnosis> merge_seeds(std::span<const std::vector<Diagnosis>> seeds) {
  std::vector<Diagnosis> out = seeds.front();
  for (std::size_t k = 0; k < out.size(); ++k) {
    Diagnosis& merged = out[k];
    for (const auto& seed : seeds.subspan(1)) {
      const Diagnosis& each = seed.at(k);
      merged.value += each.value;
      merged.low = std::min(merged.low, each.low);
      merged.high = std::max(merged.high, each.high);
      merged.n_clips = std::min(merged.n_clips, each.n_clips);
    }
    merged.n_seeds = static_cast<std::int64_t>(seeds.size());
    merged.value /= static_cast<double>(seeds.size());
  }
  return out;
}

std::vector<Diagnosis> run_diagnosis(const Plan& plan, const DiagnoseStep& step,
                                     const DiagnosisSources& sources, const ArtefactStore& store,
                                     const RunOptions& options, RunProgress& progress) {
  throw_if_stop_requested();
  const EncodeStep& from = plan.encodes[step.encode];
  const std::string name =
      fmt::format("diagnose {}{} on {}", from.label, from.seed_text, from.dataset->name);
  const std::string key_json = diagnosis_key_json(plan, step);
  const StepLock lock(store, sha256_hex(key_json), name);
  if (options.overwrite != OverwriteStrategy::kAlways) {
    if (auto stored = stored_diagnosis(plan, step, store)) {
      progress.begin(name);
      progress.end("stored");
      return std::move(*stored);
    }
  }
  const auto frames = sources.frames(from);  // may be a step of its own
  progress.begin(name);
  const Told told = [&](std::size_t done, std::size_t total) { progress.update(done, total); };
  const auto encoder = sources.encoder(from);
  if (from.info.input == InputKind::kPcm && from.dataset->make_audio) {
    from.dataset->make_audio(options.jobs, told);
  }
  std::vector<Diagnosis> out = diagnose(plan, step, *encoder, frames.get(), options.jobs, told);
  store.put_text(kArtefact, sha256_hex(key_json), key_json,
                 fmt::format("{}: {}", plan.experiment.name, name), nlohmann::json(out).dump());
  progress.end(fmt::format("{} clips, {} layers", step.items.size(), out.back().layer_index + 1));
  return out;
}

std::vector<Diagnosis> run_diagnoses(const Plan& plan, const DiagnosisSources& sources,
                                     const ArtefactStore& store, const RunOptions& options,
                                     RunProgress& progress) {
  std::vector<Diagnosis> out;
  for (std::size_t k = 0; k < plan.diagnoses.size();) {
    const std::size_t cell = plan.diagnoses[k].cell;
    std::vector<std::vector<Diagnosis>> seeds;
    for (; k < plan.diagnoses.size() && plan.diagnoses[k].cell == cell; ++k) {
      seeds.push_back(run_diagnosis(plan, plan.diagnoses[k], sources, store, options, progress));
    }
    std::ranges::move(merge_seeds(seeds), std::back_inserter(out));
  }
  return out;
}

}  // namespace musicrep
