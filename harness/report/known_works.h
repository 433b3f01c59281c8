// Works that encoders, data sets and protocols are based on, as BibTeX.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace musicrep {

/// One entry, and how a citation in words is recognised as of it.
struct KnownWork {
  std::string mark;    ///< words that such a citation holds, in any case
  std::string bibtex;  ///< the entry, from '@' to its last brace

  [[nodiscard]] bool is_cited_in(std::string_view citation) const;
};

/// The entries of a BibTeX text. An entry's mark stands before it in a line "% known by: ...";
/// without one it is the entry's title without braces. One that has neither is left out: nothing
/// could cite it.
std::vector<KnownWork> read_works(std::string_view bibtex);

/// The key of an entry: what stands between the first brace and the first comma.
std::string key_of(const std::string& entry);

}  // namespace musicrep
