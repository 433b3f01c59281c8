#include "pipeline/encodings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "musicrep/error.h"
#include "pipeline/costs.h"
#include "pipeline/diagnose_step.h"
#include "store/step_lock.h"

namespace musicrep {
namespace {

// A script or a model is hashed when the plan is made and run much later: vectors of another one
// must not be stored under its hash.
void require_unchanged(const EncodeStep& step, Encoder& encoder) {
  if (!step.info.foreign || step.fit) return;
  encoder.check_items(step.dataset->ids);  // asks it once more what it stands on
  const auto planned = nlohmann::json::parse(step.key_json).at("content").get<std::string>();
  if (encoder.content_sha256() == planned) return;
  throw ForeignFailure(
      fmt::format("encoder '{}': a file that it stands on is another than when the plan was made; "
                  "run it again (a "
                  "command must not write to a file that it names)",
                  step.label));
}

}  // namespace

bool is_scored(const Plan& plan, const EncodeStep& step) {
  const auto stands_on_it = [&](const auto& row) { return &plan.encodes[row.encode] == &step; };
  return std::ranges::any_of(plan.evaluations, stands_on_it) ||
         std::ranges::any_of(plan.retrievals, stands_on_it);
}

bool is_encoded(const Plan& plan, const EncodeStep& step) {
  const auto stands_on_it = [&](const auto& other) {
    return other.frames && &plan.encodes[*other.frames] == &step;
  };
  return is_scored(plan, step) || std::ranges::any_of(plan.encodes, stands_on_it) ||
         std::ranges::any_of(plan.fits, stands_on_it);
}

Encodings::Encodings(const Plan& plan, const EncoderRegistry& registry, const ArtefactStore& store,
                     const RunOptions& options, RunProgress& progress)
    : plan_(plan),
      registry_(registry),
      store_(store),
      options_(options),
      progress_(progress),
      // What stands on audio first, then what stands on frames that the first may have to make.
      on_audio_(fits_to_do(false)),
      on_frames_(fits_to_do(true)) {}

std::size_t Encodings::n_steps() const {
  std::set<std::size_t> ahead;
  for (const FitStep& fit : on_frames_) {
    if (!is_scored(plan_, plan_.encodes[*fit.frames])) ahead.insert(*fit.frames);
  }
  for (const DiagnoseStep& step : plan_.diagnoses) {
    const auto frames = plan_.encodes[step.encode].frames;
    if (frames && is_to_do(step) && !is_scored(plan_, plan_.encodes[*frames]))
      ahead.insert(*frames);
  }
  const auto scored = std::ranges::count_if(
      plan_.encodes, [&](const EncodeStep& s) { return is_scored(plan_, s); });
  return (on_audio_.empty() ? 0U : 1U) + (on_frames_.empty() ? 0U : 1U) + ahead.size() +
         static_cast<std::size_t>(scored);
}

void Encodings::train() {
  train(on_audio_);
  train(on_frames_);
}

std::string Encodings::failure(const EncodeStep& step) const {
  const auto at = failures_.find(step.key);
  return at == failures_.end() ? "" : at->second;
}

Encoded Encodings::of(const EncodeStep& step) {
  if (const std::string reason = failure(step); !reason.empty()) throw ForeignFailure(reason);
  const bool again = !encoded_.insert(step.key).second;
  const std::string name =
      fmt::format("encode {}{} on {}", step.label, step.seed_text, step.dataset->name);
  if (!again) progress_.begin(name);
  const StepLock lock(store_, step.key, name);
  if (again || options_.overwrite != OverwriteStrategy::kAlways) {
    if (auto stored = stored_encoding(step, plan_.skip_bad, store_)) {
      if (!again) progress_.end("stored");
      return std::move(*stored);
    }
  }
  Encoded encoded;
  try {
    encoded = make(step, step);
  } catch (const ForeignFailure& failure) {
    failures_[step.key] = failure.what();
    if (!again) progress_.end(std::string("not run: ") + failure.what());
    throw;
  }
  std::string outcome = fmt::format("{} items, {} dimensions", encoded.embeddings.ids.size(),
                                    encoded.embeddings.values.cols());
  if (!encoded.skipped.empty()) outcome += fmt::format(", {} skipped", encoded.skipped.size());
  if (!again) progress_.end(outcome);
  return encoded;
}

Encoded Encodings::shard(const EncodeStep& whole, const EncodeStep& shard) {
  if (auto stored = stored_encoding(shard, plan_.skip_bad, store_)) return std::move(*stored);
  return make(shard, whole);
}

Encoded Encodings::make(const EncodeStep& step, const EncodeStep& encoder_of) {
  const auto told = [&](std::size_t done, std::size_t total) { progress_.update(done, total); };
  const auto made_by = encoder(encoder_of);
  const auto made_of = frames(step);
  if (step.info.input == InputKind::kPcm) make_audio(*step.dataset, store_, options_.jobs, told);
  const CostMeter meter(CostMeter::Of::kProgram);
  Encoded encoded = encode_step(step, *made_by, made_of.get(), plan_.skip_bad, options_.jobs, told);
  require_unchanged(encoder_of, *made_by);
  StepCost cost = meter.cost();
  cost.n = static_cast<std::int64_t>(encoded.embeddings.ids.size());
  cost.disk_mib =
      static_cast<double>(encoded.embeddings.values.values().size() * sizeof(double)) / (1 << 20);
  encoded.embeddings.notes = made_by->notes();
  encoded.embeddings.views = made_by->views();
  store_cost(store_, step.key, "cost of: " + step.description, cost);
  store_encoding(step, encoded, store_);
  return encoded;
}

std::shared_ptr<Encoder> Encodings::encoder(const EncodeStep& step) {
  // Embeddings that are damaged or stored without their weights: seen only now.
  if (step.fit) {
    run_fits(
        {&plan_.fits[*step.fit], 1}, registry_, store_, options_.jobs, false,
        [&](std::size_t done, std::size_t total) { progress_.update(done, total); },
        [&](const FitStep& fit) { return frames_of(fit.frames); });
  }
  return encoder_of(plan_, step, registry_, store_);
}

bool Encodings::is_to_do(const DiagnoseStep& step) const {
  return options_.overwrite == OverwriteStrategy::kAlways || !stored_diagnosis(plan_, step, store_);
}

// Trainings that somebody still needs.
std::vector<FitStep> Encodings::fits_to_do(bool on_frames) const {
  std::vector<FitStep> out;
  for (std::size_t f = 0; f < plan_.fits.size(); ++f) {
    if (plan_.fits[f].frames.has_value() != on_frames) continue;
    const bool needed = std::ranges::any_of(plan_.encodes, [&](const EncodeStep& step) {
      return step.fit == f && step.refusal.empty() &&
             (options_.overwrite == OverwriteStrategy::kAlways ||
              (is_encoded(plan_, step) && !is_encoding_stored(step, plan_.skip_bad, store_)) ||
              std::ranges::any_of(plan_.diagnoses, [&](const DiagnoseStep& diagnosis) {
                return &plan_.encodes[diagnosis.encode] == &step && is_to_do(diagnosis);
              }));
    });
    if (needed) out.push_back(plan_.fits[f]);
  }
  return out;
}

void Encodings::train(std::span<const FitStep> fits) {
  if (fits.empty()) return;
  std::vector<std::string> labels;
  for (const FitStep& fit : fits) {
    if (std::ranges::find(labels, fit.label) == labels.end()) labels.push_back(fit.label);
    // Frames that a training needs are made before their own turn comes.
    if (fit.frames && !encoded_.contains(plan_.encodes[*fit.frames].key)) {
      static_cast<void>(of(plan_.encodes[*fit.frames]));
    }
  }
  progress_.begin(fmt::format("train {}", fmt::join(labels, ", ")));
  run_fits(
      fits, registry_, store_, options_.jobs, options_.overwrite == OverwriteStrategy::kAlways,
      [&](std::size_t done, std::size_t total) { progress_.update(done, total); },
      [&](const FitStep& fit) { return frames_of(fit.frames); });
  progress_.end(fmt::format("{} trainings", fits.size()));
}

std::shared_ptr<const ItemFrames> Encodings::frames_of(std::optional<std::size_t> encode) {
  if (!encode) return nullptr;
  return std::make_shared<const ItemFrames>(of(plan_.encodes[*encode]).embeddings);
}

}  // namespace musicrep
