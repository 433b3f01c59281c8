#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>

#include "cli/arguments.h"
#include "cli/audio_files.h"
#include "cli/commands.h"
#include "cli/plugins.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "core/files.h"
#include "core/options.h"
#include "core/parallel.h"
#include "formats/csv.h"
#include "formats/npy.h"
#include "musicrep/error.h"
#include "pipeline/encoding.h"
#include "pipeline/pooling.h"
#include "store/artefacts.h"
#include "store/hdf5.h"

namespace musicrep::cli {
namespace fs = std::filesystem;
namespace {

// A file's name without folder and ending, or the whole path where two files share one.
std::vector<std::string> ids_of(const std::vector<fs::path>& files) {
  std::map<std::string, int> count;
  for (const fs::path& file : files) ++count[file.stem().string()];
  std::vector<std::string> ids;
  std::set<std::string> seen;
  Problems problems;
  for (const fs::path& file : files) {
    const std::string stem = file.stem().string();
    ids.push_back(count[stem] == 1 ? stem : file.string());
    if (!seen.insert(ids.back()).second) {
      problems.add(fmt::format("'{}' is given twice", file.string()));
    }
  }
  problems.throw_if_any("encode:");
  return ids;
}

void write(const fs::path& out, const std::vector<std::string>& row_ids, const Matrix& values) {
  if (out.extension() == ".csv") {
    std::string text = "id";
    for (std::size_t k = 0; k < values.cols(); ++k) text += fmt::format(",f{}", k);
    text += '\n';
    for (std::size_t i = 0; i < values.rows(); ++i) {
      text += fmt::format("{},{}\n", csv_field(row_ids[i]), fmt::join(values.row(i), ","));
    }
    write_text_atomically(out, text);
  } else if (out.extension() == ".npy") {
    std::string ids;
    for (const std::string& id : row_ids) ids += id + '\n';
    write_npy(out, values, false);
    write_text_atomically(out.string() + ".ids.txt", ids);
  } else {
    write_atomically(out, [&](const fs::path& temporary) {
      Hdf5File file(temporary, Hdf5File::Mode::kCreate);
      file.write("/X", values);
      file.write("/IDS", row_ids);
      file.close();
    });
  }
}

}  // namespace

int encode_command(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "encode";
  line.usage = "encode ENCODER FILE... --out X.h5|X.npy|X.csv [options]";
  line.summary =
      "Encodes audio files (or all files in folders). One row an item where pooled, one a frame\n"
      "otherwise; ids are file names without ending. .h5 holds X and IDS, .npy has its ids beside "
      "it\n"
      "in X.npy.ids.txt; the encoder 'features' reads all three.";
  line.examples =
      "  musicrep encode mfcc song.wav other.flac --out mfcc.csv\n"
      "  musicrep encode mfcc ~/music --out mfcc.h5 --skip-bad\n";
  line.positional = {"encoder", "file"};
  line.options.add_options()("out", po::value<std::string>(), "file to write: .h5, .npy or .csv")(
      "pool", po::value<std::string>()->default_value("mean"),
      "over an item's frames: mean, mean+std or none")(
      "set", po::value<std::vector<std::string>>()->composing(), "option=value of the encoder")(
      "jobs,j", po::value<std::size_t>()->default_value(available_processors()),
      "files at the same time; moves no bit of the result")(
      "seed", po::value<std::uint64_t>()->default_value(1), "of encoders that draw")(
      "skip-bad", "go on without files that cannot be encoded; they are named, exit code 5");
  add_plugin_option(line);
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  if (!values.contains("encoder") || !values.contains("file") || !values.contains("out")) {
    throw ConfigError("'musicrep encode' takes an encoder, one file or more, and --out");
  }
  const fs::path out = values["out"].as<std::string>();
  if (out.extension() != ".h5" && out.extension() != ".npy" && out.extension() != ".csv") {
    throw ConfigError(
        fmt::format("--out: '{}' ends neither in .h5 nor in .npy nor in .csv", out.string()));
  }
  const std::vector<std::string> pools = {"mean", "mean+std", "none"};
  const std::string pooling = pools[choice(values, "pool", pools)];
  const auto& name = values["encoder"].as<std::string>();
  const EncoderRegistry encoders = with_plugins(registry, values);
  const std::vector<std::string> settings = values.contains("set")
                                                ? values["set"].as<std::vector<std::string>>()
                                                : std::vector<std::string>{};
  const Options options = parse_settings(settings, encoders.info(name));
  const EncoderInfo info = encoders.info_for(name, options);
  if (info.input != InputKind::kPcm) {
    throw ConfigError(fmt::format("encoder '{}' does not take audio", name));
  }
  const auto encoder = encoders.create(name, {values["seed"].as<std::uint64_t>(), "", options});
  const std::vector<fs::path> files =
      collect_files("encode", values["file"].as<std::vector<std::string>>());
  const std::vector<std::string> ids = ids_of(files);
  encoder->check_items(ids);
  require_writable_folder(out.has_parent_path() ? out.parent_path() : fs::path("."));

  std::vector<Matrix> encoded(files.size());
  std::vector<std::string> mistakes(files.size());
  {
    TerminalProgress progress(false);
    progress.plan(1);
    progress.begin(fmt::format("encode {} files with {}", files.size(), name));
    const std::size_t jobs = std::max<std::size_t>(1, values["jobs"].as<std::size_t>());
    std::mutex mutex;
    std::size_t done = 0;
    // Without a bad file the others' vectors would be others; or a call is dear.
    if (encoder->batch_size() > 1 || encoder->call_size() > 1) {
      encoded = encode_in_batches(*encoder, info, name, ids, files, jobs,
                                  [&](std::size_t n, std::size_t of) { progress.update(n, of); });
    } else {
      parallel_for(files.size(), jobs, [&](std::size_t i) {
        try {
          encoded[i] = encode_file(*encoder, info, name, ids[i], files[i]);
        } catch (const ForeignFailure&) {
          throw;  // that of the encoder, not of the file
        } catch (const DataError& error) {
          mistakes[i] = error.what();
        }
        const std::lock_guard lock(mutex);
        progress.update(++done, files.size());
      });
    }
    progress.end("done");
  }
  Problems problems;
  std::vector<std::string> good_ids;
  std::vector<Matrix> good;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (mistakes[i].empty()) {
      good_ids.push_back(ids[i]);
      good.push_back(std::move(encoded[i]));
    } else {
      problems.add(mistakes[i]);
    }
  }
  if (!values.contains("skip-bad") || good.empty()) problems.throw_if_any("encode:");
  const Embeddings embeddings = join_encoded(name, good_ids, good);
  if (pooling == "none") {
    std::vector<std::string> row_ids;
    for (std::size_t i = 0; i < embeddings.ids.size(); ++i) {
      row_ids.insert(row_ids.end(), static_cast<std::size_t>(embeddings.frames[i]),
                     embeddings.ids[i]);
    }
    write(out, row_ids, embeddings.values);
  } else {
    write(out, embeddings.ids, pool(embeddings, pooling));
  }
  if (!problems.empty()) fmt::print(stderr, "{}\n", problems.text("skipped:"));
  fmt::print("{}: {} items, {} dimensions\n", out.string(), embeddings.ids.size(),
             (pooling == "mean+std" ? 2 : 1) * embeddings.values.cols());
  return problems.empty() ? kOk : kSomeRowsFailed;
}

}  // namespace musicrep::cli
