// An encoder with interfaces of its own: texts beside signals, and vectors that depend on their
// batch.
#include <cstdlib>
#include <string>
#include <vector>

#include "musicrep/registry.h"

namespace {

class Speaker : public musicrep::Encoder,
                public musicrep::TextEncoder,
                public musicrep::BatchDependentEncoder {
 public:
  static musicrep::EncoderInfo static_info() {
    musicrep::EncoderInfo info;
    info.name = "speaker";
    info.version = "1";
    info.description = "how many sign changes a clip has, and which number a text ends in";
    info.citation = "none";
    info.licence = "MIT";
    info.sample_rate_hz = 8000;
    info.channels = 1;
    info.dim = 2;
    return info;
  }

  explicit Speaker(const musicrep::EncoderArgs&) {}

  std::vector<musicrep::Matrix> encode(std::span<const musicrep::Signal> signals) override {
    std::vector<musicrep::Matrix> out;
    for (const musicrep::Signal& signal : signals) {
      double changes = 0;
      for (std::size_t i = 1; i < signal.values.size(); ++i) {
        changes += (signal.values[i] > 0) != (signal.values[i - 1] > 0) ? 1 : 0;
      }
      const auto n = static_cast<double>(signals.size());
      out.emplace_back(1, 2, std::vector<double>{changes, n});
    }
    return out;
  }

  std::vector<musicrep::TextVector> encode_texts(std::span<const std::string> texts) override {
    std::vector<musicrep::TextVector> out;
    for (const std::string& text : texts) {
      const double number = std::atof(text.substr(text.rfind(' ') + 1).c_str());
      out.push_back({{100 * number, 1 + number}, "", 0, 0});
    }
    return out;
  }

  std::size_t dependent_batch_size() const override { return 5; }
};

}  // namespace

MUSICREP_ENCODER(speaker, Speaker)
