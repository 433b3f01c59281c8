// The audio of a data set, decoded once from end to end before any step uses it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// What is known of one item's audio.
struct CheckedAudio {
  std::string file_sha256;  ///< empty where the file could not be read, or the corpus is made here
  std::string pcm_sha256;   ///< as examine_audio() has it; empty where `problem` is not
  bool silent = false;      ///< once it is mixed to one channel
  bool cancels = false;     ///< because its channels cancel each other
  std::string reading;      ///< as AudioInfo has it: part of keys
  std::string problem;      ///< why it cannot be decoded, without the file's path
};

/// Decodes the audio of every item whole, on `jobs` threads, or takes what `store` holds of the
/// same files (or of the same corpus, where the data set knows a name for its audio). Audio that
/// is made here must be there. Never throws for bad items: their problems say what is wrong.
/// `on_progress`, may be empty: called with (done, total) from any thread, one call at a time. What
/// it throws, or a request to stop, ends the check: what was found of whole batches stays stored.
std::vector<CheckedAudio> check_audio(
    const Dataset& dataset, const ArtefactStore& store, std::size_t jobs,
    const std::function<void(std::size_t, std::size_t)>& on_progress = {});

/// Whether `store` holds what check_audio() would find of a corpus that names its audio.
bool is_audio_checked(const Dataset& dataset, const ArtefactStore& store);

/// A data set whose audio was checked.
struct AuditedAudio {
  Dataset dataset;                   ///< what can be decoded of it
  std::vector<CheckedAudio> audio;   ///< of its items
  std::vector<SkippedItem> skipped;  ///< what cannot
};

/// check_audio() on all processors. Throws DataError with all that cannot be decoded; with
/// `skip_bad` only where nothing can.
AuditedAudio audit_audio(const Dataset& dataset, const ArtefactStore& store, bool skip_bad,
                         const std::function<void(std::size_t, std::size_t)>& on_progress);

/// SHA-256 over the files' bytes, and over how they are read where that is no matter of course:
/// what the key of an encoding holds of its audio.
std::string files_sha256(std::span<const CheckedAudio> audio);

/// The same where it is known without reading them: of Dataset::file_sha256 (and ffmpeg's version
/// where a file's name says that ffmpeg reads it), or the name that the data set has for its audio;
/// else empty.
std::string known_audio_sha256(const Dataset& dataset);

/// Whether ffmpeg reads any of it, as far as that is known without reading it.
bool needs_ffmpeg(const Dataset& dataset, std::span<const CheckedAudio> audio);

/// Throws DataError where item i's file is not the one that Dataset::file_sha256 tells of, or needs
/// ffmpeg though its name does not say so.
void require_known_file(const Dataset& dataset, std::size_t i);

/// SHA-256 over ids and decoded samples, whatever formats they came in.
std::string pcm_sha256(std::span<const std::string> ids, std::span<const CheckedAudio> audio);

/// What a reader should know of the items: silence, and items that are the same to the sample.
std::vector<std::string> audio_notes(std::span<const std::string> ids,
                                     std::span<const CheckedAudio> audio);

/// `message` without the path of the file that it begins with: paths differ from machine to
/// machine, results must not.
std::string without_path(const std::string& message, const std::filesystem::path& path);

}  // namespace musicrep
