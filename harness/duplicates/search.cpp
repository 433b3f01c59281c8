#include "duplicates/search.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <tuple>

namespace musicrep {
namespace {

/// Equal words are looked for among this many that follow in the index: what is common to a great
/// many clips would otherwise make the square of their number.
constexpr std::size_t kNeighbours = 16;
/// Offsets on which fewer frames agree exactly are not looked at.
constexpr std::size_t kFewestVotes = 2;
/// So many offsets of a pair are looked at, those with the most votes first.
constexpr std::size_t kMostOffsets = 4;

struct Entry {
  std::uint32_t word;
  std::uint32_t clip;
  std::uint32_t frame;
  friend auto operator<=>(const Entry&, const Entry&) = default;
};

/// One frame of a and one of b agree.
struct Vote {
  std::uint32_t a;
  std::uint32_t b;
  std::int32_t offset;  ///< frames
  friend auto operator<=>(const Vote&, const Vote&) = default;
};

std::vector<Entry> make_index(std::span<const AudioFingerprint> fingerprints) {
  std::vector<Entry> index;
  for (std::uint32_t clip = 0; clip < fingerprints.size(); ++clip) {
    const AudioFingerprint& print = fingerprints[clip];
    for (std::uint32_t t = 0; t < print.words.size(); ++t) {
      const bool held = t > 0 && print.words[t] == print.words[t - 1];
      if (print.audible[t] && !held) index.push_back({print.words[t], clip, t});
    }
  }
  std::ranges::sort(index);
  return index;
}

std::vector<Vote> collect_votes(const std::vector<Entry>& index) {
  std::vector<Vote> votes;
  for (std::size_t i = 0; i < index.size(); ++i) {
    const std::size_t end = std::min(index.size(), i + 1 + kNeighbours);
    for (std::size_t j = i + 1; j < end && index[j].word == index[i].word; ++j) {
      if (index[i].clip == index[j].clip) continue;
      votes.push_back(
          {index[i].clip, index[j].clip,
           static_cast<std::int32_t>(index[i].frame) - static_cast<std::int32_t>(index[j].frame)});
    }
  }
  std::ranges::sort(votes);
  return votes;
}

struct Match {
  std::size_t frames = 0;  ///< compared
  double bit_error_rate = 1;
};

Match compare(const AudioFingerprint& a, const AudioFingerprint& b, std::int32_t offset) {
  const auto first = static_cast<std::size_t>(std::max(0, offset));
  const auto first_b = static_cast<std::size_t>(std::max(0, -offset));
  if (first >= a.words.size() || first_b >= b.words.size()) return {};
  const std::size_t n = std::min(a.words.size() - first, b.words.size() - first_b);
  std::size_t errors = 0;
  Match match;
  for (std::size_t t = 0; t < n; ++t) {
    if (!a.audible[first + t] || !b.audible[first_b + t]) continue;
    ++match.frames;
    errors += static_cast<std::size_t>(std::popcount(a.words[first + t] ^ b.words[first_b + t]));
  }
  if (match.frames > 0) {
    match.bit_error_rate = static_cast<double>(errors) / (32 * static_cast<double>(match.frames));
  }
  return match;
}

/// The best of the offsets that were voted for, or of their neighbours.
std::optional<SharedAudio> best_of(std::span<const AudioFingerprint> prints,
                                   std::span<const Vote> votes, double most_bit_errors) {
  std::vector<std::pair<std::size_t, std::int32_t>> offsets;  // votes, offset
  for (std::size_t i = 0; i < votes.size(); ++i) {
    if (i > 0 && votes[i].offset == votes[i - 1].offset) continue;
    std::size_t j = i;  // a shift by half a frame spreads the votes over two offsets
    while (j < votes.size() && votes[j].offset <= votes[i].offset + 1) ++j;
    if (j - i >= kFewestVotes) offsets.emplace_back(j - i, votes[i].offset);
  }
  std::ranges::sort(offsets, [](const auto& x, const auto& y) {
    return std::tuple(y.first, x.second) < std::tuple(x.first, y.second);
  });
  offsets.resize(std::min(offsets.size(), kMostOffsets));
  const std::size_t a = votes.front().a;
  const std::size_t b = votes.front().b;
  std::optional<SharedAudio> best;
  for (const auto& [count, voted] : offsets) {
    for (std::int32_t offset = voted - 1; offset <= voted + 2; ++offset) {
      const Match match = compare(prints[a], prints[b], offset);
      const double overlap_s = static_cast<double>(match.frames) * kFingerprintHopS;
      if (overlap_s < kLeastOverlapS || match.bit_error_rate > most_bit_errors) continue;
      if (best && match.bit_error_rate >= best->bit_error_rate) continue;
      best = {a, b, offset * kFingerprintHopS, overlap_s, match.bit_error_rate};
    }
  }
  return best;
}

}  // namespace

std::vector<SharedAudio> find_shared_audio(std::span<const AudioFingerprint> fingerprints,
                                           double most_bit_errors) {
  const std::vector<Vote> votes = collect_votes(make_index(fingerprints));
  std::vector<SharedAudio> found;
  for (std::size_t i = 0; i < votes.size();) {
    std::size_t j = i;
    while (j < votes.size() && votes[j].a == votes[i].a && votes[j].b == votes[i].b) ++j;
    if (auto shared = best_of(fingerprints, std::span(votes).subspan(i, j - i), most_bit_errors)) {
      found.push_back(*shared);
    }
    i = j;
  }
  return found;
}

}  // namespace musicrep
