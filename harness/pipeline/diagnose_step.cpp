#include "pipeline/diagnose_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/hash.h"
#include "core/parallel.h"
#include "core/random.h"
#include "core/stop.h"
#include "diagnose/measures.h"
#include "metrics/linear_statistic.h"
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
                         {"code", plan.diagnosis_code},
                         {"encode", from.key},
                         {"items", items.hex()},
                         {"skip_bad", plan.skip_bad},
                         {"seed", plan.seed}})
      .dump();
}

std::optional<DiagnosedLayers> stored_diagnosis(const Plan& plan, const DiagnoseStep& step,
                                                const ArtefactStore& store) {
  const auto text = store.get_text(kArtefact, sha256_hex(diagnosis_key_json(plan, step)));
  if (!text) return std::nullopt;
  auto out = from_stored(*text, [](const nlohmann::json& json) {
    return DiagnosedLayers{json.at("diagnoses").get<std::vector<Diagnosis>>(),
                           json.at("samples").get<std::vector<MeasureSample>>()};
  });
  if (!out || out->diagnoses.size() != out->samples.size()) return std::nullopt;
  // The same vectors may go by another name elsewhere.
  const EncodeStep& from = plan.encodes[step.encode];
  for (std::size_t k = 0; k < out->samples.size(); ++k) {
    out->diagnoses[k].encoder = out->samples[k].encoder = from.label;
    out->diagnoses[k].dataset = out->samples[k].dataset = from.dataset->name;
  }
  return out;
}

DiagnosedLayers diagnose(const Plan& plan, const DiagnoseStep& step, Encoder& encoder,
                         const ItemFrames* frames, std::size_t jobs, const Told& told) {
  const EncodeStep& from = plan.encodes[step.encode];
  const auto traces = traces_of(plan, step, encoder, frames, jobs, told);
  const std::uint64_t seed = derive_seed(plan.seed, "diagnose/" + from.dataset->name);
  DiagnosedLayers out;
  for (std::size_t layer = 0; layer < traces.front().size(); ++layer) {
    std::vector<const LayerTrace*> clips;
    for (const auto& trace : traces) clips.push_back(&trace.at(layer));
    for (Measure& measure : layer_measures(clips, seed, jobs)) {
      out.diagnoses.push_back({from.label, from.dataset->name, clips.front()->name,
                               static_cast<std::int64_t>(layer), measure.name, measure.value, 0, 0,
                               static_cast<std::int64_t>(measure.n_clips), 1});
      out.samples.push_back({from.label,
                             from.dataset->name,
                             clips.front()->name,
                             measure.name,
                             {measure.value},
                             std::move(measure.influence)});
    }
  }
  return out;
}

namespace {

void set_interval(Diagnosis& diagnosis, const MeasureSample& sample) {
  diagnosis.low = diagnosis.high = std::numeric_limits<double>::quiet_NaN();
  const std::size_t n = sample.clip_influence.size();
  if (n < 2 || std::isnan(diagnosis.value)) return;
  Sample clips{std::vector<std::size_t>(n), n, 0};
  std::iota(clips.group.begin(), clips.group.end(), std::size_t{0});
  const Interval interval = t_interval(estimate({sample.of_run, {sample.clip_influence}}, clips));
  diagnosis.low = interval.low;
  diagnosis.high = interval.high;
}

}  // namespace

DiagnosedLayers merge_seeds(std::span<const DiagnosedLayers> seeds) {
  DiagnosedLayers out = seeds.front();
  const auto n_seeds = static_cast<double>(seeds.size());
  for (std::size_t k = 0; k < out.diagnoses.size(); ++k) {
    Diagnosis& merged = out.diagnoses[k];
    MeasureSample& sample = out.samples[k];
    for (const DiagnosedLayers& seed : seeds.subspan(1)) {
      const MeasureSample& other = seed.samples.at(k);
      merged.value += seed.diagnoses.at(k).value;
      merged.n_clips = std::min(merged.n_clips, seed.diagnoses.at(k).n_clips);
      sample.of_run.push_back(other.of_run.front());
      if (other.clip_influence.size() != sample.clip_influence.size()) {
        sample.clip_influence.clear();  // other clips were skipped
      }
      for (std::size_t i = 0; i < sample.clip_influence.size(); ++i) {
        sample.clip_influence[i] += other.clip_influence[i];
      }
    }
    merged.n_seeds = static_cast<std::int64_t>(seeds.size());
    merged.value /= n_seeds;
    for (double& influence : sample.clip_influence) influence /= n_seeds;
    set_interval(merged, sample);
  }
  return out;
}

std::vector<MeasureSample> claimed(std::vector<MeasureSample> samples,
                                   std::span<const ClaimSpec> claims) {
  std::erase_if(samples, [&](const MeasureSample& sample) {
    return std::ranges::none_of(claims, [&](const ClaimSpec& claim) {
      const auto is_side = [&](const ClaimSide& side) {
        return side.encoder == sample.encoder && side.layer == sample.layer &&
               (side.measure.empty() ? claim.measure : side.measure) == sample.measure;
      };
      return claim.dataset == sample.dataset && (is_side(claim.higher) || is_side(claim.lower));
    });
  });
  return samples;
}

DiagnosedLayers run_diagnosis(const Plan& plan, const DiagnoseStep& step,
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
  DiagnosedLayers out = diagnose(plan, step, *encoder, frames.get(), options.jobs, told);
  const nlohmann::json json = {{"diagnoses", out.diagnoses}, {"samples", out.samples}};
  store.put_text(kArtefact, sha256_hex(key_json), key_json,
                 fmt::format("{}: {}", plan.experiment.name, name), json.dump());
  progress.end(
      fmt::format("{} clips, {} layers", step.items.size(), out.diagnoses.back().layer_index + 1));
  return out;
}

DiagnosedLayers run_diagnoses(const Plan& plan, const DiagnosisSources& sources,
                              const ArtefactStore& store, const RunOptions& options,
                              RunProgress& progress) {
  DiagnosedLayers out;
  for (std::size_t k = 0; k < plan.diagnoses.size();) {
    const std::size_t cell = plan.diagnoses[k].cell;
    std::vector<DiagnosedLayers> seeds;
    for (; k < plan.diagnoses.size() && plan.diagnoses[k].cell == cell; ++k) {
      seeds.push_back(run_diagnosis(plan, plan.diagnoses[k], sources, store, options, progress));
    }
    DiagnosedLayers merged = merge_seeds(seeds);
    std::ranges::move(merged.diagnoses, std::back_inserter(out.diagnoses));
    std::ranges::move(merged.samples, std::back_inserter(out.samples));
  }
  return out;
}

}  // namespace musicrep
