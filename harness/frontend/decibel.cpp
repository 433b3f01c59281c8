#include "frontend/decibel.h"

#include <algorithm>
#include <cmath>

namespace musicrep {

void to_decibel(std::span<double> values, double amin) {
  for (double& value : values) value = 10 * std::log10(std::max(value, amin));
}

void limit_range(std::span<double> decibels, Reference reference, double range_db) {
  if (decibels.empty()) return;
  const double top = *std::max_element(decibels.begin(), decibels.end());
  const double zero = reference == Reference::kClipMax ? top : 0;
  for (double& value : decibels) {
    if (range_db > 0) value = std::max(value, top - range_db);
    value -= zero;
  }
}

void standardise(std::span<double> values) {
  if (values.empty()) return;
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double scale = std::sqrt(squares / n) + 1e-10;
  for (double& value : values) value = (value - mean) / scale;
}

void apply_log(std::span<double> values, const LogConfig& config) {
  switch (config.kind) {
    case LogConfig::Kind::kNone:
      break;
    case LogConfig::Kind::kDecibel:
      to_decibel(values, config.amin);
      limit_range(values, config.reference, config.range_db);
      break;
    case LogConfig::Kind::kNatural:
      for (double& value : values) value = std::log(value + config.offset);
      break;
  }
  if (config.standardise_clip) standardise(values);
}

}  // namespace musicrep
