// Kind "musiccaps": captions of AudioSet's music clips, with AudioSet's VGGish frames.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/hash.h"
#include "core/options.h"
#include "datasets/audioset_labels.h"
#include "datasets/audioset_release.h"
#include "datasets/kinds.h"
#include "formats/csv.h"
#include "formats/lines.h"
#include "musicrep/error.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

constexpr const char* kOwner = "data set of kind 'musiccaps':";
constexpr const char* kFile = "musiccaps-public.csv";
constexpr const char* kNoTexts = "none";
constexpr std::size_t kPublished = 5521;  // clips

/// One row of the table.
struct Caption {
  std::string caption;
  std::string aspects;  // "piano, sad, slow tempo"
  bool is_balanced = false;
  bool is_test = false;
  std::string where;  // file and line
};

/// The texts of a list as Python writes it, ['a', "b's"], or nothing where it is none.
std::optional<std::vector<std::string>> parse_python_list(std::string_view text) {
  text = trimmed(text);
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = trimmed(text.substr(1, text.size() - 2));
  std::vector<std::string> out;
  while (!text.empty()) {
    const char quote = text.front();
    if (quote != '\'' && quote != '"') return std::nullopt;
    std::string item;
    std::size_t at = 1;
    for (; at < text.size() && text[at] != quote; ++at) {
      if (text[at] == '\\' && at + 1 < text.size()) ++at;
      item.push_back(text[at]);
    }
    if (at == text.size()) return std::nullopt;
    out.push_back(std::move(item));
    text = trimmed(text.substr(at + 1));
    if (text.empty()) break;
    if (text.front() != ',') return std::nullopt;
    text = trimmed(text.substr(1));
  }
  return out;
}

/// The captions of the table, by clip, with what is wrong with its rows.
class Captions {
 public:
  /// Throws DataError that lists all problems.
  explicit Captions(const fs::path& path) {
    const CsvTable table = read_csv(path);
    Problems problems;
    const auto column = [&](const char* name) {
      try {
        return table.column(name);
      } catch (const DataError& error) {
        problems.add(error.what());
        return std::size_t{0};
      }
    };
    const std::size_t id = column("ytid");
    const std::size_t caption = column("caption");
    const std::size_t aspects = column("aspect_list");
    const std::size_t balanced = column("is_balanced_subset");
    const std::size_t test = column("is_audioset_eval");
    problems.throw_if_any(kOwner);
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      for (const std::size_t text : {caption, aspects}) {
        if (std::string found = table.text_problem(r, text); !found.empty()) {
          problems.add(std::move(found));
        }
      }
      const std::string_view list = table.rows[r][aspects];
      const auto parsed = parse_python_list(list);
      if (!parsed) {
        problems.add(fmt::format(
            "{}, column 'aspect_list': found '{:.40}', expected a list such as ['piano', 'sad']",
            table.where(r), list));
      }
      Caption row;
      row.caption = trimmed(table.rows[r][caption]);
      if (parsed) row.aspects = fmt::format("{}", fmt::join(*parsed, ", "));
      row.is_balanced = flag(table, r, balanced, problems);
      row.is_test = flag(table, r, test, problems);
      row.where = table.where(r);
      const std::string clip(trimmed(table.rows[r][id]));
      if (clip.empty()) problems.add(table.where(r) + ", column 'ytid': found no id");
      const auto [first, is_new] = rows_.emplace(clip, std::move(row));
      if (!is_new) {
        problems.add(fmt::format("{}: the clip '{}' is in {} already", table.where(r), clip,
                                 first->second.where));
      }
    }
    problems.throw_if_any(kOwner);
    if (rows_.empty()) {
      throw DataError(fmt::format("{} '{}': found no clip", kOwner, path.string()));
    }
  }

  [[nodiscard]] const Caption* find(const std::string& clip) const {
    const auto at = rows_.find(clip);
    return at == rows_.end() ? nullptr : &at->second;
  }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }

 private:
  static bool flag(const CsvTable& table, std::size_t row, std::size_t column, Problems& problems) {
    const std::string_view value = trimmed(table.rows[row][column]);
    if (value == "True" || value == "true" || value == "1") return true;
    if (value != "False" && value != "false" && value != "0") {
      problems.add(fmt::format("{}, column '{}': found '{:.40}', expected True or False",
                               table.where(row), table.columns[column], value));
    }
    return false;
  }

  std::unordered_map<std::string, Caption> rows_;
};

