#include "cli/validate_data.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "audio_check/inspect.h"
#include "cli/commands.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "core/did_you_mean.h"
#include "core/options.h"
#include "datasets/tags.h"
#include "experiment/catalogue.h"
#include "experiment/experiment.h"
#include "musicrep/error.h"

namespace musicrep::cli {
namespace {

namespace fs = std::filesystem;

// More targets than this are summed up in one line.
constexpr std::size_t kMostTargets = 6;
constexpr std::size_t kMostClasses = 12;

/// A data set to look at.
struct Wanted {
  DatasetSpec spec;
  fs::path base;  // relative paths are taken from here
};

std::vector<Wanted> wanted_data(const std::vector<std::string>& names,
                                const std::vector<DatasetKind>& kinds,
                                const std::vector<std::string>& options) {
  std::vector<Wanted> out;
  bool has_kind = false;
  for (const std::string& name : names) {
    const auto kind = std::ranges::find(kinds, name, &DatasetKind::name);
    if (kind != kinds.end()) {
      has_kind = true;
      out.push_back(
          {{name, name,
            parse_settings(options, kind->options, fmt::format("data set kind '{}'", name))},
           fs::current_path()});
      continue;
    }
    std::vector<std::string> known;
    for (const DatasetKind& one : kinds) known.push_back(one.name);
    for (const fs::path& file : experiment_files()) known.push_back(file.stem().string());
    const bool is_experiment = name.ends_with(".toml") || std::ranges::count(known, name) > 0;
    if (!is_experiment) throw ConfigError(unknown_name("data set or experiment", name, known));
    const Experiment experiment = read_experiment(find_experiment(name));
    for (const DatasetSpec& spec : experiment.datasets) {
      out.push_back({spec, experiment.file.parent_path()});
    }
  }
  if (!has_kind && !options.empty()) {
    throw ConfigError("--set is for a kind of data set; an experiment has its own options");
  }
  return out;
}

void print_line(const char* what, const std::string& text) {
  fmt::print("  {:<9}{}\n", what, text);
}

std::string percent(std::size_t part, std::size_t whole) {
  return fmt::format("{:.0f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

/// "blues 10, country 10, ...", or "the rarest 3, the most frequent 210" of many.
std::string classes_text(const Target& target) {
  std::vector<std::size_t> counts(target.classes.size());
  for (const double value : target.values) ++counts[static_cast<std::size_t>(value)];
  if (counts.size() > kMostClasses) {
    const auto [least, most] = std::ranges::minmax_element(counts);
    return fmt::format("{} classes: '{}' has the fewest items, {}, and '{}' the most, {}",
                       counts.size(),
                       target.classes[static_cast<std::size_t>(least - counts.begin())], *least,
                       target.classes[static_cast<std::size_t>(most - counts.begin())], *most);
  }
  std::vector<std::string> parts;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    parts.push_back(fmt::format("{} {}", target.classes[c], counts[c]));
  }
  return fmt::format("{} classes: {}", counts.size(), fmt::join(parts, ", "));
}

std::string numbers_text(const Target& target) {
  const auto [least, most] = std::ranges::minmax_element(target.values);
  double sum = 0;
  for (const double value : target.values) sum += value;
  return fmt::format("numbers from {:.4g} to {:.4g}, mean {:.4g}", *least, *most,
                     sum / static_cast<double>(target.values.size()));
}

void print_targets(const Dataset& dataset) {
  const bool all = dataset.targets.size() <= kMostTargets;
  std::size_t n_labels = 0;
  std::size_t fewest = dataset.ids.size();
  std::size_t most = 0;
  std::size_t given = 0;
  std::map<std::string, std::size_t> facets;
  for (const Target& target : dataset.targets) {
    if (!all && is_tag(target)) {
      const auto n = static_cast<std::size_t>(std::ranges::count(target.values, 1.0));
      ++n_labels;
      fewest = std::min(fewest, n);
      most = std::max(most, n);
      given += n;
      if (!target.facet.empty()) ++facets[target.facet];
      continue;
    }
    print_line("target",
               target.name + ": " +
                   (target.is_classification() ? classes_text(target) : numbers_text(target)));
  }
  if (n_labels == 0) return;
  std::vector<std::string> parts;
  for (const auto& [facet, n] : facets) parts.push_back(fmt::format("{} {}", facet, n));
  print_line("targets",
             fmt::format("{} labels{}: {:.1f} an item, each in {} to {} items", n_labels,
                         parts.empty() ? "" : fmt::format(" ({})", fmt::join(parts, ", ")),
                         static_cast<double>(given) / static_cast<double>(dataset.ids.size()),
                         fewest, most));
}

void print_groups_and_splits(const Dataset& dataset) {
  if (dataset.groups.empty()) {
    print_line("groups", "none known");
  } else {
    std::map<std::string, std::size_t> groups;
    for (const std::string& group : dataset.groups) ++groups[group];
    const std::size_t without = groups.contains("") ? groups.at("") : 0;
    groups.erase("");
    std::size_t largest = 0;
    for (const auto& [name, n] : groups) largest = std::max(largest, n);
    print_line("groups",
               fmt::format("{}, the largest of {} items{}", groups.size(), largest,
                           without > 0 ? fmt::format("; {} items without", without) : ""));
  }
  if (dataset.splits.empty()) {
    print_line("splits", "none");
    return;
  }
  std::vector<std::string> parts;
  for (const char* split : {"train", "valid", "test", ""}) {
    const auto n = std::ranges::count(dataset.splits, split);
    if (n > 0) parts.push_back(fmt::format("{} {}", *split == 0 ? "in none" : split, n));
  }
  print_line("splits", fmt::format("{}", fmt::join(parts, ", ")));
}

void print_texts(const Dataset& dataset) {
  if (dataset.texts.empty()) return;
  std::vector<std::size_t> words;
  for (const std::string& text : dataset.texts) {
    std::istringstream in(text);
    std::size_t n = 0;
    for (std::string word; in >> word;) ++n;
    if (n > 0) words.push_back(n);
  }
  std::ranges::sort(words);
  print_line("texts",
             words.empty()
                 ? std::string("none of the items has one")
                 : fmt::format("of {} items, {} to {} words, half of them under {}", words.size(),
                               words.front(), words.back(), words[words.size() / 2]));
}

void print_audio(const Dataset& dataset, const AudioSummary& audio) {
  if (dataset.frames) {
    std::size_t rows = 0;
    for (std::size_t i = 0; i < dataset.frames->size(); ++i) rows += dataset.frames->rows(i);
    print_line("frames", fmt::format("{} VGGish frames of 0.96 s ({:.1f} h)", rows,
                                     static_cast<double>(rows) * 0.96 / 3600));
  }
  if (dataset.audio.empty()) {
    if (!dataset.frames) print_line("audio", "none");
    return;
  }
  if (audio.n_files == 0) {
    print_line("audio", fmt::format("none of {} files can be decoded", dataset.audio.size()));
    return;
  }
  std::vector<std::string> formats;
  for (const auto& [format, n] : audio.formats) {
    formats.push_back(audio.formats.size() == 1 ? format : fmt::format("{} ({})", format, n));
  }
  print_line(
      "audio",
      fmt::format(
          "{}{} files, decoded whole: {:.2f} h, {:.1f} to {:.1f} s each; {}", audio.n_files,
          audio.n_files < dataset.audio.size() ? fmt::format(" of {}", dataset.audio.size()) : "",
          audio.hours, audio.shortest_s, audio.longest_s, fmt::join(formats, "; ")));
}

/// Each entry after its kind; the lines below its first are indented like it.
void print_list(const char* what, const std::vector<std::string>& list) {
  for (std::string entry : list) {
    for (std::size_t at = entry.find('\n'); at != std::string::npos;
         at = entry.find('\n', at + 1)) {
      entry.insert(at + 1, 9, ' ');
    }
    print_line(what, entry);
  }
}

/// "2 errors, 1 warning", or "good".
std::string verdict(std::size_t errors, std::size_t warnings) {
  std::vector<std::string> parts;
  const auto add = [&](std::size_t n, const char* what) {
    if (n > 0) parts.push_back(fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"));
  };
  add(errors, "error");
  add(warnings, "warning");
  return parts.empty() ? "good" : fmt::format("{}", fmt::join(parts, ", "));
}

void print_found(const Dataset& dataset, const DataInspection& found) {
  fmt::print("{} ({}): {}\n", dataset.name, dataset.kind,
             verdict(found.errors.size(), found.warnings.size()));
  print_line("source", dataset.about.empty() ? "not stated" : dataset.about);
  const std::size_t n = dataset.ids.size();
  print_line("items", dataset.n_expected == 0 ? fmt::format("{}", n)
                                              : fmt::format("{} of {} ({})", n, dataset.n_expected,
                                                            percent(n, dataset.n_expected)));
  print_targets(dataset);
  print_groups_and_splits(dataset);
  print_texts(dataset);
  print_audio(dataset, found.audio);
  print_list("note", dataset.notes);
  print_list("warning", found.warnings);
  print_list("error", found.errors);
}

}  // namespace

int validate_data(const std::vector<std::string>& names, const ValidateDataOptions& options) {
  const std::vector<DatasetKind> kinds = all_dataset_kinds(default_cache());
  const std::vector<Wanted> wanted = wanted_data(names, kinds, options.options);
  std::size_t errors = 0;
  std::size_t warnings = 0;
  bool data_is_wrong = false;
  TerminalProgress progress(options.quiet);
  progress.plan(wanted.size());
  for (const Wanted& one : wanted) {
    progress.begin("data set " + one.spec.name);
    try {
      const auto kind = std::ranges::find(kinds, one.spec.kind, &DatasetKind::name);
      const std::span<const OptionSpec> specs = kind == kinds.end()
                                                    ? std::span<const OptionSpec>{}
                                                    : std::span<const OptionSpec>(kind->options);
      const Dataset dataset = load_dataset(
          kinds, one.spec.name, one.spec.kind,
          resolve_options(one.spec.options, specs, one.spec.name, one.base, options.data_dir));
      const DataInspection found = inspect_dataset(
          dataset, options.jobs,
          [&](std::size_t done, std::size_t total) { progress.update(done, total); });
      progress.end(verdict(found.errors.size(), found.warnings.size()));
      print_found(dataset, found);
      errors += found.errors.size();
      warnings += found.warnings.size();
      data_is_wrong = data_is_wrong || !found.errors.empty();
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kInterrupted) throw;
      progress.end("cannot be used");
      fmt::print("{} ({}): cannot be used\n", one.spec.name, one.spec.kind);
      print_list("error", {error.what()});
      ++errors;
      data_is_wrong = data_is_wrong || error.kind() == ErrorKind::kData;
    }
  }
  if (wanted.size() > 1) {
    fmt::print("{} data sets: {}\n", wanted.size(), verdict(errors, warnings));
  }
  if (data_is_wrong || (options.strict && warnings > 0)) return kDataMistake;
  return errors > 0 ? kUsageMistake : kOk;
}

}  // namespace musicrep::cli
