#include "steps/diagnose_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/hash.h"
#include "core/parallel.h"
#include "core/random.h"
#include "diagnose/measures.h"
#include "graph/cached.h"
#include "metrics/linear_statistic.h"
#include "musicrep/error.h"
#include "steps/render_step.h"

namespace musicrep {
namespace {

constexpr const char* kArtefact = "diagnosis";

void check_trace(const std::string& label, const std::vector<LayerTrace>& trace) {
  if (trace.empty()) throw DataError(fmt::format("encoder '{}' returned no layers", label));
  for (const LayerTrace& layer : trace) {
    const auto finite = [](double v) { return std::isfinite(v); };
    if (layer.states.rows() == 0 || !std::ranges::all_of(layer.states.values(), finite)) {
      throw DataError(
          fmt::format("encoder '{}', {}: found states [{}, {}], expected 1 or more, all finite",
                      label, layer.name, layer.states.rows(), layer.states.cols()));
    }
  }
}

/// The layers of each clip that can be traced.
std::vector<std::vector<LayerTrace>> traces_of(const Encoding& from,
                                               std::span<const std::size_t> items, bool skip_bad,
                                               Encoder& encoder, const ItemFrames* frames,
                                               const StepContext& context) {
  const Dataset& dataset = *from.dataset;
  auto* const tracer = interface_of<LayerTracer>(encoder);
  assert(tracer != nullptr);  // the plan has asked EncoderAbilities::traces_layers
  std::vector<std::vector<LayerTrace>> traces(items.size());
  std::vector<std::string> mistakes(items.size());
  const auto trace = [&](std::size_t k) {
    const std::size_t i = items[k];
    try {
      const LoadedSignal item = load_item(dataset, from.info, frames, i);
      traces[k] = tracer->trace({dataset.ids[i], item.values, item.rows, item.cols});
      check_trace(from.label, traces[k]);
    } catch (const ForeignFailure&) {
      throw;  // that of the encoder, not of the item
    } catch (const DataError& error) {
      mistakes[k] = fmt::format("item '{}': {}", dataset.ids[i], error.what());
    }
  };
  parallel_for(traces.size(), context.jobs, trace, context.update);
  Problems problems;
  std::vector<std::vector<LayerTrace>> good;
  for (std::size_t k = 0; k < traces.size(); ++k) {
    if (mistakes[k].empty()) {
      good.push_back(std::move(traces[k]));
    } else {
      problems.add(mistakes[k]);
    }
  }
  if (!skip_bad || good.empty()) {
    problems.throw_if_any(fmt::format("encoder '{}' on data set '{}':", from.label, dataset.name));
  }
  return good;
}

}  // namespace

std::string diagnosis_key_json(const RunSettings& settings, const Encoding& encoding,
                               std::span<const std::size_t> items) {
  Sha256 ids;
  for (const std::size_t i : items) ids.update_text(encoding.dataset->ids[i]);
  return nlohmann::json({{"step", "diagnose"},
                         {"diagnosis_version", kDiagnosisVersion},
                         {"code", settings.diagnosis_code},
                         {"encode", encoding.key},
                         {"items", ids.hex()},
                         {"skip_bad", settings.skip_bad},
                         {"seed", settings.seed}})
      .dump();
}

void to_json(nlohmann::json& json, const DiagnosedLayers& layers) {
  json = {{"diagnoses", layers.diagnoses}, {"samples", layers.samples}};
}

void from_json(const nlohmann::json& json, DiagnosedLayers& layers) {
  json.at("diagnoses").get_to(layers.diagnoses);
  json.at("samples").get_to(layers.samples);
  if (layers.diagnoses.size() != layers.samples.size()) {
    throw DataError("found another number of samples than of diagnoses");
  }
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

DiagnoseStep::DiagnoseStep(const EncodeStep& from, std::vector<std::size_t> items,
                           const RunSettings& settings)
    : from_(from), items_(std::move(items)), settings_(settings) {
  const Encoding& encoding = from.encoding();
  StepFacts& facts = mutable_facts();
  facts.kind = kDiagnoseStep;
  facts.text = fmt::format("{:<24} on {}{}: {} clips", encoding.label, encoding.dataset->name,
                           encoding.seed_text, items_.size());
  facts.title = fmt::format("diagnose {}{} on {}", encoding.label, encoding.seed_text,
                            encoding.dataset->name);
  set_key(diagnosis_key_json(settings, encoding, items_));
  facts.inputs = from.facts().inputs;  // what an encoder takes besides its items
  facts.refusal = from.facts().refusal;
  facts.outputs = {fmt::format("{}/{}.h5", kArtefact, facts.key)};
  facts.subject = {kDiagnoseStep, encoding.label, encoding.dataset->name,
                   static_cast<std::int64_t>(encoding.seed_index)};
  facts.size = items_.size();
}

bool DiagnoseStep::is_stored(const ArtefactStore& store) const {
  return store.has(kArtefact, facts().key);
}

StepOutcome DiagnoseStep::run(const StepContext& context) const {
  const Cached<DiagnosedLayers> made = make_json_once<DiagnosedLayers>(
      context, {kArtefact, facts().key_json},
      fmt::format("{}: {}", settings_.experiment, facts().title),
      [&](CostMeter& meter) { return diagnose(context, meter); },
      [&](const DiagnosedLayers&) { return static_cast<std::int64_t>(items_.size()); });
  return {.text = made.was_stored ? ""
                                  : fmt::format("{} clips, {} layers", items_.size(),
                                                made.value.diagnoses.back().layer_index + 1),
          .key = facts().key,
          .was_stored = made.was_stored};
}

DiagnosedLayers DiagnoseStep::layers(const ArtefactStore& store) const {
  auto out = require_stored<DiagnosedLayers>(store, kArtefact, facts().key, facts().title);
  // The same vectors may go by another name elsewhere.
  const Encoding& encoding = from_.encoding();
  for (std::size_t k = 0; k < out.samples.size(); ++k) {
    out.diagnoses[k].encoder = out.samples[k].encoder = encoding.label;
    out.diagnoses[k].dataset = out.samples[k].dataset = encoding.dataset->name;
  }
  return out;
}

DiagnosedLayers DiagnoseStep::diagnose(const StepContext& context, CostMeter& meter) const {
  const Encoding& from = from_.encoding();
  const auto frames = from_.frames_of_items(context);
  const auto encoder = from_.encoder(context);
  if (from.info.input == InputKind::kPcm) render_missing_audio(*from.dataset, context);
  meter.restart();
  const auto traces = traces_of(from, items_, settings_.skip_bad, *encoder, frames.get(), context);
  const std::uint64_t seed = derive_seed(settings_.seed, "diagnose/" + from.dataset->name);
  DiagnosedLayers out;
  for (std::size_t layer = 0; layer < traces.front().size(); ++layer) {
    std::vector<const LayerTrace*> clips;
    for (const auto& trace : traces) clips.push_back(&trace.at(layer));
    for (Measure& measure : layer_measures(clips, seed, context.jobs)) {
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

void DiagnosisPart::add_to(Results& results, const FinishedRun& run) const {
  std::vector<DiagnosedLayers> seeds;
  // Of an external encoder that failed there is nothing; its rows say why.
  const auto is_refused = [&](const DiagnoseStep* step) {
    return !run.outcomes.refusal(*step).empty();
  };
  if (std::ranges::any_of(seeds_, is_refused)) return;
  for (const DiagnoseStep* step : seeds_) seeds.push_back(step->layers(run.context.store));
  DiagnosedLayers merged = merge_seeds(seeds);
  std::ranges::move(merged.diagnoses, std::back_inserter(results.diagnoses));
  std::ranges::move(claimed(std::move(merged.samples), claims_),
                    std::back_inserter(results.measure_samples));
}

}  // namespace musicrep
