// The kinds of data sets that dataset_kinds() lists; each is in the file of its name.
#pragma once

#include "datasets/dataset.h"

namespace musicrep {

/// Amazon's album reviews of 2014: texts without audio.
DatasetKind amazon_reviews_kind();

/// AudioSet's released VGGish frames.
DatasetKind audioset_kind();

/// The Deezer mood detection data set.
DatasetKind deezer_kind();

/// Emotion in Music of MediaEval 2013.
DatasetKind emomusic_kind();

/// The GTZAN genre collection with the fault-filtered splits and Sturm's index of artists.
DatasetKind gtzan_kind();

/// MuMu: songs of the Million Song Dataset with album genres and reviews.
DatasetKind mumu_kind();

/// Any CSV table.
DatasetKind table_kind();

/// The layout of the Tartarus library: songs with texts, splits and labels.
DatasetKind tartarus_kind();

/// A target whose item i has the class `names[i]`; its classes are those that occur.
Target make_class_target(std::string name, const std::vector<std::string>& names);

/// A target of the classes "absent" and "present": one label of several that an item may have.
Target make_presence_target(std::string name, const std::vector<bool>& present);

}  // namespace musicrep
