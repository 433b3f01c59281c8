#include "command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <limits>
#include <system_error>

#include "command_folder.h"
#include "command_words.h"
#include "core/event_log.h"
#include "core/files.h"
#include "foreign/check_signals.h"
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
  info.description = "any program: audio or frames in, vectors out, through folders or a stream";
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
      {.name = "protocol",
       .default_value = std::string("folder"),
       .description =
           "\"folder\": run for each batch of items, with {in} and {out}; \"stream\": run "
           "once, with messages through its standard input and output",
       .came_later = true,
       .one_of = {"folder", "stream"}},
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
      hop_option_spec(),
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
  std::ranges::copy(program_option_specs(), std::back_inserter(info.options));
  return info;
}

EncoderInfo Command::info_for(const Options& options) {
  EncoderInfo info = static_info();
  set_program_info(options, {}, info);  // its rate is never left out
  return info;
}

namespace {

bool is_stream(const Options& options) {
  return option<std::string>(options, "protocol") == "stream";
}

Texts files_of(const EncoderArgs& args, const Texts& words) {
  Texts files = option<Texts>(args.options, "files");
  for (const std::string& file : files) require_file(file, "file of a command");
  for (std::size_t k = 0; k < words.size(); ++k) {
    // A program without a folder is looked up in PATH.
    if (k == 0 && words[k].find('/') == std::string::npos) continue;
    const fs::path path = fs::path(args.folder) / words[k];
    std::error_code none;
    if (fs::is_regular_file(path, none)) files.push_back(path.string());
  }
  return files;
}

ProgramEncoderArgs program_args(const EncoderArgs& args) {
  const auto& text = option<std::string>(args.options, "command");
  const Texts words = command_words(text);
  Problems problems;
  for (const char* mark : {kIn, kOut}) {
    if (is_stream(args.options) && has_mark(words, mark)) {
      problems.add(
          fmt::format("`{}` has {}, which protocol = \"stream\" does not know", text, mark));
    }
    if (!is_stream(args.options) && !has_mark(words, mark)) {
      problems.add(fmt::format("`{}` has no {}", text, mark));
    }
  }
  problems.throw_if_any<ConfigError>("encoder 'command':");
  ProgramEncoderArgs out;
  out.info = Command::info_for(args.options);
  out.command.argv = words;
  out.command.folder = args.folder;
  out.command.environment = program_environment(args.options);
  out.settings = program_settings(args.options);
  out.files = files_of(args, words);
  out.note = fmt::format("vectors of the command `{}`", text);
  out.note_without_files =
      "the command names no file and `files` is empty: stored vectors are taken even where what it "
      "runs has changed";
  if (!is_stream(args.options)) {
    out.settings.batch_size =
        static_cast<std::size_t>(option<std::int64_t>(args.options, "items_a_call"));
  }
  return out;
}

}  // namespace

Command::Command(const EncoderArgs& args)
    : ProgramEncoder(program_args(args)),
      text_(option<std::string>(args.options, "command")),
      words_(command_words(text_)),
      folder_(args.folder),
      is_stream_(is_stream(args.options)) {}

std::size_t Command::batch_size() const {
  return is_stream_ ? ProgramEncoder::batch_size() : args().settings.batch_size;
}

void Command::fail(std::span<const Signal> signals, const std::string& reason) const {
  throw ForeignFailure(
      fmt::format("encoder 'command', {}: `{}`: {}", items_text(signals), text_, reason));
}

ProgramVectors Command::compute(std::span<const Signal> signals) {
  if (is_stream_) return ProgramEncoder::compute(signals);
  const CommandFolder folder;
  folder.write(signals, args().info.sample_rate_hz);
  const double limit_s = args().settings.limits.time_s;
  std::string reason;
  try {
    ChildProcess child({.argv = replace_mark(replace_mark(words_, kIn, folder.in().string()), kOut,
                                             folder.out().string()),
                        .folder = folder_,
                        .environment = args().command.environment});
    if (!child.wait_until(deadline_in(limit_s))) {
      child.kill();
      reason = fmt::format("it did not return within {:g} s and was stopped", limit_s);
    } else if (!child.succeeded()) {
      reason = "it " + child.end();
    }
    if (reason.empty()) return {folder.read(signals), {}};
    log_event(LogLevel::kError, "", signals.front().id,
              fmt::format("{}; all that it last printed: {}", reason, child.printed()));
    if (const std::string line = child.last_line(); !line.empty()) {
      reason += "; it last printed: " + folder.without_name(line);
    }
  } catch (const DataError& error) {
    reason = error.what();
  } catch (const fs::filesystem_error& error) {  // it has taken the folder away, say
    reason = folder.without_name(error.code().message());
  }
  fail(signals, reason);
}

}  // namespace musicrep

MUSICREP_ENCODER(command, musicrep::Command)
