#include "core/did_you_mean.h"

#include <algorithm>
#include <vector>

namespace musicrep {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Optimal string alignment: insertions, deletions, substitutions, neighbours swapped.
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

std::string nearest_name(std::string_view typed, std::span<const std::string> known) {
  // Papers write MFCC where the registry has mfcc.
  const std::string name = lower_case(typed);
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 2) + 1;
  for (const std::string& known_name : known) {
    const std::string candidate = lower_case(known_name);
    std::size_t distance = edit_distance(name, candidate);
    // As far apart as the longer is long: they have nothing in common.
    if (distance > 0 && distance >= std::max(name.size(), candidate.size())) continue;
    // A name that begins like the candidate, or the candidate like it, is a likely short form.
    if (!name.empty() && (candidate.starts_with(name) || name.starts_with(candidate))) {
      distance = std::min<std::size_t>(distance, 2);
    }
    if (distance < best_distance) {
      best_distance = distance;
      best = known_name;
    }
  }
  return best;
}

std::string unknown_name(std::string_view what, std::string_view name,
                         std::span<const std::string> known) {
  // No fmt in here: gpu_check builds this with a compiler alone.
  std::string message = std::string("unknown ").append(what).append(" '").append(name).append("'.");
  if (const std::string near = nearest_name(name, known); !near.empty()) {
    message += " Did you mean '" + near + "'?";
  }
  if (known.empty()) return message + " There are none.";
  message += " Known: " + known[0];
  for (const std::string& other : known.subspan(1)) message += ", " + other;
  return message + ".";
}

}  // namespace musicrep
