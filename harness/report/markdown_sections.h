// The sections of the report; each is a function of the results that returns Markdown ending in an
// empty line, or nothing where there is nothing to say.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// The rows of one task under one protocol: good ones by falling score, then failed ones.
struct ScoreTable {
  std::string task;
  std::string protocol;
  std::vector<const ResultRow*> rows;
  [[nodiscard]] std::string name() const;  ///< "genre, svm", escaped
};

/// In order of first appearance; they point into `results`.
std::vector<ScoreTable> score_tables(const Results& results);

/// "rbf, C = 1, gamma = 2^-9, standardised".
std::string parameters_text(const CandidateScore& chosen);

/// Different parameters over the folds, the most frequent first: "rbf, C = 1 (7 folds); …"; without
/// counts where all folds agree. At most `most` of them, then a count of the rest.
std::string chosen_text(const TargetResult& target, std::size_t most);

/// "reproduced": equal to three decimals or at most 0.0005 apart; "within the interval": inside our
/// 95 % interval; otherwise "differs", or "no score" where ours is no number.
std::string verdict(double ours, double low, double high, double published);

/// For each protocol with several tasks, one table of all: encoders by tasks, in the experiment's
/// order.
std::string overview_section(const Results& results, const std::vector<ScoreTable>& tables);
std::string summary_section(const Results& results, const std::vector<ScoreTable>& tables);
std::string score_section(const Results& results, const ScoreTable& table);
/// What others state: claims, then published figures, each with a verdict.
std::string ledger_section(const Results& results, const std::vector<ScoreTable>& tables);
std::string differences_section(const Results& results);
std::string retrieval_section(const Results& results);
/// `figures`: file names by data set; so below.
std::string variability_section(const Results& results,
                                const std::map<std::string, std::string>& figures);
std::string sweeps_section(const Results& results,
                           const std::map<std::string, std::string>& figures);
std::string foundations_section(const Results& results,
                                const std::map<std::string, std::string>& figures);
/// Figures of confusions, trainings and costs: file names, or empty.
std::string figures_section(const std::string& confusion, const std::string& curves,
                            const std::string& costs);
/// Notes that are too long to stand under a table.
std::string notes_section(const std::vector<ScoreTable>& tables);
std::string selection_section(const std::vector<ScoreTable>& tables);
std::string confusion_section(const std::vector<ScoreTable>& tables);

/// Whether any encoder's contract was tried (harness/contract).
bool has_contracts(const Results& results);
/// Of one encoder on one data set, over its training seeds: "all 14 hold", "13 hold, 1 declared",
/// "13 hold, **1 broken**"; kNothing where it was not tried. What does not apply is not counted.
std::string contract_summary(const Results& results, const std::string& encoder,
                             const std::string& dataset);
/// A list of all that is declared or broken; empty where there is nothing.
std::string contract_exceptions(const Results& results);

}  // namespace musicrep
