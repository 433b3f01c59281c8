// The kinds of data sets that dataset_kinds() lists; each is in the file of its name.
#pragma once

#include "datasets/dataset.h"

namespace musicrep {

/// AudioSet's released VGGish frames.
DatasetKind audioset_kind();

/// The Deezer mood detection data set.
DatasetKind deezer_kind();

/// Emotion in Music of MediaEval 2013.
DatasetKind emomusic_kind();

/// The GTZAN genre collection with the fault-filtered splits and Sturm's index of artists.
DatasetKind gtzan_kind();

/// Any CSV table.
DatasetKind table_kind();

/// A target whose item i has the class `names[i]`; its classes are those that occur.
Target make_class_target(std::string name, const std::vector<std::string>& names);

}  // namespace musicrep
