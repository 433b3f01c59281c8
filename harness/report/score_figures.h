// Figures of scores, confusions, trainings and costs: scripts for gnuplot, made of results alone.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/markdown_sections.h"
#include "store/results.h"

namespace musicrep {

/// A gnuplot script without terminal and output, and its size in points. Empty: nothing to draw.
struct Drawing {
  std::string script;
  std::size_t width = 0;
  std::size_t height = 0;
};

/// A panel for each table of two good rows or more: scores with intervals, published ones beside.
Drawing scores_drawing(const std::vector<ScoreTable>& tables);

/// A panel for each table of classes: what its best encoder takes for what, in per cent of a class.
Drawing confusion_drawing(const std::vector<ScoreTable>& tables);

/// A panel for each trained encoder and corpus: losses of all its seeds by training step.
Drawing curves_drawing(const Results& results);

/// Processor time and memory of each encoder, means over data sets and seeds.
Drawing costs_drawing(const Results& results);

}  // namespace musicrep
