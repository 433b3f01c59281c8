// Writes a copy of a results file as a faulty program would have written it: with a good digest and
// seal, but other content. The edits are planted in data, so that no change of the code's text can
// make one vanish.
//
//     edit_results list
//     edit_results EDIT results.h5 edited.h5
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "musicrep/error.h"
#include "statistics/derive.h"
#include "store/results.h"

namespace musicrep {
namespace {

using Edit = std::function<void(Results&)>;

const std::string kOtherHash(64, '7');

/// Encoders whose fingerprints say that they were trained in the run.
std::set<std::string> trained(const Results& results) {
  std::set<std::string> out;
  for (const Fingerprint& print : results.fingerprints) {
    if (print.declared.find("\"content\":\"fit ") != std::string::npos) out.insert(print.encoder);
  }
  return out;
}

/// Makes the first `share` of the right answers of a classification row wrong.
void lose(ResultRow& row, double share) {
  if (row.metric != "accuracy" || !row.failure.empty()) return;
  TargetResult& target = row.targets.front();
  const auto n_classes = static_cast<double>(target.classes.size());
  // Evenly over all trainings: by a fixed stride.
  const auto stride = static_cast<std::size_t>(std::max(1.0, 1 / share));
  std::size_t n_right = 0;
  auto left = static_cast<std::size_t>(share * static_cast<double>(target.truth.size()));
  for (std::size_t i = 0; i < target.truth.size() && left > 0; ++i) {
    if (target.predicted[i] != target.truth[i]) continue;
    if (n_right++ % std::max<std::size_t>(1, stride / 2) != 0) continue;
    target.predicted[i] = target.truth[i] + 1 < n_classes ? target.truth[i] + 1 : 0;
    --left;
  }
  row.embeddings_sha256 = kOtherHash;
  for (Selection& selection : target.selected) selection.test_score.reset();
}

void on_other_processor(Results& results) { results.provenance["cpu"] = "Another Processor 9000"; }

void move_fingerprints(Results& results, double share) {
  for (Fingerprint& print : results.fingerprints) {
    print.sha256 = kOtherHash;
    for (double& v : print.summary) v *= 1 + share;
  }
}

/// Every prediction of the trained rows is one constant: the first class, or the mean less a bit.
void predict_constants(Results& results) {
  const std::set<std::string> encoders = trained(results);
  for (ResultRow& row : results.rows) {
    if (!encoders.contains(row.encoder) || !row.failure.empty()) continue;
    for (TargetResult& target : row.targets) {
      std::ranges::fill(target.predicted, target.classes.empty() ? 1.5 : 0);
      for (Selection& selection : target.selected) selection.test_score.reset();
    }
    row.embeddings_sha256 = kOtherHash;
  }
}

void lose_by_encoder(Results& results, const std::map<std::string, double>& shares) {
  for (ResultRow& row : results.rows) {
    const auto share = shares.find(row.encoder);
    if (share != shares.end()) lose(row, share->second);
  }
}

/// One prediction of the first good row is another, its vectors the same.
void flip_predictions(Results& results, std::size_t n) {
  for (ResultRow& row : results.rows) {
    if (row.metric != "accuracy" || !row.failure.empty()) continue;
    TargetResult& target = row.targets.front();
    for (std::size_t i = 0; i < n; ++i) {
      target.predicted[i] = target.predicted[i] > 0 ? target.predicted[i] - 1 : 1;
    }
    for (Selection& selection : target.selected) selection.test_score.reset();
    return;
  }
}

void worsen_ranks(Results& results) {
  for (Retrieval& retrieval : results.retrievals) {
    std::size_t k = 0;
    for (std::int64_t& rank : retrieval.music_rank) {
      if (rank <= 10 && k++ % 4 == 0) rank = 50;
    }
    retrieval.embeddings_sha256 = kOtherHash;
  }
}

/// Keeps the entries of each row that `is_kept` says, by row and place.
void keep(Results& results, const std::function<bool(const ResultRow&, std::size_t)>& is_kept) {
  const auto cut = [&](const ResultRow& row, auto& values) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (is_kept(row, i)) values[n++] = values[i];
    }
    values.resize(n);
  };
  for (ResultRow& row : results.rows) {
    if (!row.failure.empty()) continue;
    const ResultRow whole = row;
    for (TargetResult& target : row.targets) {
      cut(whole, target.truth);
      cut(whole, target.predicted);
      for (Selection& selection : target.selected) selection.test_score.reset();
    }
    cut(whole, row.item_ids);
    cut(whole, row.item_fold);
    cut(whole, row.item_seed);
    cut(whole, row.item_group);
    const auto n_entries = static_cast<std::int64_t>(row.item_ids.size());
    row.n_seeds = 1 + *std::ranges::max_element(row.item_seed);
    row.n = n_entries / row.n_seeds / row.n_repeats;
  }
}

/// What a program would write that has nothing but this fault: all that follows is derived again.
Edit followed_through(Edit edit) {
  return [edit = std::move(edit)](Results& results) {
    edit(results);
    derive_statistics(results);
  };
}

