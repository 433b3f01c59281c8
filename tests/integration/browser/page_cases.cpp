// Writes results that are hard to show: a folder of results files, one a case.
//
//     page_cases FOLDER
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>

#include "base_row.h"
#include "store/results.h"

namespace musicrep {
namespace {

/// An encoder's row: it is wrong about every seventh item, and the next ones by another rule.
ResultRow row_of(const std::string& encoder, std::size_t number, std::size_t n_items,
                 const std::vector<std::string>& classes) {
  ResultRow row = base_row(encoder, "genre", "folds");
  row.ci_method = "Wilson interval";
  row.n = static_cast<std::int64_t>(n_items);
  row.baseline = 1.0 / static_cast<double>(classes.size());
  TargetResult target;
  target.name = "genre";
  target.classes = classes;
  std::size_t right = 0;
  for (std::size_t i = 0; i < n_items; ++i) {
    const std::size_t truth = i % classes.size();
    const bool wrong = (i + number) % 7 == 0;
    add_item(row, fmt::format("clip {}", i), 0, 0, static_cast<std::int64_t>(i / 4));
    target.truth.push_back(static_cast<double>(truth));
    target.predicted.push_back(
        static_cast<double>(wrong ? (truth + 1 + number) % classes.size() : truth));
    right += wrong ? 0 : 1;
  }
  row.score = static_cast<double>(right) / static_cast<double>(n_items) -
              0.001 * static_cast<double>(number);
  row.ci_low = row.score - 0.05;
  row.ci_high = row.score + 0.04;
  target.score = row.score;
  target.ci_low = row.ci_low;
  target.ci_high = row.ci_high;
  row.targets = {target};
  return row;
}

Results results_of(std::size_t n_encoders, std::size_t n_items,
                   const std::vector<std::string>& classes) {
  Results results;
  results.experiment = "case";
  results.title = "A case";
  results.datasets.resize(1);
  DatasetRecord& data = results.datasets[0];
  data.name = "clips";
  data.kind = "table";
  data.manifest_sha256 = std::string(64, 'e');
  data.n_items = static_cast<std::int64_t>(n_items);
  data.about = "made up";
  for (std::size_t k = 0; k < n_encoders; ++k) {
    results.rows.push_back(row_of(fmt::format("encoder {}", k + 1), k, n_items, classes));
  }
  for (std::size_t a = 0; a < n_encoders; ++a) {
    results.letters.push_back({"genre", "folds", results.rows[a].encoder, a % 2 == 0 ? "a" : "ab"});
    for (std::size_t b = a + 1; b < n_encoders; ++b) {
      results.comparisons.push_back({.task = "genre",
                                     .protocol = "folds",
                                     .a = results.rows[a].encoder,
                                     .b = results.rows[b].encoder,
                                     .difference = results.rows[a].score - results.rows[b].score,
                                     .ci_low = -0.1,
                                     .ci_high = 0.1,
                                     .test = "paired t over artists",
                                     .p = 0.2,
                                     .p_adjusted = b - a > 20 ? 0.01 : 0.5});
    }
  }
  return results;
}

Results hostile() {
  const std::string text = "</script><img src=x onerror=\"window.hacked = 1\"><b>'&amp;\"";
  Results results = results_of(2, 12, {text, "rock|pop", "音楽"});
  results.title = text;
  results.datasets[0].about = text;
  for (ResultRow& row : results.rows) {
    row.notes = {text, std::string(400, 'n') + " " + text};
    for (std::string& id : row.item_ids) id += text;
  }
  results.rows.push_back(results.rows[0]);
  results.rows[2].encoder = "failed " + text;
  results.rows[2].failure = text;
  results.rows[2].targets.clear();
  return results;
}

Results long_names() {
  Results results = results_of(3, 30, {std::string(120, 'm'), "موسيقى", "ποπ"});
  for (ResultRow& row : results.rows) row.encoder += std::string(150, 'x');
  results.comparisons.clear();
  results.letters.clear();
  return results;
}

/// One encoder that has learned, one that has not, one of which nothing is known.
Results trainings() {
  Results results = results_of(3, 12, {"blues", "rock"});
  for (std::size_t k = 0; k < 3; ++k) {
    results.curves.push_back({.encoder = results.rows[k].encoder,
                              .corpus = "events",
                              .seed = 0,
                              .step = {10, 100, 1000},
                              .loss = {1.1, 0.9, 0.7},
                              .validation_step = {100, 1000},
                              .validation_loss = {0.99, k == 0 ? 0.4 : 0.98},
                              .base_loss = k < 2 ? std::optional(1.0) : std::nullopt,
                              .average_precision = {}});
  }
  return results;
}

/// Eight texts: each finds its own music first, and then those after it, but text 3 finds it third.
Results retrievals() {
  constexpr std::int64_t kTexts = 8;
  Results results = results_of(1, 8, {"blues", "rock"});
  Retrieval row;
  row.encoder = "align";
  row.encoder_kind = "musicbert";
  row.dataset = "clips";
  row.split = "test";
  row.centring = kNoCentring;
  row.n = row.n_items = kTexts;
  row.item_ids = results.rows[0].item_ids;
  for (std::int64_t i = 0; i < kTexts; ++i) {
    const std::int64_t own = i == 3 ? 3 : 1;
    row.music_rank.push_back(own);
    row.text_rank.push_back(1);
    for (std::int64_t k = 0; k < static_cast<std::int64_t>(kNearest); ++k) {
      row.nearest_music.push_back((i + k - own + 1 + kTexts) % kTexts);
      row.nearest_text.push_back((i + k) % kTexts);
    }
  }
  row.measures.push_back({kTextToMusic, "R@1", 0.875, 0.5, 1, 0.125, 0.01});
  results.retrievals = {row};
  return results;
}

}  // namespace
}  // namespace musicrep

int main(int argc, char** argv) {
  using namespace musicrep;
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  const std::vector<std::string> classes = {"blues", "jazz", "rock", "pop"};
  Results none;
  none.experiment = "none";
  write_results(none, folder / "no_rows.h5");
  write_results(results_of(1, 12, classes), folder / "one_row.h5");
  write_results(results_of(60, 40, classes), folder / "many_encoders.h5");
  write_results(results_of(5, 20000, classes), folder / "many_predictions.h5");
  write_results(hostile(), folder / "hostile.h5");
  write_results(trainings(), folder / "trainings.h5");
  write_results(retrievals(), folder / "retrievals.h5");
  write_results(long_names(), folder / "long_names.h5");
  return 0;
}
