// Text-to-music and music-to-text retrieval.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "musicrep/encoder.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// The version of the code below: part of a retrieval's key. Bumped with every change that moves a
/// rank.
inline constexpr int kRetrievalVersion = 1;

/// What is to be found.
struct RetrievalTask {
  const Dataset* dataset = nullptr;
  std::string split = "test";
  bool centre = true;  ///< take away the means of the items of the split "train", on both sides
  std::size_t n = 0;   ///< number of texts, evenly spaced; 0: all
};

/// Throws DataError where the data set has no texts or splits, the split less than two texts, an
/// artist of the split items in another one, or `centre` no training items with texts.
void check_retrieval(const RetrievalTask& task);

/// Ranks of one encoder. Items with the same text (the clips of an album) are one candidate: the
/// mean of their mean vectors. Texts and music are compared by cosine; see ranks_of_own() for ties.
/// `music`: the vectors of the data set's items. Fills in everything but names, keys and what
/// merge_retrievals() does. Throws DataError where vectors of texts and music differ in width or
/// are not finite, or fewer than two texts have a vector.
Retrieval retrieve(const RetrievalTask& task, const Embeddings& music, Encoder& encoder,
                   std::size_t jobs);

/// One retrieval of those of several training seeds: ranks seed after seed, groups (artists) of the
/// texts' first items, and the measures (statistics/retrieval_statistics.h). Where one failed, its
/// failure is the row's.
Retrieval merge_retrievals(std::span<const Retrieval> of_seeds, const Dataset& dataset);

}  // namespace musicrep
