#include "contract/findings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace musicrep {
namespace {

using Verdict = ContractVerdict;

std::string shape_of(const Matrix& m) { return fmt::format("[{}, {}]", m.rows(), m.cols()); }

std::string shape_problem(const EncoderInfo& info, std::span<const FixedSignal> items,
                          std::span<const Matrix> vectors) {
  if (vectors.size() != items.size()) {
    return fmt::format("{} matrices for {} items", vectors.size(), items.size());
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Matrix& m = vectors[i];
    const auto [least, most] = rows_of(info, items[i].signal);
    const bool pooled = m.rows() == 1;  // by an option of the encoder's
    if (m.cols() >= 1 && (pooled || (m.rows() >= least && m.rows() <= most))) continue;
    return fmt::format("item '{}': {}, expected {} by its hop of {} s", items[i].id, shape_of(m),
                       most == 1 ? "1 row" : fmt::format("{} to {} rows", least, most), info.hop_s);
  }
  return {};
}

}  // namespace

ContractFinding shape_finding(const EncoderInfo& info, std::span<const FixedSignal> items,
                              std::span<const Matrix> vectors) {
  std::string problem = shape_problem(info, items, vectors);
  if (!problem.empty()) return {kShapeCheck, Verdict::kBroken, std::move(problem)};
  std::vector<std::string> shapes;
  for (const Matrix& m : vectors) shapes.push_back(shape_of(m));
  return {kShapeCheck, Verdict::kHolds, fmt::format("{}", fmt::join(shapes, ", "))};
}

ContractFinding width_finding(const EncoderInfo& info, std::span<const Matrix> vectors) {
  std::vector<std::size_t> widths;
  for (const Matrix& m : vectors) widths.push_back(m.cols());
  const std::size_t width = info.dim > 0 || widths.empty() ? info.dim : widths.front();
  if (std::ranges::all_of(widths, [&](std::size_t w) { return w == width; })) {
    return {kDimCheck, Verdict::kHolds, fmt::format("{} dimensions", width)};
  }
  return {kDimCheck, Verdict::kBroken,
          fmt::format("{} dimensions, expected {}{}", fmt::join(widths, ", "), width,
                      info.dim > 0 ? ", as it declares" : " everywhere")};
}

ContractFinding value_finding(const EncoderInfo& info, std::span<const FixedSignal> items,
                              std::span<const Matrix> vectors) {
  const auto bad = std::ranges::find_if_not(vectors, all_finite);
  if (bad != vectors.end()) {
    const auto place = std::min(static_cast<std::size_t>(bad - vectors.begin()), items.size() - 1);
    return {kFiniteCheck, Verdict::kBroken,
            fmt::format("item '{}': a value is not finite", items[place].id)};
  }
  if (std::ranges::all_of(vectors, all_zero)) {
    return {kFiniteCheck, Verdict::kBroken, "every vector is all zeros"};
  }
  const auto as_first = [&](const Matrix& m) { return same_bits(m, vectors.front()); };
  if (info.input == InputKind::kPcm && std::ranges::all_of(vectors, as_first)) {
    return {kFiniteCheck, Verdict::kBroken, "every signal has the same vectors"};
  }
  return {kFiniteCheck, Verdict::kHolds, "all values"};
}

ContractFinding edge_finding(const EdgeSignal& edge, const Trial& trial) {
  Verdict verdict = Verdict::kBroken;
  std::string seen;
  if (!trial.thrown.empty()) {
    const bool named = trial.thrown.find(edge.item.id) != std::string::npos;
    if (trial.is_error && named) verdict = Verdict::kHolds;
    seen = !trial.is_error ? "it threw no musicrep::Error"
           : named         ? "refused"
                           : "refused without naming the item";
  } else if (edge.must_refuse) {
    seen = "it was taken";
  } else if (trial.vectors.size() != 1 || trial.vectors[0].empty()) {
    seen = "no vector, and no error";
  } else if (!all_finite(trial.vectors[0])) {
    seen = "a value is not finite";
  } else if (all_zero(trial.vectors[0]) && !edge.may_be_zero) {
    seen = "zeros instead of an error";
  } else {
    verdict = Verdict::kHolds;
    seen = shape_of(trial.vectors[0]) + (all_zero(trial.vectors[0]) ? ", zeros" : ", finite");
  }
  return {edge.check, verdict, edge.what + ": " + seen, one_line(trial.thrown)};
}

}  // namespace musicrep
