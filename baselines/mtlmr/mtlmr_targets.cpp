#include "mtlmr_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/did_you_mean.h"
#include "core/options.h"
#include "core/random.h"
#include "mixture.h"
#include "musicrep/error.h"
#include "plsa.h"
#include "training/training_options.h"

namespace musicrep {
namespace {

constexpr std::size_t kIterations = 100;  // of pLSA and of mixtures, as the release

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

/// The numbers that a source stands for, as TrainingCorpus::numbers names them, and their tasks.
std::vector<std::pair<std::string, std::string>> numbers_of(const std::string& source) {
  if (source == "tempo") return {{"tempo_bpm", "tempo"}};
  if (source == "year") return {{"year", "year"}};
  if (source == "mood") return {{"valence", "valence"}, {"arousal", "arousal"}};
  return {};
}

std::vector<double> finite_numbers(const TrainingCorpus& corpus, const std::string& name) {
  std::vector<double> out;
  const auto found = corpus.numbers.find(name);
  if (found == corpus.numbers.end()) return out;
  for (const std::size_t i : corpus.items_of("train")) {
    if (std::isfinite(found->second[i])) out.push_back(found->second[i]);
  }
  return out;
}

/// How often each artist's items have each tag.
struct ArtistTags {
  std::vector<std::string> artists;
  Matrix counts;  // [artists, tags]
};

ArtistTags artist_tags(const TrainingCorpus& corpus, const std::vector<TrainingTag>& tags,
                       const std::string& split) {
  std::map<std::string, std::vector<double>> counts;
  for (const std::size_t i : corpus.items_of(split)) {
    if (corpus.groups.empty() || corpus.groups[i].empty()) continue;
    std::vector<double>& row = counts.try_emplace(corpus.groups[i], tags.size(), 0.0).first->second;
    for (std::size_t t = 0; t < tags.size(); ++t) row[t] += tags[t].present[i];
  }
  std::erase_if(counts, [](const auto& artist) {
    return std::ranges::all_of(artist.second, [](double x) { return x == 0; });
  });
  ArtistTags out{{}, Matrix(counts.size(), tags.size())};
  for (const auto& [artist, row] : counts) {
    std::ranges::copy(row, out.counts.row(out.artists.size()).begin());
    out.artists.push_back(artist);
  }
  return out;
}

/// What the corpus lacks for a source; empty: nothing.
std::string lack_of(const TrainingCorpus& corpus, const Options& options,
                    const std::string& source) {
  if (source == "self") {
    const std::size_t n = corpus.items_of("train").size();
    return n >= 2 ? "" : fmt::format("found {} training items, expected at least 2", n);
  }
  for (const auto& [number, task] : numbers_of(source)) {
    const std::vector<double> values = finite_numbers(corpus, number);
    if (std::set<double>(values.begin(), values.end()).size() < 2) {
      return fmt::format(
          "found {} training items with the number '{}', expected at least 2 of "
          "different values",
          values.size(), number);
    }
  }
  if (source != "tags" && source != "artist") return "";
  try {
    const std::vector<TrainingTag> tags = usable_tags(corpus, options, "mtlmr");
    if (source == "tags") return "";
    const std::size_t n = artist_tags(corpus, tags, "train").artists.size();
    return n >= 2 ? ""
                  : fmt::format(
                        "found {} artists with tags among the training items, expected at "
                        "least 2",
                        n);
  } catch (const DataError& e) {
    return e.what();
  }
}

MtlmrTarget tags_target(const std::vector<TrainingTag>& tags, std::size_t n) {
  MtlmrTarget target{
      "tags", tags.size(), std::vector<float>(n * tags.size()), std::vector<std::uint8_t>(n), {}};
  for (const TrainingTag& tag : tags) target.labels.push_back(tag.title);
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t count = 0;
    for (const TrainingTag& tag : tags) count += tag.present[i];
    target.known[i] = count > 0;
    for (std::size_t t = 0; t < tags.size() && count > 0; ++t) {
      target.values[i * tags.size() + t] =
          static_cast<float>(tags[t].present[i]) / static_cast<float>(count);
    }
  }
  return target;
}

void set_rows(MtlmrTarget& target, const TrainingCorpus& corpus, const std::string& split,
              const ArtistTags& of, const Matrix& topics) {
  std::map<std::string, std::size_t> place;
  for (std::size_t a = 0; a < of.artists.size(); ++a) place.emplace(of.artists[a], a);
  for (const std::size_t i : corpus.items_of(split)) {
    const auto found = place.find(corpus.groups[i]);
    if (found == place.end()) continue;
    target.known[i] = 1;
    std::ranges::transform(topics.row(found->second),
                           target.values.begin() + static_cast<std::ptrdiff_t>(i * target.outputs),
                           [](double p) { return static_cast<float>(p); });
  }
}

MtlmrTarget artist_target(const TrainingCorpus& corpus, const std::vector<TrainingTag>& tags,
                          std::size_t topics, std::uint64_t seed) {
  const std::size_t n = corpus.ids.size();
  MtlmrTarget target{
      "artist", topics, std::vector<float>(n * topics), std::vector<std::uint8_t>(n), {}};
  const ArtistTags train = artist_tags(corpus, tags, "train");
  const Plsa plsa = fit_plsa(train.counts, topics, kIterations, seed);
  set_rows(target, corpus, "train", train, plsa.topic_of_document);
  const ArtistTags valid = artist_tags(corpus, tags, "valid");
  set_rows(target, corpus, "valid", valid, fold_in(valid.counts, plsa.term_of_topic, kIterations));
  return target;
}

MtlmrTarget number_target(const TrainingCorpus& corpus, const std::string& number,
                          const std::string& task, std::size_t components) {
  const std::size_t n = corpus.ids.size();
  MtlmrTarget target{
      task, components, std::vector<float>(n * components), std::vector<std::uint8_t>(n), {}};
  const Mixture mixture = fit_mixture(finite_numbers(corpus, number), components, kIterations);
  const std::vector<double>& values = corpus.numbers.at(number);
  for (std::size_t i = 0; i < n; ++i) {
    if (!std::isfinite(values[i])) continue;
    target.known[i] = 1;
    const std::vector<double> posterior = mixture.posterior(values[i]);
    for (std::size_t k = 0; k < components; ++k) {
      target.values[i * components + k] = static_cast<float>(posterior[k]);
    }
  }
  return target;
}

}  // namespace

