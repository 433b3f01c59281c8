#include "contract/contract.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "contract/edge_signals.h"
#include "contract/findings.h"
#include "contract/trial.h"
#include "core/parallel.h"

namespace musicrep {
namespace {

using Verdict = ContractVerdict;

// As far as the order of sums moves a vector; the gate lets a fingerprint drift as far.
constexpr double kRounding = 1e-5;
constexpr std::size_t kThreads = 4;
constexpr const char* kNothingEncoded = "nothing was encoded";

double norm(std::span<const Matrix> list) {
  double sum = 0;
  for (const Matrix& m : list) {
    for (const double v : m.values()) sum += v * v;
  }
  return std::sqrt(sum);
}

class Contract {
 public:
  Contract(Encoder& encoder, const EncoderInfo& info, const ContractOptions& options)
      : encoder_(encoder),
        info_(info),
        options_(options),
        declared_(dependent_batch_size_of(encoder) > 1) {
    items_ = fixed_signals(info);
    if (info.input == InputKind::kItemId) {
      for (const std::string& id : options.ids) items_.push_back({id, {}});
    }
  }

  ContractReport run() {
    const std::vector<std::string> problems = metadata_problems(info_);
    add(kMetadataCheck, problems.empty() ? Verdict::kHolds : Verdict::kBroken,
        problems.empty() ? fmt::format("version {}, citation and licence are given", info_.version)
                         : fmt::format("{}", fmt::join(problems, "; ")));
    if (encode_all()) {
      out_.findings.push_back(shape_finding(info_, items_, out_.together));
      out_.findings.push_back(width_finding(info_, out_.together));
      out_.findings.push_back(value_finding(info_, items_, out_.together));
      check_repeats();
    }
    try_edges(edge_signals(info_));
    if (options_.thorough) check_thoroughly();
    // Last, because every call was looked at.
    add(kInputCheck, changed_.empty() ? verdict_where_called(Verdict::kHolds) : Verdict::kBroken,
        changed_.empty() ? fmt::format("{} calls", n_calls_)
                         : "values that it was given changed: " + changed_);
    return std::move(out_);
  }

 private:
  void add(const char* check, Verdict verdict, std::string seen, const std::string& thrown = {}) {
    out_.findings.push_back({check, verdict, std::move(seen), one_line(thrown)});
  }

  [[nodiscard]] Verdict verdict_where_called(Verdict verdict) const {
    return n_calls_ > 0 ? verdict : Verdict::kDoesNotApply;
  }

  Trial call(std::span<const FixedSignal> items) {
    Trial trial = try_encode(encoder_, items);
    note(trial, items);
    return trial;
  }
  Trial call(const FixedSignal& item) { return call({&item, 1}); }

  void note(const Trial& trial, std::span<const FixedSignal> items) {
    ++n_calls_;
    if (trial.input_changed && changed_.empty()) {
      changed_ = fmt::format("item '{}'{}", items.front().id, items.size() > 1 ? " and on" : "");
    }
  }

  // Everything together, then one by one and each of these twice. Whether there is something to
  // look at.
  bool encode_all() {
    std::string why = items_.empty() ? "it looks its vectors up by id, and no id was given" : "";
    if (why.empty()) {
      Trial trial = call(items_);
      out_.together = std::move(trial.vectors);
      out_.thrown = trial.thrown;
      // A refusal that names its item is what the interface asks of who needs more than 3 s.
      const bool refused = trial.is_error && std::ranges::any_of(items_, [&](const auto& item) {
                             return trial.thrown.find(item.id) != std::string::npos;
                           });
      if (refused) why = "it refuses the signals";
      if (!trial.thrown.empty() && !refused) {
        add(kShapeCheck, Verdict::kBroken, "it threw", trial.thrown);
        why = kNothingEncoded;
      }
    }
    if (!why.empty()) {
      for (const char* check : {kShapeCheck, kDimCheck, kFiniteCheck, kTwiceCheck, kBatchCheck,
                                kOrderCheck, kThreadsCheck}) {
        if (check == kShapeCheck && why == kNothingEncoded) continue;
        add(check, Verdict::kDoesNotApply, why, check == kShapeCheck ? out_.thrown : "");
      }
      return false;
    }
    for (const FixedSignal& item : items_) {
      const Trial first = call(item);
      const Trial second = declared_ ? first : call(item);
      differs_twice_ = differs_twice_ || first.thrown != second.thrown ||
                       !same_bits(first.vectors, second.vectors);
      if (alone_thrown_.empty()) alone_thrown_ = first.thrown;
      alone_.insert(alone_.end(), first.vectors.begin(), first.vectors.end());
    }
    return true;
  }

  void check_repeats() {
    // What a call is compared with: where vectors depend on their batch, the whole of it.
    const std::vector<Matrix>& reference = declared_ ? out_.together : alone_;
    if (declared_) differs_twice_ = !same_bits(call(items_).vectors, out_.together);
    add(kTwiceCheck, differs_twice_ ? Verdict::kBroken : Verdict::kHolds,
        differs_twice_ ? "the same signal gives other bits when it is given again"
                       : "the same signals again, the same bits");
    check_batch();
    check_order(reference);
    check_threads(reference);
  }

