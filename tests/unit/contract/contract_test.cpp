#include "contract/contract.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>

#include "contract_testing.h"
#include "core/check_pcm.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;
using Verdict = ContractVerdict;

constexpr std::size_t kDim = 3;

EncoderInfo toy_info() {
  EncoderInfo info;
  info.name = "toy";
  info.version = "1";
  info.description = "mean, energy and one";
  info.citation = "none";
  info.licence = "MIT";
  info.input = InputKind::kPcm;
  info.sample_rate_hz = 8000;
  info.channels = 1;
  info.dim = kDim;
  return info;
}

/// One vector a clip, all that is promised. The others break one thing each.
class Good : public SignalEncoder {
 public:
  Matrix encode_one(const Signal& signal) override { return one(signal); }

  static Matrix one(const Signal& signal) {
    check_pcm("toy", signal);
    Matrix out(1, kDim);
    for (const float v : signal.values) {
      out.at(0, 0) += v;
      out.at(0, 1) += static_cast<double>(v) * v;
    }
    out.at(0, 2) = 1;
    return out;
  }
};

/// Changes the good vectors of a call.
class Spoilt : public Good, public BatchDependentEncoder {
 public:
  using Spoil = std::function<void(std::span<const Signal>, std::vector<Matrix>&)>;
  explicit Spoilt(Spoil spoil, std::size_t batch = 1) : spoil_(std::move(spoil)), batch_(batch) {}
  std::vector<Matrix> encode(std::span<const Signal> signals) override {
    std::vector<Matrix> out = Good::encode(signals);
    spoil_(signals, out);
    return out;
  }
  [[nodiscard]] std::size_t dependent_batch_size() const override { return batch_; }

 private:
  Spoil spoil_;
  std::size_t batch_;
};

/// Takes all there is, and makes of it what the function says.
class Unchecked : public SignalEncoder {
 public:
  explicit Unchecked(std::function<Matrix(const Signal&)> one) : one_(std::move(one)) {}
  Matrix encode_one(const Signal& signal) override { return one_(signal); }

 private:
  std::function<Matrix(const Signal&)> one_;
};

void centre(std::span<const Signal>, std::vector<Matrix>& out) {
  double mean = 0;
  for (const Matrix& m : out) mean += m.at(0, 1) / static_cast<double>(out.size());
  for (Matrix& m : out) m.at(0, 1) -= mean;
}

ContractReport report_of(Encoder& encoder, const EncoderInfo& info = toy_info(),
                         const ContractOptions& options = {}) {
  return check_contract(encoder, info, options);
}

/// The checks that are broken.
std::vector<std::string> broken(Encoder& encoder, const EncoderInfo& info = toy_info()) {
  std::vector<std::string> out;
  for (const ContractFinding& finding : report_of(encoder, info).findings) {
    if (finding.verdict == Verdict::kBroken) out.push_back(finding.check);
  }
  return out;
}

using Checks = std::vector<std::string>;

TEST_CASE("an encoder that conforms") {
  Good good;
  const ContractReport report = report_of(good);
  CHECK(lines_with(report, Verdict::kBroken).empty());
  CHECK(lines_with(report, Verdict::kDeclared).empty());
  CHECK(lines_with(report, Verdict::kDoesNotApply).empty());
  CHECK(report.findings.size() == 15);
  CHECK(report.together.size() == 4);
  CHECK(report.drift == 0);
  CHECK_THAT(full_text(finding_of(report, kSampleRateCheck)),
             Contains("brought from 44100 to 8000 Hz by soxr"));
  CHECK_THAT(full_text(finding_of(report, kEmptyCheck)),
             Contains("refused: toy: item 'clip-empty'"));
}

TEST_CASE("ten minutes, and the encoder once more") {
  Good good;
  ContractOptions options;
  options.thorough = true;
  options.again = [] { return std::make_unique<Good>(); };
  const ContractReport report = report_of(good, toy_info(), options);
  CHECK(lines_with(report, Verdict::kHolds).size() == 17);
  options.again = []() -> std::unique_ptr<Encoder> {
    return std::make_unique<Spoilt>([](auto, auto& out) { out[0].at(0, 0) += 1e-9; });
  };
  CHECK(finding_of(report_of(good, toy_info(), options), kConstructedCheck).verdict ==
        Verdict::kBroken);
  Unchecked short_winded([](const Signal& signal) {
    if (signal.cols > 100000) throw std::bad_alloc();
    return Good::one(signal);
  });
  CHECK_THAT(full_text(finding_of(report_of(short_winded, toy_info(), options), kVeryLongCheck)),
             Contains("600 s of noise: it threw no musicrep::Error"));
}

TEST_CASE("what it says of itself is missing or cannot be") {
  Good good;
  EncoderInfo info = toy_info();
  info.licence = "";
  info.resampler = "sox";
  const ContractReport report = report_of(good, info);
  CHECK(finding_of(report, kMetadataCheck).verdict == Verdict::kBroken);
  CHECK_THAT(full_text(finding_of(report, kMetadataCheck)),
             Contains("licence is empty; resampler:"));
  CHECK(finding_of(report, kSampleRateCheck).verdict == Verdict::kDoesNotApply);
}

