#include "steps/render_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "graph/cached.h"

namespace musicrep {
namespace {

std::string key_json_of(const Dataset& dataset) {
  return nlohmann::json({{"step", "make audio"}, {"audio", dataset.audio_sha256}}).dump();
}

bool is_rendered(const Dataset& dataset) {
  std::error_code none;
  return std::ranges::all_of(dataset.audio,
                             [&](const auto& file) { return std::filesystem::exists(file, none); });
}

StepSize size_of(const Dataset& dataset) {
  StepSize out;
  out.n = static_cast<std::int64_t>(dataset.audio.size());
  for (const auto& file : dataset.audio) {
    out.disk_mib += static_cast<double>(std::filesystem::file_size(file)) / (1 << 20);
  }
  return out;
}

}  // namespace

RenderStep::RenderStep(const PreparedDataset& dataset) : dataset_(*dataset.data) {
  StepFacts& facts = mutable_facts();
  facts.kind = kMakeStep;
  facts.text = fmt::format("audio of {}", dataset_.name);
  facts.title = fmt::format("make the audio of {}", dataset_.name);
  set_key(key_json_of(dataset_));
  facts.subject = {kMakeStep, "", dataset_.name, 0};
  facts.size = dataset_.ids.size();
  facts.is_silent_when_stored = true;
}

bool RenderStep::is_stored(const ArtefactStore&) const { return is_rendered(dataset_); }

StepOutcome RenderStep::run(const StepContext& context) const {
  const bool was_made = render_missing_audio(dataset_, context);
  return {.text = fmt::format("{} files", dataset_.audio.size()),
          .key = facts().key,
          .was_stored = !was_made};
}

bool render_missing_audio(const Dataset& dataset, const StepContext& context) {
  if (!dataset.make_audio || is_rendered(dataset)) return false;
  struct Rendered {};
  Recipe<Rendered> recipe;
  recipe.key = sha256_hex(key_json_of(dataset));
  recipe.title = "make the audio of " + dataset.name;
  recipe.load = [&] {
    return is_rendered(dataset) ? std::optional<Rendered>(Rendered()) : std::nullopt;
  };
  recipe.make = [&](CostMeter&) {
    dataset.make_audio(context.jobs, context.update);
    return Rendered();
  };
  recipe.size = [&](const Rendered&) { return size_of(dataset); };
  recipe.keep = [](const Rendered&) {};
  return !make_once(context, recipe).was_stored;
}

}  // namespace musicrep
