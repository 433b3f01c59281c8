#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "cli/arguments.h"
#include "cli/audio_files.h"
#include "cli/commands.h"
#include "cli/encode_files.h"
#include "cli/plugins.h"
#include "cli/settings.h"
#include "core/files.h"
#include "core/options.h"
#include "core/utf8.h"
#include "evaluation/pooling.h"
#include "formats/csv.h"
#include "formats/npy.h"
#include "musicrep/error.h"
#include "steps/encode_items.h"
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
    if (!is_utf8(ids.back())) {  // of a folder: the name itself was looked at
      problems.add(fmt::format(
          "'{}': found a name that is not UTF-8, expected one in UTF-8 where several files are called '{}'",
          escaped_to_utf8(ids.back()), stem));
    }
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

struct Request {
  fs::path out;
  std::string pooling;
  std::string encoder;
  Options options;
  EncoderInfo info;
  std::uint64_t seed = 1;
};

/// The request of the command line, without the files. Throws ConfigError.
Request read_request(const po::variables_map& values, const EncoderRegistry& encoders) {
  if (!values.contains("encoder") || !values.contains("file") || !values.contains("out")) {
    throw ConfigError("'musicrep encode' needs an encoder, one file or more, and --out");
  }
  Request request;
  request.out = values["out"].as<std::string>();
  const std::string ending = request.out.extension().string();
  if (ending != ".h5" && ending != ".npy" && ending != ".csv") {
    throw ConfigError(fmt::format(
        "--out: found '{}', expected a name that ends in .h5, .npy or .csv", request.out.string()));
  }
  const std::vector<std::string> pools = {"mean", "mean+std", "none"};
  request.pooling = pools[choice(values, "pool", pools)];
  request.encoder = values["encoder"].as<std::string>();
  request.options = parse_settings(given_settings(values), encoders.info(request.encoder).options,
                                   fmt::format("encoder '{}'", request.encoder));
  request.info = encoders.info_for(request.encoder, request.options);
  if (request.info.input != InputKind::kPcm) {
    throw ConfigError(fmt::format("encoder '{}' does not take audio", request.encoder));
  }
  request.seed = values["seed"].as<std::uint64_t>();
  return request;
}

void write_pooled(const fs::path& out, const Embeddings& embeddings, const std::string& pooling) {
  if (pooling != "none") {
    write(out, embeddings.ids, pool(embeddings, pooling));
    return;
  }
  std::vector<std::string> row_ids;
  for (std::size_t i = 0; i < embeddings.ids.size(); ++i) {
    row_ids.insert(row_ids.end(), static_cast<std::size_t>(embeddings.frames[i]),
                   embeddings.ids[i]);
  }
  write(out, row_ids, embeddings.values);
}

int command_main(const Arguments& arguments, const EncoderRegistry& registry) {
  CommandLine line;
  line.command = "encode";
  line.usage = "encode ENCODER FILE... --out X.h5|X.npy|X.csv [options]";
  line.summary =
      "Encodes audio files, or all files in folders: links are followed, names that begin with a\n"
      "dot and files that hold no audio (pictures, playlists, texts) are skipped. One row per item\n"
      "if pooled, otherwise one per frame; ids are file names without extension. .h5 holds X\n"
      "and IDS, .npy has its ids in X.npy.ids.txt; the encoder 'features' reads all three.\n"
      "Bad files are listed first. A file that fails later is listed, and the others are still\n"
      "written (exit code 5).";
  line.examples =
      "  musicrep encode mfcc song.wav other.flac --out mfcc.csv\n"
      "  musicrep encode mfcc ~/music --out mfcc.h5 --skip-bad\n";
  line.positional = {"encoder", "file"};
  po::variables_map values;
  if (!parse(line, arguments, values)) return kOk;
  const EncoderRegistry encoders = with_plugins(registry, values);
  const Request request = read_request(values, encoders);
  const auto encoder = encoders.create(request.encoder, {request.seed, request.options});
  const bool skip_bad = values.contains("skip-bad");
  AudioFiles found =
      collect_files("encode", values["file"].as<std::vector<std::string>>(), skip_bad);
  std::vector<std::string> ids = ids_of(found.files);
  encoder->check_items(ids);
  require_writable_folder(request.out.has_parent_path() ? request.out.parent_path()
                                                        : fs::path("."));
  for (const std::string& text : found.remarks) fmt::print(stderr, "{}\n", text);

  const EncodedFiles encoded =
      encode_files({*encoder, request.info, request.encoder, std::move(ids), std::move(found.files),
                    values["jobs"].as<std::size_t>(), skip_bad});
  for (const std::string& text : encoded.remarks) fmt::print(stderr, "{}\n", text);
  const Embeddings embeddings = join_encoded(request.encoder, encoded.ids, encoded.vectors);
  write_pooled(request.out, embeddings, request.pooling);
  Problems left_out;
  for (const std::string& text : found.left_out) left_out.add(text);
  for (const std::string& text : encoded.failures) left_out.add(text);
  if (!left_out.empty()) {
    fmt::print(stderr, "{}\n", left_out.text("not encoded:", left_out.size()));
  }
  fmt::print("{}: {} items, {} dimensions\n", request.out.string(), embeddings.ids.size(),
             (request.pooling == "mean+std" ? 2 : 1) * embeddings.values.cols());
  return left_out.empty() ? kOk : kSomeRowsFailed;
}

}  // namespace

extern const Command encode_command = {.place = 50,
                                       .name = "encode",
                                       .summary = "write embeddings of audio files",
                                       .run = command_main};

}  // namespace musicrep::cli