/// Whether a training clip is held out, by its id alone: another choice of clips moves no other.
bool is_held_out(const std::string& clip, double share) {
  constexpr std::size_t kDigits = 8;
  constexpr double kSteps = 4294967296.0;  // 16 to the 8
  const std::string hash = sha256_hex("musiccaps valid " + clip);
  std::uint32_t number = 0;
  std::from_chars(hash.data(), hash.data() + kDigits, number, 16);
  return static_cast<double>(number) / kSteps < share;
}

std::string text_of(const Caption& row, const std::string& texts) {
  if (texts == "caption") return row.caption;
  if (texts == "aspects") return row.aspects;
  if (row.aspects.empty()) return row.caption;
  return row.caption + (row.caption.ends_with('.') ? " " : ". ") + row.aspects + ".";
}

struct Choice {
  std::string texts;
  bool balanced_test = false;
  bool unpaired = false;
  double valid_share = 0;
};

/// Fills in items, texts, splits, frames and tags.
void add_clips(Dataset& dataset, AudioSetRelease& release, const Captions& captions,
               const AudioSetTags& tags, const Choice& choice) {
  auto frames = std::make_shared<FrameTable>(kAudioSetFrameSpace);
  std::vector<std::vector<std::uint16_t>> labels;
  std::size_t n_found = 0;
  std::size_t n_blank = 0;
  std::size_t n_unpaired = 0;
  Problems problems;
  for (auto& [set_split, clip] : release.clips) {
    const Caption* row = captions.find(clip.video_id);
    std::string split = set_split;
    std::string text;
    if (row == nullptr) {
      if (!choice.unpaired || split == "test" || !tags.is_wanted(clip.labels)) continue;
      ++n_unpaired;
    } else {
      ++n_found;
      if (row->is_test != (split == "test")) {
        problems.add(fmt::format(
            "{}: is_audioset_eval is {} but the frames of '{}' are in {}, expected the same set",
            row->where, row->is_test ? "True" : "False", clip.video_id,
            split == "test" ? "eval" : "bal_train"));
      }
      if (split == "test" && choice.balanced_test && !row->is_balanced) continue;
      text = choice.texts == kNoTexts ? std::string() : text_of(*row, choice.texts);
      if (text.empty() && choice.texts != kNoTexts) {
        ++n_blank;
        continue;
      }
      if (split == "train" && is_held_out(clip.video_id, choice.valid_share)) split = "valid";
    }
    dataset.ids.push_back(clip.video_id);
    dataset.splits.push_back(std::move(split));
    dataset.texts.push_back(std::move(text));
    labels.push_back(std::move(clip.labels));
    frames->add(clip.frames);
  }
  if (n_found == 0) {
    problems.add("none of its clips has frames in the folder of the option 'audioset'");
  }
  problems.throw_if_any(kOwner);
  if (choice.texts == kNoTexts) dataset.texts.clear();
  dataset.targets = tags.targets(labels);
  dataset.frames = std::move(frames);
  if (n_found < captions.size()) {
    dataset.notes.push_back(fmt::format("{} of {} captioned clips have no frames: left out",
                                        captions.size() - n_found, captions.size()));
  }
  if (n_blank > 0) {
    dataset.notes.push_back(
        fmt::format("{} clips have no text in '{}': left out", n_blank, choice.texts));
  }
  if (choice.unpaired) {
    dataset.notes.push_back(fmt::format("{} training clips without a caption", n_unpaired));
  }
}

/// How many captioned evaluation clips the two classification tasks test on.
void note_overlap(Dataset& dataset, const AudioSetRelease& release, const Captions& captions,
                  const fs::path& audioset) {
  std::vector<std::string> found;
  for (const std::string& name : AudioSetTask::names()) {
    const AudioSetTask task(name, audioset);
    std::size_t tested = 0;
    std::size_t captioned = 0;
    for (const auto& [split, clip] : release.clips) {
      if (split != "test" || !task.class_of(clip.labels)) continue;
      ++tested;
      if (captions.find(clip.video_id) != nullptr) ++captioned;
    }
    found.push_back(fmt::format("{} of {} of {}", captioned, tested, name));
  }
  dataset.notes.push_back(
      fmt::format("evaluation clips with a caption that classification tests, too: {}; their "
                  "captions are in the split \"test\" and never trained on",
                  fmt::join(found, ", ")));
}

