// What the trainings behind the rows learned, compared with the loss of knowing nothing of an item.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/html/page.h"
#include "report/markdown_text.h"
#include "report/section.h"
#include "weights/origin.h"

namespace musicrep {
namespace {

/// All training seeds of one encoder on one corpus; at least one.
using Trainings = std::vector<const TrainingCurve*>;

std::vector<Trainings> trainings_of(const Results& results) {
  std::vector<Trainings> out;
  for (const TrainingCurve& curve : results.curves) {
    if (curve.step.empty()) continue;
    const auto same = std::ranges::find_if(out, [&](const Trainings& each) {
      return each.front()->encoder == curve.encoder && each.front()->corpus == curve.corpus;
    });
    if (same == out.end()) {
      out.push_back({&curve});
    } else {
      same->push_back(&curve);
    }
  }
  return out;
}

std::string loss_text(double v) { return fmt::format("{:.4g}", v); }
std::string share_text(double v) { return fmt::format("{:.1f} %", 100 * v); }

/// "0.25", or "0.25 (0.24 to 0.26)": mean and range over seeds. Nothing where none is known.
template <typename Text>
std::string range_text(std::vector<double> values, const Text& text) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  if (values.empty()) return kNothing;
  double sum = 0;
  for (const double v : values) sum += v;
  const std::string mean = text(sum / static_cast<double>(values.size()));
  const auto [low, high] = std::ranges::minmax(values);
  if (text(low) == text(high)) return mean;
  return fmt::format("{} ({} to {})", mean, text(low), text(high));
}

/// "not trained", or how many of several seeds are not.
std::string verdict_text(const std::vector<double>& shares) {
  const auto n = std::ranges::count_if(shares, [](double v) { return v < kLeastLearned; });
  if (n == 0) return "";
  return n == std::ssize(shares) ? "**not trained**: "
                                 : fmt::format("**{} of {} not trained**: ", n, shares.size());
}

std::vector<std::string> cells_of(const ReportInput& input, const Trainings& trainings) {
  std::vector<double> steps;
  std::vector<double> losses;
  std::vector<double> bases;
  std::vector<double> shares;
  std::vector<double> precisions;
  for (const TrainingCurve* curve : trainings) {
    steps.push_back(curve->step.back());
    if (!curve->validation_loss.empty()) {
      losses.push_back(*std::ranges::min_element(curve->validation_loss));
    }
    if (curve->average_precision) precisions.push_back(*curve->average_precision);
    const LearnedShare learned =
        learned_share(curve->validation_loss, curve->base_loss.value_or(std::nan("")));
    if (!learned.known) continue;
    bases.push_back(learned.base);
    shares.push_back(learned.share);
  }
  return {input.name(trainings.front()->encoder),
          plain(trainings.front()->corpus),
          fmt::format("{}", trainings.size()),
          range_text(steps, [](double v) { return fmt::format("{:.0f}", v); }),
          range_text(losses, loss_text),
          range_text(bases, loss_text),
          verdict_text(shares) + range_text(shares, share_text),
          range_text(precisions, [](double v) { return score_text(v); })};
}

std::string section(const ReportInput& input) {
  const std::vector<Trainings> all = trainings_of(input.results);
  const bool any_validated = std::ranges::any_of(all, [](const Trainings& each) {
    return std::ranges::any_of(each, [](const auto* c) { return !c->validation_loss.empty(); });
  });
  if (!any_validated) return "";
  MarkdownTable table({"Encoder", "Trained on", ">Seeds", ">Steps", ">Validation loss",
                       ">Loss of base rates", ">Explained", ">Average precision"});
  for (const Trainings& each : all) table.add(cells_of(input, each));
  return "## What the trainings learned\n\nValidation loss: the least on held-out items of the "
         "training corpus. Loss of base rates: that of predicting every item alike, each tag with "
         "its share of the training items, each number with its mean. Explained: by which share "
         "the first is below the second; a network under 5 % counts as not trained. Average precision: of tags. Means over "
         "training seeds, with their range in brackets; a dash where nothing was held out, or it "
         "is not known.\n\n" +
         table.text();
}

using nlohmann::json;

json number(double v) { return std::isfinite(v) ? json(v) : json(); }

json numbers(const std::vector<double>& values) {
  json out = json::array();
  for (const double value : values) out.push_back(number(value));
  return out;
}

std::string page(const PageInput& input) {
  json curves = json::array();
  for (const TrainingCurve& curve : input.report.results.curves) {
    if (curve.step.empty()) continue;
    curves.push_back({{"encoder", curve.encoder},
                      {"corpus", curve.corpus},
                      {"seed", curve.seed},
                      {"step", numbers(curve.step)},
                      {"loss", numbers(curve.loss)},
                      {"validationStep", numbers(curve.validation_step)},
                      {"validationLoss", numbers(curve.validation_loss)},
                      {"baseLoss", number(curve.base_loss.value_or(std::nan("")))}});
  }
  if (curves.empty()) return "";
  const std::string text = section(input.report);
  const std::string block = page_block("training", {{"curves", std::move(curves)}});
  return (text.empty() ? page_heading("Training curves") : html_of_markdown(text)) + block;
}

}  // namespace

extern const ReportSection trainings_section = {.place = 650, .text = section, .page = page};

}  // namespace musicrep