TEST_CASE("a number of matrices or rows that nobody asked for") {
  Spoilt fewer([](auto, auto& out) { out.pop_back(); });
  CHECK(finding_of(report_of(fewer), kShapeCheck).verdict == Verdict::kBroken);
  Spoilt frames([](auto, auto& out) { out.back() = Matrix(2, kDim, std::vector<double>(6, 1)); });
  CHECK_THAT(full_text(finding_of(report_of(frames), kShapeCheck)),
             Contains("item 'clicks': [2, 3], expected 1 row by its hop of 0 s"));
  EncoderInfo info = toy_info();
  info.hop_s = 0.5;
  Unchecked five([](const Signal& signal) {
    Good::one(signal);
    return Matrix(signal.cols == 24000 ? 30 : 1, kDim,
                  std::vector<double>(signal.cols == 24000 ? 90 : 3, 0.5));
  });
  CHECK_THAT(full_text(finding_of(report_of(five, info), kShapeCheck)),
             Contains("expected 6 to 7 rows"));
  Spoilt none([](auto, auto& out) {
    for (Matrix& m : out) m = Matrix(0, kDim);
  });
  CHECK(finding_of(report_of(none), kShapeCheck).verdict == Verdict::kBroken);
}

TEST_CASE("another width than it declares") {
  Good good;
  EncoderInfo info = toy_info();
  info.dim = 4;
  CHECK(broken(good, info) == Checks{kDimCheck});
  info.dim = 0;
  CHECK(broken(good, info).empty());
  Spoilt uneven([](auto signals, auto& out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (signals[i].id == "chirp") out[i] = Matrix(1, 2, {1, 2});
    }
  });
  CHECK(broken(uneven, info) == Checks{kDimCheck});
}

TEST_CASE("values that are not finite, that are all zero or always the same") {
  Spoilt nan([](auto signals, auto& out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (signals[i].id == "noise") out[i].at(0, 1) = std::nan("");
    }
  });
  CHECK(broken(nan) == Checks{kFiniteCheck});
  CHECK_THAT(full_text(finding_of(report_of(nan), kFiniteCheck)), Contains("item 'noise'"));
  Unchecked zeros([](const Signal& signal) {
    check_pcm("toy", signal);
    return Matrix(1, kDim);
  });
  CHECK_THAT(full_text(finding_of(report_of(zeros), kFiniteCheck)), Contains("all zeros"));
  Unchecked same([](const Signal& signal) {
    check_pcm("toy", signal);
    return Matrix(1, kDim, {1, 2, 3});
  });
  CHECK(broken(same) == Checks{kFiniteCheck});
}

TEST_CASE("other bits when it is asked again") {
  std::atomic<int> calls{0};
  Spoilt restless([&](auto, auto& out) {
    for (Matrix& m : out) m.at(0, 0) += 1e-12 * ++calls;
  });
  CHECK(finding_of(report_of(restless), kTwiceCheck).verdict == Verdict::kBroken);
}

TEST_CASE("statistics of the batch are caught, or shown as declared") {
  Spoilt centred(centre);
  const ContractReport report = report_of(centred);
  CHECK(finding_of(report, kBatchCheck).verdict == Verdict::kBroken);
  CHECK_THAT(full_text(finding_of(report, kBatchCheck)), Contains("declares no batch"));
  CHECK(report.drift > 0.01);
  Spoilt declared(centre, 256);
  const ContractReport of_declared = report_of(declared);
  CHECK(lines_with(of_declared, Verdict::kBroken).empty());
  CHECK(finding_of(of_declared, kBatchCheck).verdict == Verdict::kDeclared);
  CHECK_THAT(full_text(finding_of(of_declared, kBatchCheck)), Contains("batch of 256"));
  CHECK(of_declared.drift == 0);
  Spoilt rounded([](auto signals, auto& out) {
    if (signals.size() > 1) out[0].at(0, 1) *= 1 + 1e-9;
  });
  CHECK(broken(rounded).empty());
  CHECK_THAT(full_text(finding_of(report_of(rounded), kBatchCheck)),
             Contains("no more than rounding"));
}

TEST_CASE("a vector that depends on the items before it, or on its place in a call") {
  std::atomic<double> last = 0;
  Spoilt remembers([&](auto, auto& out) {
    for (Matrix& m : out) m.at(0, 1) += 0.5 * last.exchange(m.at(0, 1));
  });
  CHECK(finding_of(report_of(remembers), kOrderCheck).verdict == Verdict::kBroken);
  // One by one, and all in the usual order, it looks well.
  Spoilt sorts([](auto signals, auto& out) {
    if (signals.size() > 1 && signals[0].id == "clicks") out[0].at(0, 1) += 1;
  });
  CHECK(broken(sorts) == Checks{kOrderCheck});
}

