#include "cli/validate_encoder.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "contract/contract.h"
#include "core/did_you_mean.h"
#include "core/parallel.h"
#include "musicrep/error.h"
#include "planner/plan.h"
#include "store/artefacts.h"

namespace musicrep::cli {
namespace {

int print_report(const std::string& name, const ContractReport& report) {
  std::size_t n_broken = 0;
  std::size_t n_held = 0;
  bool encoded = true;
  for (const ContractFinding& finding : report.findings) {
    fmt::print("  {:<20} {:<15} {}\n", finding.check, contract_verdict_name(finding.verdict),
               full_text(finding));
    n_broken += finding.verdict == ContractVerdict::kBroken ? 1 : 0;
    n_held += finding.verdict == ContractVerdict::kHolds ? 1 : 0;
    if (finding.check == kShapeCheck) encoded = finding.verdict != ContractVerdict::kDoesNotApply;
  }
  fmt::print("{}: {}; {} of {} checks hold\n", name,
             n_broken > 0 ? fmt::format("{} broken", n_broken)
             : encoded    ? "conforms"
                          : "was not tried: it encoded nothing",
             n_held, report.findings.size());
  return n_broken > 0 ? kDataMistake : encoded ? kOk : kSomeRowsFailed;
}

}  // namespace

int validate_encoder(const std::string& name, const EncoderRegistry& registry,
                     const ValidateEncoderOptions& options) {
  const EncoderArgs args = {options.seed,
                            parse_settings(options.settings, registry.info(name).options,
                                           fmt::format("encoder '{}'", name))};
  const EncoderInfo info = registry.info_for(name, args.options);
  const std::unique_ptr<Encoder> encoder = registry.create(name, args);
  if (info.input != InputKind::kItemId || !options.ids.empty()) encoder->check_items(options.ids);
  ContractOptions with;
  with.ids = options.ids;
  with.thorough = true;
  with.again = [&] { return registry.create(name, args); };
  return print_report(name, check_contract(*encoder, info, with));
}

int validate_encoder_of(const PreparedExperiment& prepared, const std::string& label,
                        const std::filesystem::path& cache, bool quiet) {
  const Plan& plan = prepared.plan;
  const EncodeStep* step = find_encoding(plan, label);
  if (step == nullptr) {
    std::vector<std::string> known;
    for (const EncoderSpec& spec : plan.experiment.encoders) known.push_back(spec.label);
    throw ConfigError(fmt::format("--label: {}", unknown_name("encoder", label, known)));
  }
  if (!step->facts().refusal.empty()) throw DataError(step->facts().refusal);
  const ArtefactStore store(cache);
  std::shared_ptr<Encoder> encoder;
  {
    TerminalProgress progress(quiet);
    progress.plan(1);
    progress.begin(fmt::format("make {}", label));
    encoder =
        step->encoder({store, prepared.encoders, available_processors(), false,
                       [&](std::size_t done, std::size_t total) { progress.update(done, total); }});
    progress.end("done");
  }
  ContractOptions with;
  const Encoding& encoding = step->encoding();
  if (encoding.info.input == InputKind::kItemId) with.ids = encoding.dataset->ids;
  with.ids.resize(std::min<std::size_t>(with.ids.size(), 8));
  with.thorough = true;
  return print_report(fmt::format("{} of {}", label, plan.experiment.name),
                      check_contract(*encoder, encoding.info, with));
}

}  // namespace musicrep::cli