const std::map<std::string, Edit>& edits() {
  static const std::map<std::string, Edit> all = {
      {"none", followed_through([](Results&) {})},
      {"half_intervals",
       [](Results& results) {
         for (ResultRow& row : results.rows) {
           row.ci_low = (row.ci_low + row.score) / 2;
           row.ci_high = (row.ci_high + row.score) / 2;
         }
       }},
      {"other_tests",
       [](Results& results) {
         for (Comparison& c : results.comparisons) c.p = c.p_adjusted = 0.5;
       }},
      {"other_letters",
       [](Results& results) {
         for (EncoderLetters& each : results.letters) each.letters = "a";
       }},
      {"other_verdicts",
       [](Results& results) {
         for (ClaimResult& claim : results.claims) claim.verdict = kReproduced;
       }},
      {"scores_without_predictions",
       [](Results& results) {
         on_other_processor(results);
         predict_constants(results);
       }},
      {"all_at_chance", followed_through([](Results& results) {
         predict_constants(results);
         move_fingerprints(results, 0.05);
         results.provenance["build_type"] = "Another";
       })},
      {"chance_elsewhere", followed_through([](Results& results) {
         predict_constants(results);
         move_fingerprints(results, 0.05);
         on_other_processor(results);
       })},
      {"trained_lose_together", followed_through([](Results& results) {
         on_other_processor(results);
         move_fingerprints(results, 0.1);
         lose_by_encoder(
             results,
             {{"vggish", 0.05}, {"audioset", 0.05}, {"mlm", 0.03}, {"mim", 0.03}, {"mtlmr", 0.08}});
       })},
      {"all_lose_3_points", followed_through([](Results& results) {
         for (ResultRow& row : results.rows) lose(row, 0.03);
       })},
      {"vectors_moved", followed_through([](Results& results) {
         for (ResultRow& row : results.rows) row.embeddings_sha256 = kOtherHash;
       })},
      {"other_measures",
       [](Results& results) {
         for (Diagnosis& each : results.diagnoses) each.value = 1 - each.value;
       }},
      {"published_as_ours",
       [](Results& results) {
         for (ResultRow& row : results.rows) {
           if (row.published) row.published = row.score;
         }
       }},
      {"half_sweeps",
       [](Results& results) {
         for (SweepPoint& point : results.sweeps) point.score /= 2;
       }},
      {"retrieval_loses", followed_through([](Results& results) {
         on_other_processor(results);
         move_fingerprints(results, 0.1);
         worsen_ranks(results);
       })},
      {"one_training", followed_through([](Results& results) {
         keep(results, [](const ResultRow& row, std::size_t i) { return row.item_seed[i] == 0; });
         for (ResultRow& row : results.rows) {
           for (TargetResult& target : row.targets) {
             std::erase_if(target.selected, [](const auto& s) { return s.chosen.seed > 0; });
             std::erase_if(target.grid, [](const auto& c) { return c.seed > 0; });
           }
         }
       })},
      {"one_item", followed_through([](Results& results) {
         keep(results, [](const ResultRow& row, std::size_t i) {
           return row.item_ids[i] == row.item_ids.front();
         });
       })},
      {"one_artist", followed_through([](Results& results) {
         for (ResultRow& row : results.rows) row.item_group.assign(row.item_ids.size(), 0);
       })},
      {"other_items", followed_through([](Results& results) {
         for (ResultRow& row : results.rows) {
           for (std::string& id : row.item_ids) id += " of another set";
         }
       })},
      {"one_prediction", followed_through([](Results& results) { flip_predictions(results, 1); })},
      {"two_predictions_elsewhere", followed_through([](Results& results) {
         on_other_processor(results);
         flip_predictions(results, 5);
       })},
      {"other_inner_scores",
       [](Results& results) {
         for (ResultRow& row : results.rows) {
           for (TargetResult& target : row.targets) {
             if (target.inner_score) *target.inner_score += 0.01;
           }
         }
       }},
      {"other_fold_scores",
       [](Results& results) {
         for (ResultRow& row : results.rows) {
           for (TargetResult& target : row.targets) {
             for (Selection& s : target.selected) {
               if (s.test_score) s.test_score = *s.test_score + 0.01;
             }
           }
         }
       }},
  };
  return all;
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() == 1 && arguments[0] == "list") {
    for (const auto& [name, edit] : edits()) fmt::print("{}\n", name);
    return 0;
  }
  if (arguments.size() != 3 || !edits().contains(arguments[0])) {
    fmt::print(stderr, "usage: edit_results EDIT results.h5 edited.h5\n");
    return 2;
  }
  Results results = read_results(arguments[1]);
  const std::string before = content_digest(results);
  edits().at(arguments[0])(results);
  if (arguments[0] != "none" && content_digest(results) == before) {
    fmt::print(stderr, "edit '{}' changes nothing in '{}'\n", arguments[0], arguments[1]);
    return 3;
  }
  write_results(results, arguments[2]);
  return 0;
}

}  // namespace
}  // namespace musicrep

int main(int argc, char** argv) {
  try {
    return musicrep::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