const std::vector<std::string>& mtlmr_sources() {
  static const std::vector<std::string> all = {"self", "tags", "artist", "tempo", "year", "mood"};
  return all;
}

std::vector<std::string> chosen_sources(const TrainingCorpus& corpus, const Options& options) {
  const auto& named = option<std::vector<std::string>>(options, "sources");
  Problems unknown;
  for (const std::string& source : named) {
    if (!contains(mtlmr_sources(), source)) {
      unknown.add(unknown_name("source", source, mtlmr_sources()));
    } else if (std::ranges::count(named, source) > 1) {
      unknown.add(fmt::format("source '{}' is named twice", source));
    }
  }
  unknown.throw_if_any<ConfigError>("mtlmr: sources:");

  const bool no_mood = contains(option<std::vector<std::string>>(options, "leave_out"), "mood");
  std::vector<std::string> chosen;
  Problems lacks;
  for (const std::string& source : mtlmr_sources()) {
    if (!named.empty() && !contains(named, source)) continue;
    if (named.empty() && source == "mood" && no_mood) continue;
    const std::string lack = lack_of(corpus, options, source);
    if (lack.empty()) {
      chosen.push_back(source);
    } else {
      lacks.add(fmt::format("source '{}': {}", source, lack));
    }
  }
  if (!named.empty() || chosen.empty()) {
    lacks.throw_if_any(fmt::format("mtlmr: corpus '{}' cannot train this:", corpus.name));
  }
  return chosen;
}

std::vector<MtlmrTarget> mtlmr_targets(const TrainingCorpus& corpus, const Options& options,
                                       std::uint64_t seed) {
  const std::size_t n = corpus.ids.size();
  const auto factors = static_cast<std::size_t>(option<std::int64_t>(options, "factors"));
  std::vector<MtlmrTarget> targets;
  for (const std::string& source : chosen_sources(corpus, options)) {
    if (source == "self") {
      targets.push_back({source, 2, {}, std::vector<std::uint8_t>(n, 1), {"other", "same"}});
    } else if (source == "tags") {
      targets.push_back(tags_target(usable_tags(corpus, options, "mtlmr"), n));
    } else if (source == "artist") {
      targets.push_back(artist_target(corpus, usable_tags(corpus, options, "mtlmr"), factors,
                                      derive_seed(seed, "mtlmr artist")));
    }
    for (const auto& [number, task] : numbers_of(source)) {
      targets.push_back(number_target(corpus, number, task, factors));
    }
  }
  return targets;
}

}  // namespace musicrep
