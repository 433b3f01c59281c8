// From items to embeddings: one item a call (or one batch, where an encoder asks for it), and what
// it returned, checked and concatenated.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "datasets/dataset.h"
#include "musicrep/encoder.h"
#include "musicrep/trainable.h"
#include "store/artefacts.h"

namespace musicrep {

/// Encodes one signal. `label` names the encoder in messages. Throws DataError where the encoder
/// returns another number of matrices than one, or as it does itself.
Matrix encode_signal(Encoder& encoder, const std::string& label, const Signal& signal);

/// Loads an audio file as `info` asks for it and encodes it. Throws as load_audio() does, too.
Matrix encode_file(Encoder& encoder, const EncoderInfo& info, const std::string& label,
                   const std::string& id, const std::filesystem::path& path);

/// VGGish frames that were made of a data set's audio, by item.
class ItemFrames {
 public:
  explicit ItemFrames(Embeddings frames);
  /// [T, dim], as an encoder of frames takes them. Throws DataError where there is no such item.
  [[nodiscard]] LoadedSignal of(const std::string& id) const;

 private:
  struct Place {
    std::size_t first_row = 0;
    std::size_t rows = 0;
  };
  Embeddings frames_;
  std::unordered_map<std::string, Place> places_;
};

/// The frames of item i: those that were made, or where `made` is null the data set's own.
LoadedSignal load_frames(const Dataset& dataset, const ItemFrames* made, std::size_t i);

/// Item i as an encoder of audio or frames is given it; `made` as above. Throws DataError.
LoadedSignal load_item(const Dataset& dataset, const EncoderInfo& info, const ItemFrames* made,
                       std::size_t i);

/// How many items an encoder is given in one call: as many as its vectors depend on or, where they
/// depend on their own alone, as suit it.
std::size_t call_batch_size(const Encoder& encoder);

/// Loads the i-th of some items.
using LoadItem = std::function<LoadedSignal(std::size_t)>;

/// Loads the files as `info` asks for them; all must outlive it. Throws as load_audio() does.
LoadItem loader_of(const EncoderInfo& info, std::span<const std::filesystem::path> files);

/// The items in calls of call_batch_size() each, in their order. Those of a call are loaded by
/// `load` on up to `jobs` threads, one call at a time: memory is bounded by the signals of one.
/// `on_progress` (items done, items in all) is called from one thread at a time. Throws as `load`
/// and encode() do.
std::vector<Matrix> encode_in_calls(
    Encoder& encoder, const std::string& label, std::span<const std::string> ids,
    const LoadItem& load, std::size_t jobs,
    const std::function<void(std::size_t, std::size_t)>& on_progress);

/// What is wrong with the vectors of one item: no rows, another width than `dim` (0: any), a value
/// that is not finite or beyond kLargestValue. Empty: nothing.
std::string encoded_problem(const Matrix& encoded, std::size_t dim);

/// Lays matrices [T_i, dim], one for each of `ids`, end to end. Throws DataError that lists every
/// item with no rows, another width than the first or an unusable value (core/usable_values.h), or
/// where their numbers differ.
Embeddings join_encoded(const std::string& label, const std::vector<std::string>& ids,
                        std::span<const Matrix> encoded);

}  // namespace musicrep
