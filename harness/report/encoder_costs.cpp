#include "report/encoder_costs.h"

#include <algorithm>
#include <map>

namespace musicrep {
namespace {

struct Mean {
  double sum = 0;
  std::size_t n = 0;
  void add(double v) {
    sum += v;
    ++n;
  }
  [[nodiscard]] double value() const { return n == 0 ? 0 : sum / static_cast<double>(n); }
};

}  // namespace

std::vector<EncoderCost> encoder_costs(const Results& results) {
  std::vector<EncoderCost> out;
  std::map<std::string, Mean> encode_ms;
  std::map<std::string, Mean> train_s;
  for (const StepCost& cost : results.costs) {
    // Others (a fingerprint, a diagnosis, a retrieval) say nothing about what an item costs.
    if (cost.step != kTrainStep && cost.step != kEncodeStep) continue;
    if (cost.encoder.empty() || cost.n == 0) continue;
    auto at = std::ranges::find(out, cost.encoder, &EncoderCost::encoder);
    if (at == out.end()) at = out.insert(out.end(), {.encoder = cost.encoder});
    if (cost.step == kTrainStep) {
      train_s[cost.encoder].add(cost.cpu_s);
    } else {
      encode_ms[cost.encoder].add(1000 * cost.cpu_s / static_cast<double>(cost.n));
      at->peak_mib = std::max(at->peak_mib, cost.peak_mib);
    }
  }
  for (EncoderCost& cost : out) {
    cost.encode_ms = encode_ms[cost.encoder].value();
    cost.train_s = train_s[cost.encoder].value();
  }
  std::erase_if(out, [](const EncoderCost& cost) {
    return cost.encode_ms <= 0 && cost.train_s <= 0 && cost.peak_mib <= 0;
  });
  return out;
}

}  // namespace musicrep