Dataset load(const Options& options) {
  const fs::path path = option<std::string>(options, "path");
  const fs::path audioset = option<std::string>(options, "audioset");
  if (path.empty() || audioset.empty()) {
    throw ConfigError(fmt::format(
        "{} found no '{}', expected path (a folder of {}) and audioset (AudioSet's folder)", kOwner,
        path.empty() ? "path" : "audioset", kFile));
  }
  Choice choice;
  choice.texts = option<std::string>(options, "texts");
  choice.balanced_test = option<std::string>(options, "test") == "balanced";
  choice.unpaired = option<bool>(options, "unpaired");
  choice.valid_share = option<double>(options, "valid_share");

  std::error_code none;
  const Captions captions(fs::is_directory(path, none) ? path / kFile : path);
  const AudioSetTags tags("Music", audioset);
  const std::vector<std::string> sets = audioset_set_names();
  AudioSetRelease release = read_audioset_release(audioset, sets, tags.n_labels());

  Dataset dataset;
  dataset.about =
      "MusicCaps: Agostinelli et al., \"MusicLM: Generating Music From Text\", 2023; CC BY-SA 4.0. "
      "Frames: AudioSet's released VGGish embeddings, CC BY 4.0";
  dataset.n_expected = choice.unpaired || choice.balanced_test ? 0 : kPublished;
  note_overlap(dataset, release, captions, audioset);
  add_clips(dataset, release, captions, tags, choice);
  dataset.link_prefix = kAudioSetLink;
  dataset.notes.emplace_back("artists unknown: clips of one artist may be in training and test");
  return dataset;
}

DatasetKind make_kind() {
  DatasetKind kind;
  kind.name = "musiccaps";
  kind.description =
      "MusicCaps: 5,521 captions of AudioSet's music clips (Agostinelli et al. 2023)";
  kind.bibtex = R"(% known by: Agostinelli
@article{agostinelli2023musiclm,
  title = {{MusicLM}: Generating Music From Text},
  author = {Agostinelli, Andrea and Denk, Timo I. and Borsos, Zal{\'a}n and Engel, Jesse and Verzetti, Mauro and Caillon, Antoine and Huang, Qingqing and Jansen, Aren and Roberts, Adam and Tagliasacchi, Marco and Sharifi, Matt and Zeghidour, Neil and Frank, Christian},
  journal = {arXiv preprint arXiv:2301.11325},
  year = {2023}
})";
  kind.fetch_help =
      "Captions: https://www.kaggle.com/datasets/googleai/musiccaps or\n"
      "https://huggingface.co/datasets/google/MusicCaps, file musiccaps-public.csv (3 MB).\n"
      "Frames: those of AudioSet; see `musicrep fetch-help audioset`.\n"
      "Licence: CC BY-SA 4.0 (captions), CC BY 4.0 (frames).\n"
      "Layout: the option 'path' names a folder that holds\n"
      "  musiccaps-public.csv, with the columns ytid, caption, aspect_list, is_balanced_subset and\n"
      "  is_audioset_eval: 2,663 clips of the split train, 2,858 of the split test\n"
      "and the option 'audioset' the folder that `audioset` describes. It holds no audio: only\n"
      "encoders of VGGish frames can be run on it.";
  kind.options = {
      {.name = "path",
       .default_value = std::string(),
       .description = "folder of musiccaps-public.csv",
       .required = true,
       .is_path = true},
      {.name = "audioset",
       .default_value = std::string(),
       .description = "folder of AudioSet's frames and labels",
       .required = true,
       .is_path = true},
      {.name = "texts",
       .default_value = std::string("caption"),
       .description =
           "caption, aspects (the list of aspects, with commas), both, or none: the same "
           "clips without texts",
       .one_of = {"caption", "aspects", "both", "none"}},
      {.name = "test",
       .default_value = std::string("all"),
       .description = "the split test: all 2,858 evaluation clips, or the 1,000 of the subset that "
                      "is balanced over genres",
       .one_of = {"all", "balanced"}},
      {"unpaired", false,
       "whether AudioSet's music clips for training that have no caption are items, too, without a "
       "text"},
      {.name = "valid_share",
       .default_value = 0.1,
       .description = "share of the captioned training clips that are the split valid, chosen by a "
                      "hash of their ids",
       .range = NumberRange{.least = 0, .greatest = 1, .without_greatest = true}},
  };
  kind.load = load;
  return kind;
}

}  // namespace

namespace dataset_kind {
extern const DatasetKindMaker musiccaps = {make_kind};
}  // namespace dataset_kind

}  // namespace musicrep
