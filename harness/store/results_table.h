// The flat table of the rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/results.h"

namespace musicrep {

/// One line of the flat table: a row without its items and targets.
struct TableLine {
  std::string encoder;
  std::string encoder_kind;
  std::string encoder_version;
  std::string task;
  std::string dataset;
  std::string protocol;
  std::int64_t protocol_version = 0;
  std::string metric;
  std::string aggregation;
  std::optional<double> score;  ///< empty where the row failed; so for the next three
  std::optional<double> ci_low;
  std::optional<double> ci_high;
  std::optional<double> inner_score;  ///< mean over targets
  std::string letters;  ///< shared by encoders without a significant difference; empty: failed
  std::optional<double> baseline;
  std::int64_t n = 0;
  std::int64_t n_seeds = 1;
  std::int64_t dim = 0;
  std::int64_t n_configurations = 0;
  std::string pooling;
  std::optional<double> published;
  std::string published_source;
  std::string published_caveat;  ///< why the two cannot be compared; empty: they can
  std::string failure;
};

template <Is<TableLine> T, typename Visit>
void visit_fields(T& v, Visit&& visit) {
  visit("encoder", v.encoder);
  visit("encoder_kind", v.encoder_kind);
  visit("encoder_version", v.encoder_version);
  visit("task", v.task);
  visit("dataset", v.dataset);
  visit("protocol", v.protocol);
  visit("protocol_version", v.protocol_version);
  visit("metric", v.metric);
  visit("aggregation", v.aggregation);
  visit("score", v.score);
  visit("ci_low", v.ci_low);
  visit("ci_high", v.ci_high);
  visit("inner_score", v.inner_score);
  visit("letters", v.letters);
  visit("baseline", v.baseline);
  visit("n", v.n);
  visit("n_seeds", v.n_seeds);
  visit("dim", v.dim);
  visit("n_configurations", v.n_configurations);
  visit("pooling", v.pooling);
  visit("published", v.published);
  visit("published_source", v.published_source);
  visit("published_caveat", v.published_caveat);
  visit("failure", v.failure);
}

/// Mean over targets of the inner score; empty where some target has none.
std::optional<double> mean_inner_score(const ResultRow& row);

/// A line for every row, in order.
std::vector<TableLine> table_lines(const Results& results);

}  // namespace musicrep
