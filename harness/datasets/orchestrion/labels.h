// AudioSet's labels of what a clip holds.
#pragma once

#include <string_view>
#include <vector>

#include "datasets/orchestrion/mood.h"
#include "datasets/orchestrion/score.h"

namespace musicrep::orchestrion {

/// A class of the AudioSet ontology (Gemmeke et al. 2017), id and name as in its ontology.json.
struct Label {
  std::string_view id;
  std::string_view name;
  std::string_view parent;  ///< the id above it that is tagged too; empty: none
};

/// All labels that may be given, in the ontology's order.
const std::vector<Label>& audioset_labels();

/// The label of an id; the id must be in audioset_labels().
const Label& label_of(std::string_view id);

/// "genre", "mood" or "instrument", as the ontology's branches under Music have it.
std::string_view facet_of(const Label& label);

/// The id for an instrument that plays `part`; empty where AudioSet has none that fits.
std::string_view label_of_part(const Part& part);

/// Ids of what the clip contains: instruments that play for at least a twentieth of the clip, the
/// style, the mood where it is marked, and the parents of all these. In the order of
/// audioset_labels().
std::vector<std::string_view> labels_of_clip(const Score& score, std::string_view style,
                                             const Affect& affect);

}  // namespace musicrep::orchestrion
