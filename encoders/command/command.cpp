#include "command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <system_error>

#include "command_folder.h"
#include "command_words.h"
#include "core/files.h"
#include "core/hash.h"
#include "foreign/child_process.h"
#include "musicrep/error.h"
#include "musicrep/registry.h"

namespace musicrep {
namespace fs = std::filesystem;
namespace {

using Texts = std::vector<std::string>;
constexpr const char* kIn = "{in}";
constexpr const char* kOut = "{out}";

bool has_mark(const Texts& words, const char* mark) {
  return std::ranges::any_of(
      words, [&](const std::string& word) { return word.find(mark) != std::string::npos; });
}

}  // namespace

EncoderInfo Command::static_info() {
  EncoderInfo info;
  info.name = "command";
  info.version = "1";
  info.description = "any program: a folder of audio or frames in, a folder of .npy files out";
  info.citation = "none of its own: that of whoever wrote the command";
  info.licence = "that of the command";
  info.sample_rate_hz = 44100;
  info.channels = 1;
  info.foreign = true;
  info.options = {
      {.name = "command",
       .default_value = std::string(),
       .description = "program and arguments, run without a shell in the experiment's folder; {in} "
                      "and {out} stand for the two folders",
       .required = true},
      {.name = "input",
       .default_value = std::string("audio"),
       .description = "\"audio\" (.wav, float32) or \"vggish_frames\" (.npy, float32 [T, 128])",
       .one_of = {"audio", "vggish_frames"}},
      {.name = "sample_rate_hz",
       .default_value = 44100.0,
       .description = "of the audio that it is given, 1000 to 768000",
       .range = NumberRange::between(1000, 768000)},
      {.name = "channels",
       .default_value = std::int64_t{1},
       .description = "of the audio that it is given, 1 or 2",
       .range = NumberRange::between(1, 2)},
      {.name = "hop_s",
       .default_value = 0.0,
       .description = "seconds from one of its vectors to the next; 0: one vector an item",
       .range = NumberRange::between(0, 1e6)},
      {.name = "files",
       .default_value = Texts{},
       .description = "paths of files on which its vectors depend (weights, modules): where one "
                      "changes, it is run again, as it is for files that the command itself names",
       .is_path = true},
      {.name = "items_a_call",
       .default_value = std::int64_t{100},
       .description = "items that it is given at a time, 1 or more",
       .practical = true,
       .range = NumberRange::between(1, 1e6)},
      {.name = "time_limit_s",
       .default_value = 3600.0,
       .description = "seconds that one call may take before it is stopped",
       .practical = true,
       .range = NumberRange{.least = 0,
                            .greatest = std::numeric_limits<double>::infinity(),
                            .without_least = true}}};
  return info;
}

EncoderInfo Command::info_for(const Options& options) {
  EncoderInfo info = static_info();
  info.hop_s = option<double>(options, "hop_s");
  const bool audio = option<std::string>(options, "input") == "audio";
  info.input = audio ? InputKind::kPcm : InputKind::kVggishFrames;
  info.sample_rate_hz = audio ? option<double>(options, "sample_rate_hz") : 0;
  info.channels = audio ? static_cast<int>(option<std::int64_t>(options, "channels")) : 0;
  return info;
}

Command::Command(const EncoderArgs& args)
    : text_(option<std::string>(args.options, "command")),
      words_(command_words(text_)),
      folder_(args.folder),
      info_(info_for(args.options)),
      items_a_call_(static_cast<std::size_t>(option<std::int64_t>(args.options, "items_a_call"))),
      limit_s_(option<double>(args.options, "time_limit_s")) {
  Problems problems;
  for (const char* mark : {kIn, kOut}) {
    if (!has_mark(words_, mark)) problems.add(fmt::format("`{}` has no {}", text_, mark));
  }
  problems.throw_if_any<ConfigError>("encoder 'command':");
  files_ = option<Texts>(args.options, "files");
  for (const std::string& file : files_) require_file(file, "file of a command");
  for (std::size_t k = 0; k < words_.size(); ++k) {
    // A program without a folder is looked up in PATH.
    if (k == 0 && words_[k].find('/') == std::string::npos) continue;
    const fs::path path = fs::path(folder_) / words_[k];
    std::error_code none;
    if (fs::is_regular_file(path, none)) files_.push_back(path.string());
  }
}

void Command::fail(std::span<const Signal> signals, const std::string& reason) const {
  const std::string items = signals.size() == 1 ? fmt::format("item '{}'", signals.front().id)
                                                : fmt::format("the {} items from '{}' on",
                                                              signals.size(), signals.front().id);
  throw ForeignFailure(fmt::format("encoder 'command', {}: `{}`: {}", items, text_, reason));
}

std::vector<Matrix> Command::encode(std::span<const Signal> signals) {
  if (signals.empty()) return {};
  const CommandFolder folder;
  folder.write(signals, info_.sample_rate_hz);
  std::string reason;
  try {
    ChildProcess child(
        {replace_mark(replace_mark(words_, kIn, folder.in().string()), kOut, folder.out().string()),
         folder_, false});
    if (!child.wait_until(deadline_in(limit_s_))) {
      child.kill();
      reason = fmt::format("it did not return within {:g} s and was stopped", limit_s_);
    } else if (!child.succeeded()) {
      reason = "it " + child.end();
    }
    if (reason.empty()) return folder.read(signals);
    if (const std::string words = child.last_words(); !words.empty()) {
      reason += "; it last printed: " + folder.without_name(words);
    }
  } catch (const DataError& error) {
    reason = error.what();
  } catch (const fs::filesystem_error& error) {  // it has taken the folder away, say
    reason = folder.without_name(error.code().message());
  }
  fail(signals, reason);
}

std::vector<std::string> Command::notes() const {
  Texts out = {fmt::format("vectors of the command `{}`", text_)};
  if (files_.empty()) {
    out.push_back(
        "the command names no file and `files` is empty: stored vectors are taken even where what "
        "it runs has changed");
  }
  return out;
}

std::string Command::content_sha256() const {
  Sha256 sha;
  for (const std::string& file : files_) sha.update_text(sha256_of_file(file));
  return sha.hex();
}

}  // namespace musicrep

MUSICREP_ENCODER(command, musicrep::Command)
