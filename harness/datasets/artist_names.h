// Spellings of artists: one artist, one group.
#pragma once

#include <string>
#include <vector>

#include "datasets/dataset.h"

namespace musicrep {

/// Gives all spellings of one artist the one that is first among `groups` ([n] names in UTF-8,
/// empty where unknown, which stay empty), so that no clip of an artist is on the other side of a
/// fold for a comma. Returns what was merged, a text a union, in order of appearance:
/// "'Earth Wind and Fire' = 'Earth, Wind & Fire'".
///
/// - Case, accents (Latin), punctuation, white space and the article "the" do not count; "&" and
/// "+"
///   are "and". Marks and spaces between two digits do count, and names without a letter, such as
///   numbers, are compared as they are.
/// - A collaboration ("A feat. B", "A, B & C", "A / B") belongs to each artist that one whole part
///   of it, or several in a row, names as some item of `groups` does alone; and to every other
///   spelling of the same parts in any order. So "Simon & Garfunkel" stays apart where nobody is
///   called "Simon". It does join "Mike" with "Mike and the Mechanics", and through "A & B" the
///   artists A and B: a group too large widens an interval, a group too small leaks.
///
/// Merging twice changes nothing. Time is linear in the bytes of all names, but for hashing.
std::vector<std::string> merge_artist_spellings(std::vector<std::string>& groups);

/// merge_artist_spellings() of a data set's groups, with a note that names the first few unions.
void merge_artists(Dataset& dataset);

}  // namespace musicrep
