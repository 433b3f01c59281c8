#include "pipeline/dataset_record.h"

#include <unordered_map>

#include "pipeline/audio_check.h"
#include "pipeline/mel_pictures.h"

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

}  // namespace

DatasetRecord record_of(const Dataset& dataset, const Dataset& planned,
                        const std::vector<SkippedItem>& skipped, const Plan& plan,
                        const ArtefactStore& store, std::size_t jobs,
                        const std::function<void(std::size_t, std::size_t)>& told) {
  DatasetRecord record;
  record.name = dataset.name;
  record.kind = dataset.kind;
  record.manifest_sha256 = manifest_sha256(dataset);
  record.n_items = static_cast<std::int64_t>(dataset.ids.size());
  record.n_expected = static_cast<std::int64_t>(dataset.n_expected);
  record.about = dataset.about;
  record.notes = dataset.notes;
  record.skipped = skipped;
  if (!plan.heard.contains(&planned)) return record;
  if (!dataset.file_sha256.empty()) {
    record.notes.push_back(
        "its audio is known by the SHA-256 of each file, as its table has it, and "
        "was not decoded ahead");
    return record;
  }
  const auto make = [&] {
    if (planned.make_audio) planned.make_audio(jobs, told);
  };
  const auto known = plan.audio.find(&planned);
  if (known == plan.audio.end() && !is_audio_checked(planned, store)) make();
  const std::vector<CheckedAudio> audio = for_items_of(
      dataset, planned,
      known != plan.audio.end() ? known->second : check_audio(planned, store, jobs, told));
  record.audio_pcm_sha256 = pcm_sha256(dataset.ids, audio);
  for (std::string& note : audio_notes(dataset.ids, audio)) record.notes.push_back(std::move(note));
  record.pictures = mel_pictures(dataset, audio, store, jobs, make);
  return record;
}

}  // namespace musicrep
