#include "foreign/foreign_encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/hash.h"
#include "core/utf8.h"
#include "foreign/check_signals.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

constexpr std::uint64_t kMostInACall = 1'000'000;

}  // namespace

ForeignEncoder::ForeignEncoder(std::shared_ptr<HostPool> pool, MakerName maker, EncoderInfo info,
                               EncoderArgs args)
    : pool_(std::move(pool)),
      maker_(std::move(maker)),
      info_(std::move(info)),
      args_(std::move(args)),
      limit_s_(option<double>(args_.options, kTimeLimitOption)) {
  args_.options.erase(kTimeLimitOption);
  pool_->give_back(this, host());
}

ForeignEncoder::~ForeignEncoder() { pool_->forget(this); }

void ForeignEncoder::learn(const std::string& answer) {
  auto facts = unpack<EncoderFacts>(answer);
  if (facts.batch_size < 1 || facts.batch_size > kMostInACall || facts.dependent_batch_size < 1 ||
      facts.dependent_batch_size > kMostInACall) {
    throw ForeignFailure(
        fmt::format("encoder '{}': found calls of {} and batches of {}, expected 1 to {}",
                    info_.name, facts.batch_size, facts.dependent_batch_size, kMostInACall));
  }
  check_facts(facts);
  facts_ = std::move(facts);
}

std::string ForeignEncoder::ask(HostProcess& host, Request request, const std::string& bytes,
                                const std::string& doing) {
  try {
    return host.call(request, bytes, limit_s_);
  } catch (const HostFailure& failure) {
    const std::string text = fmt::format("encoder '{}', {}: {}", info_.name, doing, failure.what());
    if (failure.is_usage() && request != Request::kEncode) throw ConfigError(text);
    throw ForeignFailure(text);
  }
}

// An idle child, or a new one that receives all that the others received.
std::unique_ptr<HostProcess> ForeignEncoder::host() {
  if (auto idle = pool_->take(this)) return idle;
  std::unique_ptr<HostProcess> fresh;
  try {
    fresh = std::make_unique<HostProcess>();
    const std::string facts =
        ask(*fresh, Request::kCreate, pack(maker_, args_), "being constructed");
    if (!items_) {
      learn(facts);
    } else {
      ask(*fresh, Request::kCheckItems, pack(*items_), "checking its items");
    }
  } catch (const HostFailure& failure) {
    throw ForeignFailure(fmt::format("encoder '{}': {}", info_.name, failure.what()));
  } catch (const ProtocolError& error) {
    throw ForeignFailure(
        fmt::format("encoder '{}', being constructed: {}", info_.name, error.what()));
  }
  return fresh;
}

void ForeignEncoder::check_items(std::span<const std::string> ids) {
  auto one = host();
  pool_->forget(this);  // others do not know the items
  std::vector<std::string> items(ids.begin(), ids.end());
  const std::string facts = ask(*one, Request::kCheckItems, pack(items), "checking its items");
  try {
    learn(facts);
  } catch (const ProtocolError& error) {
    throw ForeignFailure(
        fmt::format("encoder '{}', checking its items: {}", info_.name, error.what()));
  }
  items_ = std::move(items);
  pool_->give_back(this, std::move(one));
}

void ForeignEncoder::check(std::span<const Signal> signals,
                           const std::vector<Matrix>& encoded) const {
  if (encoded.size() != signals.size()) {
    throw ProtocolError(
        fmt::format("found {} matrices, expected {}", encoded.size(), signals.size()));
  }
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    const Matrix& m = encoded[i];
    const std::size_t dim = info_.dim > 0 ? info_.dim : encoded.front().cols();
    if (m.rows() == 0 || m.cols() == 0 || m.cols() != dim) {
      throw ProtocolError(fmt::format(
          "item '{}': found vectors of shape [{}, {}], expected [1 or "
          "more, {}]",
          signals[i].id, m.rows(), m.cols(), dim > 0 ? std::to_string(dim) : "1 or more"));
    }
    if (const std::string problem = value_problem(m.values(), m.cols()); !problem.empty()) {
      throw ProtocolError(fmt::format("item '{}': {}", signals[i].id, problem));
    }
    for (const VectorView& view : facts_.views) {
      for (const auto& [first, end] : view.columns) {
        if (end <= m.cols()) continue;
        throw ProtocolError(fmt::format("the view '{}' has the columns [{}, {}) of {}", view.name,
                                        first, end, m.cols()));
      }
    }
  }
}

std::vector<Matrix> ForeignEncoder::encode(std::span<const Signal> signals) {
  // A class checks its signals itself, as the conformance suite asks; a model cannot.
  if (maker_.plugin.empty()) check_signals(info_, signals);
  auto one = host();
  const std::string answer =
      ask(*one, Request::kEncode, pack_signals(signals), items_text(signals));
  std::vector<Matrix> encoded;
  try {
    encoded = unpack<std::vector<Matrix>>(answer);
    check(signals, encoded);
  } catch (const ProtocolError& error) {
    throw ForeignFailure(fmt::format("encoder '{}': {}", info_.name, error.what()));
  }
  pool_->give_back(this, std::move(one));
  return encoded;
}

std::vector<TextVector> ForeignEncoder::encode_texts(std::span<const std::string> texts) {
  auto one = host();
  const std::string answer =
      ask(*one, Request::kEncodeTexts, pack(std::vector<std::string>(texts.begin(), texts.end())),
          fmt::format("{} texts", texts.size()));
  std::vector<TextVector> vectors;
  try {
    vectors = unpack<std::vector<TextVector>>(answer);
    if (vectors.size() != texts.size()) {
      throw ProtocolError(
          fmt::format("found {} vectors of texts, expected {}", vectors.size(), texts.size()));
    }
    for (const TextVector& vector : vectors) {
      if (!is_utf8(vector.problem)) throw ProtocolError("found a problem that is no UTF-8");
      if (!std::ranges::all_of(vector.values,
                               [](double v) { return std::abs(v) <= kLargestValue; })) {
        throw ProtocolError("found a text's vector that is not finite, or too large");
      }
    }
  } catch (const ProtocolError& error) {
    throw ForeignFailure(fmt::format("encoder '{}': {}", info_.name, error.what()));
  }
  pool_->give_back(this, std::move(one));
  return vectors;
}

std::string ForeignEncoder::content_sha256() const {
  if (maker_.sha256.empty()) return facts_.content_sha256;
  return Sha256().update_text(maker_.sha256).update_text(facts_.content_sha256).hex();
}

}  // namespace musicrep
