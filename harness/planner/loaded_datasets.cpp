#include "planner/loaded_datasets.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiment/catalogue.h"
#include "experiment/missing.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

Dataset limited(const Dataset& full, std::size_t limit) {
  const std::size_t n = full.ids.size();
  Dataset out = select_items(full, evenly_spaced(n, limit));
  out.notes.push_back(fmt::format("limited to {} of {} items for a quick look", limit, n));
  return out;
}

// A data set under an encoder, and what the encoder and its frames' one are trained on.
void use_with_corpora(const Experiment& experiment, const std::string& label,
                      const std::string& dataset, std::set<std::string>& used) {
  const EncoderSpec& spec = encoder_spec(experiment, label);
  used.insert(dataset);
  used.insert(trained_on(spec));
  if (const std::string frames = frames_from(spec); is_encoder(experiment, frames)) {
    used.insert(trained_on(encoder_spec(experiment, frames)));
  }
}

}  // namespace

std::vector<std::size_t> evenly_spaced(std::size_t n, std::size_t limit) {
  std::vector<std::size_t> out;
  const std::size_t n_kept = std::min(n, limit);
  for (std::size_t k = 0; k < n_kept; ++k) out.push_back(k * n / n_kept);
  return out;
}

LoadedDatasets::LoadedDatasets(const LoadingArgs& args,
                               std::vector<std::unique_ptr<PreparedDataset>>& out,
                               ProblemCollector& problems)
    : args_(args), base_(args.experiment.file.parent_path()), datasets_(out) {
  const std::set<std::string> used = names_in_use();
  const std::vector<DatasetKind> kinds = all_dataset_kinds(args.options.cache);
  for (const DatasetSpec& spec : args_.experiment.datasets) {
    if (used.contains(spec.name)) problems.collect("", [&] { load(spec, kinds); });
  }
}

std::vector<std::pair<std::string, std::string>> LoadedDatasets::wanted_rows() const {
  std::vector<std::pair<std::string, std::string>> rows;
  const auto add = [&](const auto& table) {
    for (const std::string& task : table.tasks) {
      for (const std::string& encoder : table.encoders) {
        if (!args_.selection.wants(encoder, task)) continue;
        rows.emplace_back(encoder, args_.selection.task(task).dataset);
      }
    }
  };
  for (const EvaluationSpec& table : args_.experiment.evaluations) add(table);
  for (const ZeroShotSpec& table : args_.experiment.zero_shots) add(table);
  return rows;
}

std::set<std::string> LoadedDatasets::names_in_use() {
  std::set<std::string> used;
  for (const DiagnosedEncoder& each : args_.selection.diagnosed()) {
    use_with_corpora(args_.experiment, each.encoder, each.dataset, used);
  }
  for (const auto& [encoder, dataset] : wanted_rows()) {
    use_with_corpora(args_.experiment, encoder, dataset, used);
    scored_.insert(dataset);
  }
  for (const RetrievalSpec& retrieval : args_.experiment.retrievals) {
    for (const std::string& encoder : retrieval.encoders) {
      if (!args_.selection.wants(encoder, "")) continue;
      use_with_corpora(args_.experiment, encoder, retrieval.dataset, used);
    }
  }
  return used;
}

void LoadedDatasets::load(const DatasetSpec& spec, std::span<const DatasetKind> kinds) {
  const auto kind = std::ranges::find(kinds, spec.kind, &DatasetKind::name);
  const std::span<const OptionSpec> specs = kind != kinds.end()
                                                ? std::span<const OptionSpec>(kind->options)
                                                : std::span<const OptionSpec>{};
  const Options resolved =
      resolve_options(spec.options, specs, spec.name, base_, args_.options.data_dir);
  if (const std::string paths = missing_paths(resolved, specs);
      args_.experiment.skip_missing && !paths.empty()) {
    missing_[spec.name] = fmt::format("data set '{}' is not here (no {}): `musicrep fetch-help {}`",
                                      spec.name, paths, spec.kind);
    return;
  }
  auto full = std::make_unique<Dataset>(load_dataset(kinds, spec.name, spec.kind, resolved));
  // A preview scores fewer items; it does not change the training.
  const std::size_t limit = scored_.contains(spec.name) ? args_.options.limit : 0;
  auto prepared = std::make_unique<PreparedDataset>();
  if (limit == 0 || limit >= full->ids.size()) {
    prepared->data = std::move(full);
  } else {
    prepared->data = std::make_unique<Dataset>(limited(*full, limit));
    full_[prepared.get()] = std::move(full);
  }
  datasets_.push_back(std::move(prepared));
}

