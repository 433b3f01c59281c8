// What the audio of a data set looks like: small mel spectrograms of a few of its items.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "audio_check/audio_check.h"
#include "datasets/dataset.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// The first item of each class that is not silent, or a few items evenly spread where the data set
/// has no classes: 64 Slaney mel bands to 11,025 Hz, at most 30 s in at most 100 columns, mean
/// power of a column in dB below the clip's loudest. Taken from `store` where it holds the pictures
/// of the same samples. `need_audio` is called before files are opened.
std::vector<MelPicture> mel_pictures(const Dataset& dataset, std::span<const CheckedAudio> audio,
                                     const ArtefactStore& store, std::size_t jobs,
                                     const std::function<void()>& need_audio);

/// One picture of `samples` [n] at 22,050 Hz; id and label are the caller's.
MelPicture mel_picture(std::span<const float> samples);

}  // namespace musicrep
