// Corpora as FLAC files in a cache folder.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <vector>

#include "audio/pcm.h"
#include "datasets/orchestrion/orchestrion.h"
#include "datasets/orchestrion/render.h"

namespace musicrep::orchestrion {

/// The Renderer's options for a corpus.
RenderOptions render_options(const OrchestrionOptions& options);

/// One clip, as its FLAC file would be decoded. Makes a Renderer for it: for many clips make one of
/// your own. Throws as Renderer does.
Pcm render_item(const OrchestrionOptions& options, const Item& item);

/// <cache>/orchestrion/<key>: the key is the SHA-256 of the generator's version, the options, all
/// notes, the SoundFont's bytes and FluidSynth's version. Throws DataError where the SoundFont
/// cannot be read.
std::filesystem::path rendered_folder(const Orchestrion& corpus,
                                      const std::filesystem::path& cache);

/// Called from the rendering threads, one call at a time, after each clip.
using RenderProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Renders what is not there yet and returns the paths of all clips, in the order of the items.
/// Each <id>.flac (16 bit) appears whole or not at all; a file of another length or rate is made
/// again. The bits do not depend on `jobs`. Throws DataError on a bad SoundFont or a folder that
/// cannot be written, and Error kInterrupted.
std::vector<std::filesystem::path> render_corpus(const Orchestrion& corpus,
                                                 const std::filesystem::path& cache,
                                                 std::size_t jobs,
                                                 const RenderProgress& progress = {});

}  // namespace musicrep::orchestrion
