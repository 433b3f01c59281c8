#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "audio/examine.h"
#include "cli/arguments.h"
#include "cli/audio_files.h"
#include "cli/commands.h"
#include "cli/experiment_arguments.h"
#include "cli/plugins.h"
#include "cli/terminal.h"
#include "core/files.h"
#include "core/parallel.h"
#include "core/utf8.h"
#include "duplicates/search.h"
#include "formats/csv.h"
#include "musicrep/error.h"
#include "planner/prepare.h"

namespace musicrep::cli {
namespace fs = std::filesystem;
namespace {

struct Clips {
  std::string name;
  std::vector<std::string> ids;
  std::vector<fs::path> files;
  std::vector<std::string> works;  // as Dataset has it
};

struct Fingerprints {
  std::vector<std::string> pcm_sha256;  // empty where the file is bad
  std::vector<AudioFingerprint> prints;
  Problems problems;
};

Fingerprints fingerprint_clips(const Clips& clips, std::size_t jobs) {
  TerminalProgress progress(false);
  progress.plan(1);
  progress.begin(fmt::format("fingerprint {} clips of {}", clips.ids.size(), clips.name));
  Fingerprints out{std::vector<std::string>(clips.ids.size()),
                   std::vector<AudioFingerprint>(clips.ids.size()),
                   {}};
  std::vector<std::string> mistakes(clips.ids.size());
  const auto listen_to = [&](std::size_t i) {
    try {
      const AudioExamination found = examine_audio(clips.files[i]);
      out.prints[i] = fingerprint_file(clips.files[i]);
      if (found.peak > 0) out.pcm_sha256[i] = found.pcm_sha256;
    } catch (const DataError& error) {
      mistakes[i] = error.what();
    }
  };
  parallel_for(clips.ids.size(), jobs, listen_to,
               [&](std::size_t done, std::size_t total) { progress.update(done, total); });
  for (std::string& mistake : mistakes) {
    if (!mistake.empty()) out.problems.add(std::move(mistake));
  }
  progress.end("done");
  return out;
}

struct Line {
  std::string kind;  // exact, near, listed
  std::size_t a = 0;
  std::size_t b = 0;
  SharedAudio shared;
};

// Exact pairs: each clip with the first that is the same.
std::vector<Line> exact_pairs(const Fingerprints& prints) {
  std::map<std::string, std::size_t> first;
  std::vector<Line> lines;
  for (std::size_t i = 0; i < prints.pcm_sha256.size(); ++i) {
    if (prints.pcm_sha256[i].empty()) continue;
    const auto [at, is_new] = first.emplace(prints.pcm_sha256[i], i);
    if (!is_new) lines.push_back({"exact", at->second, i, {}});
  }
  return lines;
}

std::vector<Line> all_pairs(const Clips& clips, const Fingerprints& prints) {
  std::vector<Line> lines = exact_pairs(prints);
  std::set<std::pair<std::size_t, std::size_t>> found;
  for (const Line& line : lines) found.emplace(line.a, line.b);
  for (const SharedAudio& shared : find_shared_audio(prints.prints)) {
    found.emplace(shared.a, shared.b);
    const auto& sha = prints.pcm_sha256[shared.a];
    if (!sha.empty() && sha == prints.pcm_sha256[shared.b]) continue;  // listed as exact
    lines.push_back({"near", shared.a, shared.b, shared});
  }
  for (std::size_t a = 0; a < clips.works.size(); ++a) {
    for (std::size_t b = a + 1; b < clips.works.size(); ++b) {
      if (clips.works[a].empty() || clips.works[a] != clips.works[b]) continue;
      lines.push_back({found.contains({a, b}) ? "listed, found" : "listed, not found", a, b, {}});
    }
  }
  return lines;
}

void print(const Clips& clips, const Line& line) {
  const std::string work = clips.works.empty() ? "" : clips.works[line.a];
  fmt::print("  {:<18} {} and {}", line.kind, clips.ids[line.a], clips.ids[line.b]);
  if (line.kind == "near") {
    fmt::print(
        ": {:.1f} s in common, the second begins {:+.2f} s into the first, {:.1f} % of bits differ",
        line.shared.overlap_s, line.shared.offset_s, 100 * line.shared.bit_error_rate);
  } else if (line.kind != "exact") {
    fmt::print(": {}", work);
  }
  fmt::print("\n");
}

std::string csv_lines(const Clips& clips, const std::vector<Line>& lines) {
  std::string out;
  for (const Line& line : lines) {
    const bool near = line.kind == "near";
    out += fmt::format("{},{},{},{},{},{},{}\n", csv_field(clips.name), csv_field(line.kind),
                       csv_field(clips.ids[line.a]), csv_field(clips.ids[line.b]),
                       near ? fmt::format("{:.3f}", line.shared.offset_s) : "",
                       near ? fmt::format("{:.3f}", line.shared.overlap_s) : "",
                       near ? fmt::format("{:.4f}", line.shared.bit_error_rate) : "");
  }
  return out;
}

// Data sets of an experiment that offer audio; made first where they are made here.
std::vector<Clips> clips_of_experiment(const fs::path& file, const EncoderRegistry& registry,
                                       const PrepareOptions& options, std::size_t jobs) {
  const Plan plan = prepare_experiment(file, registry, {}, options).plan;
  std::vector<Clips> out;
  for (const auto& prepared : plan.datasets) {
    const Dataset* dataset = prepared->data.get();
    if (dataset->audio.empty()) continue;
    if (dataset->make_audio) dataset->make_audio(jobs, [](std::size_t, std::size_t) {});
    out.push_back({dataset->name, dataset->ids, dataset->audio, dataset->works});
  }
  if (out.empty()) {
    throw DataError(fmt::format("'{}': no data set of it offers audio", file.string()));
  }
  return out;
}

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "duplicates";
  line.usage = "duplicates EXPERIMENT|FILE... [options]";
  line.summary =
      "Finds clips that are identical, or that share audio although they were cut, coded, resampled\n"
      "or scaled differently: among the items of each data set of an experiment, or among files and\n"
      "all files in folders. Repeats that the data set's own metadata lists (GTZAN: the same artist\n"
      "and title) are shown, too.";
  line.examples =
      "  musicrep duplicates gtzan-mfcc --data ~/data\n"
      "  musicrep duplicates ~/music --out pairs.csv\n";
  line.positional = {"name"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("name")) {
    throw ConfigError("'musicrep duplicates' takes an experiment, or files or folders of audio");
  }
  const auto names = values["name"].as<std::vector<std::string>>();
  const auto jobs = values["jobs"].as<std::size_t>();
  std::vector<Clips> all;
  Problems left_out;
  const bool are_files = names.size() > 1 || fs::is_directory(names[0]) ||
                         (fs::is_regular_file(names[0]) && !names[0].ends_with(".toml"));
  if (are_files) {
    if (values.contains("data")) {
      throw ConfigError("--data is for an experiment; give files and folders by their paths");
    }
    AudioFiles found = collect_files("duplicates", names, true);
    for (const std::string& text : found.remarks) fmt::print(stderr, "{}\n", text);
    for (std::string& text : found.left_out) left_out.add(std::move(text));
    std::erase_if(found.files, [&](const fs::path& file) {  // ids are whole paths here
      if (is_utf8(file.string())) return false;
      left_out.add(fmt::format("the path of '{}' is not UTF-8, expected one in UTF-8",
                               escaped_to_utf8(file.string())));
      return true;
    });
    Clips clips = {"files", {}, std::move(found.files), {}};
    for (const fs::path& file : clips.files) clips.ids.push_back(file.string());
    all.push_back(std::move(clips));
  } else {
    PrepareOptions options;
    options.cache = default_cache();
    options.skip_bad = true;
    options.data_dir = data_folder(values);
    all = clips_of_experiment(find_experiment(names[0]), registry, options, jobs);
  }
  std::string csv = "dataset,kind,a,b,offset_s,overlap_s,bit_error_rate\n";
  bool bad = !left_out.empty();
  if (bad) fmt::print(stderr, "{}\n", left_out.text("skipped:"));
  for (const Clips& clips : all) {
    const Fingerprints prints = fingerprint_clips(clips, jobs);
    const std::vector<Line> lines = all_pairs(clips, prints);
    fmt::print("{}: {} clips, {} pairs\n", clips.name, clips.ids.size(), lines.size());
    for (const Line& each : lines) print(clips, each);
    csv += csv_lines(clips, lines);
    bad = bad || !prints.problems.empty();
    if (!prints.problems.empty()) fmt::print(stderr, "{}\n", prints.problems.text("skipped:"));
  }
  if (values.contains("out")) write_text_atomically(values["out"].as<std::string>(), csv);
  return bad ? kSomeRowsFailed : kOk;
}

}  // namespace

extern const Command duplicates_command = {
    .place = 60,
    .name = "duplicates",
    .summary = "find duplicate and near-duplicate clips by audio content",
    .run = command_main};

}  // namespace musicrep::cli
