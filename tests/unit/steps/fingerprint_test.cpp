#include "steps/fingerprint_step.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "contract/fixed_signals.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

/// Mean and energy of each half second, times a gain.
class Toy final : public Encoder {
 public:
  explicit Toy(double gain = 1, bool centred = false) : gain_(gain), centred_(centred) {}
  std::vector<Matrix> encode(std::span<const Signal> signals) override {
    std::vector<Matrix> out;
    double mean = 0;
    for (const Signal& signal : signals) {
      const std::size_t rows = signal.values.size() / 1000;
      if (rows == 0) throw DataError("item '" + signal.id + "': too short");
      Matrix m(rows, 2);
      for (std::size_t i = 0; i < rows * 1000; ++i) {
        const double v = signal.values[i];
        m.at(i / 1000, 0) += gain_ * v;
        m.at(i / 1000, 1) += gain_ * v * v;
      }
      mean += m.at(0, 1) / static_cast<double>(signals.size());
      out.push_back(std::move(m));
    }
    for (Matrix& m : out) m.at(0, 1) -= centred_ ? mean : 0;
    return out;
  }

 private:
  double gain_;
  bool centred_;
};

class Broken final : public Encoder {
 public:
  std::vector<Matrix> encode(std::span<const Signal> signals) override {
    throw DataError("item '" + signals[0].id + "': too short");
  }
};

EncoderInfo pcm_info() {
  EncoderInfo info;
  info.name = "toy";
  info.input = InputKind::kPcm;
  info.sample_rate_hz = 8000;
  info.channels = 1;
  return info;
}

double moved(const Fingerprint& a, const Fingerprint& b) {
  double squares = 0;
  for (std::size_t k = 2; k < a.summary.size(); ++k) {
    squares += (a.summary[k] - b.summary[k]) * (a.summary[k] - b.summary[k]);
  }
  return std::sqrt(squares / static_cast<double>(a.summary.size() - 2));
}

TEST_CASE("signals are of the encoder's rate and channels, in 16 bits, and loud enough") {
  EncoderInfo info = pcm_info();
  info.channels = 2;
  const auto signals = fixed_signals(info);
  REQUIRE(signals.size() == 4);
  for (const auto& [id, signal] : signals) {
    CAPTURE(id);
    CHECK(signal.rows == 2);
    CHECK(signal.cols == 24000);
    REQUIRE(signal.values.size() == 48000);
    double energy = 0;
    bool on_grid = true;
    for (const float v : signal.values) {
      energy += static_cast<double>(v) * v;
      on_grid = on_grid && std::abs(v) <= 1 && std::round(v * 32768) == v * 32768;
    }
    CHECK(on_grid);
    CHECK(energy > 5);
    CHECK(signal.values[24000 + 5] != signal.values[5]);
  }
  info.input = InputKind::kVggishFrames;
  const auto frames = fixed_signals(info);
  REQUIRE(frames.size() == 3);
  CHECK(frames[2].signal.rows == 31);
  CHECK(frames[2].signal.cols == 128);
}

TEST_CASE("a fingerprint is the same bits again, and sizes a drift") {
  Toy toy;
  const Fingerprint one = take_fingerprint(toy, pcm_info());
  CHECK(one.none.empty());
  CHECK(one.dim == 2);
  CHECK(one.summary.size() == 18);
  CHECK(one.batch_drift == 0);
  Toy again;
  CHECK(take_fingerprint(again, pcm_info()).sha256 == one.sha256);
  for (const double change : {1e-9, 1e-4, 0.1}) {
    Toy louder(1 + change);
    const Fingerprint other = take_fingerprint(louder, pcm_info());
    CHECK(other.sha256 != one.sha256);
    CHECK(moved(one, other) / one.summary[1] == Approx(change).epsilon(0.7));
  }
}

TEST_CASE("vectors that depend on the others in a call are seen") {
  Toy centred(1, true);
  CHECK(take_fingerprint(centred, pcm_info()).batch_drift > 0.01);
}

std::string verdict_of(const Fingerprint& fingerprint, const std::string& check) {
  for (const ContractLine& line : fingerprint.contract) {
    if (line.check == check) return line.verdict;
  }
  return "(no such check)";
}

TEST_CASE("the contract stands with the fingerprint, and what is broken in the rows") {
  Toy toy;
  Fingerprint print = take_fingerprint(toy, pcm_info());
  CHECK(print.contract.size() == 15);
  CHECK(verdict_of(print, kBatchCheck) == "holds");
  Toy centred(1, true);
  CHECK(verdict_of(take_fingerprint(centred, pcm_info()), kBatchCheck) == "broken");
  Broken broken;
  CHECK(verdict_of(take_fingerprint(broken, pcm_info()), kSilenceCheck) == "holds");
  // Errors may name paths, and results are the same in every folder.
  for (const ContractLine& line : take_fingerprint(broken, pcm_info()).contract) {
    CHECK_THAT(line.seen, !Contains("too short"));
  }

  Results results;
  print.encoder = "toy";
  print.dataset = "d";
  print.contract = {{"silence", "broken", "zeros"}, {"width", "holds", "2"}};
  results.fingerprints = {print, print};
  results.rows.resize(2);
  results.rows[0].encoder = "toy";
  results.rows[0].dataset = "d";
  note_broken_contracts(results);
  CHECK(results.rows[0].notes == std::vector<std::string>{"broken contract: silence: zeros"});
  CHECK(results.rows[1].notes.empty());
}

TEST_CASE("who has no fingerprint says why") {
  Broken broken;
  CHECK_THAT(take_fingerprint(broken, pcm_info()).none, Contains("item 'chirp': too short"));
  EncoderInfo info = pcm_info();
  info.input = InputKind::kItemId;
  Toy toy;
  CHECK_THAT(take_fingerprint(toy, info).none, Contains("looked up"));
}

}  // namespace
}  // namespace musicrep