TEST_CASE("calls at the same time disturb each other") {
  // The first sum is kept in a place that all calls share.
  class Shared : public Good {
   public:
    std::vector<Matrix> encode(std::span<const Signal> signals) override {
      std::vector<Matrix> out = Good::encode(signals);
      for (Matrix& m : out) {
        place_ = m.at(0, 1);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        m.at(0, 1) = place_;
      }
      return out;
    }

   private:
    std::atomic<double> place_{0};
  };
  Shared shared;
  CHECK(broken(shared) == Checks{kThreadsCheck});
}

TEST_CASE("its input is changed") {
  Spoilt normalises([](auto signals, auto&) {
    for (const Signal& signal : signals) {
      for (const float& v : signal.values) const_cast<float&>(v) *= 0.5F;  // NOLINT
    }
  });
  CHECK(broken(normalises) == Checks{kInputCheck});
  CHECK_THAT(full_text(finding_of(report_of(normalises), kInputCheck)), Contains("item 'chirp'"));
}

TEST_CASE("silence, one sample, no sample, another shape, no number") {
  const auto where = [](auto unlike, auto then) {
    return [=](const Signal& signal) { return unlike(signal) ? then(signal) : Good::one(signal); };
  };
  const auto with_id = [](std::string id) {
    return [=](const Signal& signal) { return signal.id == id; };
  };
  const auto nan = [](const Signal&) { return Matrix(1, kDim, std::vector<double>(3, NAN)); };
  const auto ones = [](const Signal&) { return Matrix(1, kDim, std::vector<double>(3, 1)); };
  const auto zeros = [](const Signal&) { return Matrix(1, kDim); };
  const auto nameless = [](const Signal&) -> Matrix { throw DataError("too short"); };
  for (const auto& [id, then, check] :
       std::vector<std::tuple<std::string, std::function<Matrix(const Signal&)>, std::string>>{
           {"clip-silence", nan, kSilenceCheck},
           {"clip-one-sample", zeros, kOneSampleCheck},
           {"clip-one-sample", nameless, kOneSampleCheck},
           {"clip-empty", ones, kEmptyCheck},
           {"clip-empty", nameless, kEmptyCheck},
           {"clip-wrong-shape", ones, kWrongShapeCheck},
           {"clip-not-a-number", ones, kNotANumberCheck},
           {"clip-other-rate", nan, kSampleRateCheck}}) {
    CAPTURE(id, check);
    Unchecked encoder(where(with_id(id), then));
    CHECK(broken(encoder) == Checks{check});
  }
  Unchecked silent(where(with_id("clip-silence"), zeros));
  CHECK(broken(silent).empty());
}

TEST_CASE("who throws on good signals is broken, unless it is an error that names the item") {
  Unchecked throws([](const Signal&) -> Matrix { throw std::out_of_range("vector::at"); });
  CHECK_THAT(full_text(finding_of(report_of(throws), kShapeCheck)),
             Contains("it threw: vector::at"));
  CHECK(finding_of(report_of(throws), kFiniteCheck).verdict == Verdict::kDoesNotApply);
  Unchecked patient([](const Signal& signal) -> Matrix {
    throw DataError("toy: item '" + signal.id + "': shorter than 10 s");
  });
  CHECK(broken(patient).empty());
  CHECK_THAT(full_text(finding_of(report_of(patient), kShapeCheck)), Contains("shorter than 10 s"));
  Unchecked foreign([](const Signal&) -> Matrix { throw DataError("item chirp: \xff"); });
  CHECK_THAT(full_text(finding_of(report_of(foreign), kShapeCheck)), Contains("not UTF-8"));
}

TEST_CASE("an encoder of frames, and one of ids") {
  EncoderInfo info = toy_info();
  info.input = InputKind::kVggishFrames;
  info.sample_rate_hz = 0;
  info.channels = 0;
  info.hop_s = 0.96;
  info.dim = 128;
  const auto copy = [](const Signal& signal) {
    for (const float v : signal.values) {
      if (!std::isfinite(v)) throw DataError("item '" + signal.id + "': a value is no number");
    }
    if (signal.rows == 0 || signal.cols != 128) {
      throw DataError("item '" + signal.id + "': wrong shape");
    }
    return Matrix(signal.rows, signal.cols, {signal.values.begin(), signal.values.end()});
  };
  Unchecked frames(copy);
  CHECK(broken(frames, info).empty());
  CHECK(finding_of(report_of(frames, info), kSampleRateCheck).verdict == Verdict::kDoesNotApply);

  info.input = InputKind::kItemId;
  info.hop_s = 0;
  info.dim = 1;
  Unchecked lengths([](const Signal& signal) {
    if (signal.id.size() > 3) throw DataError("no item '" + signal.id + "'");
    return Matrix(1, 1, {static_cast<double>(signal.id.size())});
  });
  const ContractReport report = report_of(lengths, info, {{"a", "bc", "d"}, false, {}});
  CHECK(lines_with(report, Verdict::kBroken).empty());
  CHECK(lines_with(report, Verdict::kDoesNotApply).size() == 5);
  CHECK(finding_of(report_of(lengths, info), kShapeCheck).verdict == Verdict::kDoesNotApply);
}

}  // namespace
}  // namespace musicrep
