#include "steps/describe_step.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_map>

#include "audio_check/audio_check.h"
#include "audio_check/mel_pictures.h"
#include "steps/render_step.h"

namespace musicrep {
namespace {

/// The entries of `all`, which belong to the items of `planned`, for the items of `dataset`.
std::vector<CheckedAudio> for_items_of(const Dataset& dataset, const Dataset& planned,
                                       const std::vector<CheckedAudio>& all) {
  std::unordered_map<std::string_view, std::size_t> place;
  for (std::size_t i = 0; i < planned.ids.size(); ++i) place[planned.ids[i]] = i;
  std::vector<CheckedAudio> out;
  for (const std::string& id : dataset.ids) out.push_back(all[place.at(id)]);
  return out;
}

/// Adds to `record` what the audio of `items`, some or all of those of `planned`, is. Audio that
/// was not looked at before (it is made here) is made, checked and pictured now, or taken from the
/// store.
void describe_audio(DatasetRecord& record, const PreparedDataset& planned, const Dataset& items,
                    const StepContext& context) {
  const Dataset& whole = *planned.data;
  const auto render = [&] { render_missing_audio(whole, context); };
  if (!planned.audio && !is_audio_checked(whole, context.store)) render();
  const std::vector<CheckedAudio> audio =
      for_items_of(items, whole,
                   planned.audio ? *planned.audio
                                 : check_audio(whole, context.store, context.jobs, context.update));
  record.audio_pcm_sha256 = pcm_sha256(items.ids, audio);
  for (std::string& note : audio_notes(items.ids, audio)) record.notes.push_back(std::move(note));
  record.pictures = mel_pictures(items, audio, context.store, context.jobs, render);
}

}  // namespace

DescribeStep::DescribeStep(const PreparedDataset& dataset, const Step* audio) : dataset_(dataset) {
  const Dataset& data = *dataset.data;
  StepFacts& facts = mutable_facts();
  facts.kind = kDescribeStep;
  facts.text = fmt::format("audio of {}", data.name);
  facts.title = fmt::format("hash and picture the audio of {}", data.name);
  set_key(nlohmann::json({{"step", kDescribeStep}, {"audio", dataset.audio_sha256()}}).dump());
  if (audio != nullptr) facts.inputs = {audio};
  facts.subject = {kDescribeStep, "", data.name, 0};
  facts.size = data.ids.size();
  facts.is_silent_when_stored = true;
}

bool DescribeStep::is_stored(const ArtefactStore& store) const {
  return dataset_.audio || is_audio_checked(*dataset_.data, store);
}

StepOutcome DescribeStep::run(const StepContext& context) const {
  DatasetRecord record;
  describe_audio(record, dataset_, *dataset_.data, context);
  return {.text = record.audio_pcm_sha256.substr(0, 12), .key = facts().key};
}

void DatasetPart::add_to(Results& results, const FinishedRun& run) const {
  const Dataset& items = vectors_.remaining(dataset_, run.context);
  DatasetRecord record;
  record.name = items.name;
  record.kind = items.kind;
  record.manifest_sha256 = manifest_of(dataset_, items);
  record.n_items = static_cast<std::int64_t>(items.ids.size());
  record.n_expected = static_cast<std::int64_t>(items.n_expected);
  record.about = items.about;
  record.notes = items.notes;
  record.skipped = vectors_.skipped(dataset_, run.context);
  if (dataset_.takes_audio && !items.file_sha256.empty()) {
    record.notes.push_back(
        "its audio is known by the SHA-256 of each file, as its table has it, and "
        "was not decoded ahead");
  } else if (dataset_.takes_audio) {
    describe_audio(record, dataset_, items, run.context);
  }
  results.datasets.push_back(std::move(record));
}

}  // namespace musicrep