void LoadedDatasets::check_audio(ProblemCollector& problems) {
  for (auto& prepared : datasets_) {
    problems.collect("", [&] { check_audio_of(*prepared); });
    prepared->manifest_sha256 = manifest_sha256(*prepared->data);
  }
}

bool LoadedDatasets::takes_audio(const std::string& label, const Dataset& dataset) const {
  try {
    const EncoderSpec& spec = encoder_spec(args_.experiment, label);
    const Options options = resolve_options(spec.options, args_.registry.info(spec.kind).options,
                                            dataset.name, base_, args_.options.data_dir);
    const InputKind input = args_.registry.info_for(spec.kind, options).input;
    return input == InputKind::kPcm || (input == InputKind::kVggishFrames && !dataset.frames);
  } catch (const Error&) {  // an unknown kind, a bad option: reported when the steps are made
    return false;
  }
}

bool LoadedDatasets::uses_audio(const Dataset& dataset) const {
  const auto encodes_audio = [&](const std::string& label, const std::string& name) {
    const bool is_input =
        name == dataset.name || trained_on(encoder_spec(args_.experiment, label)) == dataset.name;
    return is_input && takes_audio(label, dataset);
  };
  const TableSelection& selection = args_.selection;
  const std::vector<DiagnosedEncoder> diagnosed = selection.diagnosed();
  return std::ranges::any_of(
             diagnosed,
             [&](const auto& each) { return encodes_audio(each.encoder, each.dataset); }) ||
         std::ranges::any_of(
             wanted_rows(),
             [&](const auto& row) { return encodes_audio(row.first, row.second); }) ||
         std::ranges::any_of(args_.experiment.retrievals, [&](const RetrievalSpec& spec) {
           return std::ranges::any_of(spec.encoders, [&](const std::string& label) {
             return selection.wants(label, "") && encodes_audio(label, spec.dataset);
           });
         });
}

void LoadedDatasets::check_audio_of(PreparedDataset& prepared) {
  Dataset& dataset = *prepared.data;
  if (dataset.audio.empty() || !uses_audio(dataset)) return;
  prepared.takes_audio = true;
  // Made here, later, or known by their hashes.
  if (!dataset.audio_sha256.empty() || !dataset.file_sha256.empty()) return;
  const PrepareOptions& options = args_.options;
  AuditedAudio audited = audit_audio(dataset, ArtefactStore(options.cache), options.skip_bad,
                                     [&](std::size_t done, std::size_t total) {
                                       if (options.audio_progress)
                                         options.audio_progress(dataset.name, done, total);
                                     });
  if (audited.dataset.ids.size() < dataset.ids.size() && !full_.contains(&prepared)) {
    full_[&prepared] = std::make_unique<Dataset>(dataset);
  }
  dataset = std::move(audited.dataset);
  prepared.audio = std::move(audited.audio);
  prepared.skipped = std::move(audited.skipped);
}

const PreparedDataset* LoadedDatasets::find(const std::string& name) const {
  const auto at =
      std::ranges::find_if(datasets_, [&](const auto& each) { return each->data->name == name; });
  return at == datasets_.end() ? nullptr : at->get();
}

const Dataset& LoadedDatasets::full(const PreparedDataset& dataset) const {
  const auto at = full_.find(&dataset);
  return at == full_.end() ? *dataset.data : *at->second;
}

std::string LoadedDatasets::missing_for(const std::string& encoder,
                                        const std::string& dataset) const {
  if (!args_.experiment.skip_missing) return "";
  const EncoderSpec& spec = encoder_spec(args_.experiment, encoder);
  for (const std::string& name : {dataset, trained_on(spec)}) {
    if (const auto at = missing_.find(name); at != missing_.end()) return at->second;
  }
  const std::vector<OptionSpec>& specs = args_.registry.info(spec.kind).options;
  if (const std::string paths = missing_paths(
          resolve_options(spec.options, specs, dataset, base_, args_.options.data_dir), specs);
      !paths.empty()) {
    return fmt::format("encoder '{}' lacks {}: `musicrep fetch-help {}`", encoder, paths,
                       spec.kind);
  }
  const std::string frames = frames_from(spec);
  return is_encoder(args_.experiment, frames) ? missing_for(frames, dataset) : "";
}

}  // namespace musicrep