  void check_batch() {
    if (!alone_thrown_.empty()) {
      add(kBatchCheck, declared_ ? Verdict::kDeclared : Verdict::kBroken,
          "it encodes all signals in one call, but not one alone", alone_thrown_);
      return;
    }
    const double drift = batch_drift(out_.together, alone_);
    if (!declared_) out_.drift = drift;
    const std::string calls =
        fmt::format("one call with {} signals, and a call each: ", items_.size());
    const std::string declares = fmt::format("it declares that vectors depend on their batch of {}",
                                             dependent_batch_size_of(encoder_));
    if (drift == 0) {
      add(kBatchCheck, Verdict::kHolds,
          calls + "the same bits" + (declared_ ? ", though " + declares : ""));
    } else if (declared_) {
      add(kBatchCheck, Verdict::kDeclared,
          fmt::format("{}{:.1e} of their norm apart; {}", calls, drift, declares));
    } else if (drift <= kRounding) {
      add(kBatchCheck, Verdict::kHolds,
          fmt::format("{}{:.1e} of their norm apart, no more than rounding", calls, drift));
    } else {
      add(kBatchCheck, Verdict::kBroken,
          fmt::format("{}{:.1e} of their norm apart, and it declares no batch", calls, drift));
    }
  }

  // The last first, in one call; then the first again, after others than before.
  void check_order(const std::vector<Matrix>& reference) {
    std::vector<FixedSignal> backwards(items_.rbegin(), items_.rend());
    std::vector<Matrix> turned = call(backwards).vectors;
    std::ranges::reverse(turned);
    double drift = batch_drift(reference, turned);
    if (!declared_) {
      const Trial again = call(items_.front());
      const std::span<const Matrix> first =
          std::span(reference).first(std::min<std::size_t>(1, reference.size()));
      drift = std::max(drift, batch_drift(first, again.vectors));
    }
    const bool holds = drift == 0 || drift <= kRounding;
    add(kOrderCheck,
        holds       ? Verdict::kHolds
        : declared_ ? Verdict::kDeclared
                    : Verdict::kBroken,
        drift == 0 ? "forwards and backwards: the same bits"
                   : fmt::format("forwards and backwards: {:.1e} of their norm apart{}", drift,
                                 holds ? ", no more than rounding" : ""));
  }

  void check_threads(const std::vector<Matrix>& reference) {
    const std::size_t per_round = declared_ ? 1 : items_.size();
    const std::size_t n = std::max<std::size_t>(kThreads, per_round) * (options_.thorough ? 4 : 1);
    std::vector<Trial> trials(n);
    parallel_for(n, kThreads, [&](std::size_t i) {
      const auto items = std::span(items_);
      trials[i] = try_encode(encoder_, declared_ ? items : items.subspan(i % items.size(), 1));
    });
    std::size_t n_other = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t at = declared_ ? 0 : i % items_.size();
      const std::size_t size = declared_ ? items_.size() : 1;
      note(trials[i], std::span(items_).subspan(at, size));
      const bool same = reference.size() == items_.size() &&
                        same_bits(trials[i].vectors, std::span(reference).subspan(at, size));
      n_other += same ? 0 : 1;
    }
    add(kThreadsCheck, n_other == 0 ? Verdict::kHolds : Verdict::kBroken,
        n_other == 0 ? fmt::format("{} calls on {} threads: the same bits", n, kThreads)
                     : fmt::format("{} of {} calls on {} threads gave other bits or threw", n_other,
                                   n, kThreads));
  }

  void try_edges(const std::vector<EdgeSignal>& edges) {
    for (const EdgeSignal& edge : edges) {
      if (edge.none.empty()) {
        out_.findings.push_back(edge_finding(edge, call(edge.item)));
      } else {
        add(edge.check, Verdict::kDoesNotApply, edge.none);
      }
    }
  }

  void check_thoroughly() {
    try_edges(long_signals(info_));
    if (!options_.again || out_.together.empty()) {
      add(kConstructedCheck, Verdict::kDoesNotApply, kNothingEncoded);
      return;
    }
    const Trial again = try_encode(*options_.again(), items_);
    const bool same = same_bits(again.vectors, out_.together);
    add(kConstructedCheck, same ? Verdict::kHolds : Verdict::kBroken,
        same ? "another one of the same options gives the same bits"
             : "another one of the same options gives other bits");
  }

  Encoder& encoder_;
  const EncoderInfo& info_;
  const ContractOptions& options_;
  bool declared_;
  std::vector<FixedSignal> items_;
  std::vector<Matrix> alone_;
  std::string alone_thrown_;
  bool differs_twice_ = false;
  std::size_t n_calls_ = 0;
  std::string changed_;
  ContractReport out_;
};

}  // namespace

const char* contract_verdict_name(ContractVerdict verdict) {
  switch (verdict) {
    case Verdict::kHolds:
      return "holds";
    case Verdict::kDeclared:
      return "declared";
    case Verdict::kBroken:
      return "broken";
    case Verdict::kDoesNotApply:
      break;
  }
  return "does not apply";
}

double batch_drift(std::span<const Matrix> together, std::span<const Matrix> alone) {
  if (same_bits(together, alone)) return 0;
  std::vector<double> a;
  std::vector<double> b;
  for (const Matrix& m : together) a.insert(a.end(), m.values().begin(), m.values().end());
  for (const Matrix& m : alone) b.insert(b.end(), m.values().begin(), m.values().end());
  if (a.size() != b.size()) return 1;
  for (std::size_t i = 0; i < a.size(); ++i) b[i] -= a[i];
  const std::vector<Matrix> difference = {Matrix(1, b.size(), b)};
  return norm(difference) / norm(together);
}

ContractReport check_contract(Encoder& encoder, const EncoderInfo& info,
                              const ContractOptions& options) {
  return Contract(encoder, info, options).run();
}

}  // namespace musicrep
