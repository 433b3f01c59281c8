#include "cli/audio_files.h"

#include <fmt/format.h>

#include <utility>

#include "core/folder_walk.h"
#include "core/utf8.h"
#include "musicrep/error.h"

namespace musicrep::cli {
namespace fs = std::filesystem;
namespace {

/// What is wrong with a file's name: ids are made of it, and they are texts. Empty: nothing.
std::string name_problem(const fs::path& file) {
  const std::string name = file.filename().string();
  if (!is_utf8(name)) {
    return fmt::format("the name of '{}' is not UTF-8, expected a name in UTF-8 (rename the file)",
                       escaped_to_utf8(file.string()));
  }
  if (name.find_first_of("\r\n") != std::string::npos) {
    return fmt::format("the name of '{}' holds the end of a line, expected a name of one line",
                       name);
  }
  return "";
}

}  // namespace

AudioFiles collect_files(const std::string& command, const std::vector<std::string>& names,
                         bool skip_bad) {
  AudioFiles out;
  Problems problems;
  const auto bad = [&](std::string text) {
    skip_bad ? out.left_out.push_back(std::move(text)) : problems.add(std::move(text));
  };
  const auto take = [&](const fs::path& file) {
    std::string problem = name_problem(file);
    problem.empty() ? out.files.push_back(file) : bad(std::move(problem));
  };
  for (const std::string& name : names) {
    std::error_code none;
    if (fs::is_directory(name, none)) {
      const FolderWalk walk = walk_folder(name);
      for (const fs::path& file : walk.files) take(file);
      for (const std::string& text : walk.unreadable) bad(text);
      for (const std::string& text : walk.broken_links) out.left_out.push_back(text);
      for (const std::string& text : walk.repeated) out.remarks.push_back(text);
      const std::string passed_over = passed_over_text(walk.passed_over);
      if (!passed_over.empty()) out.remarks.push_back(fmt::format("'{}': {}", name, passed_over));
      if (walk.files.empty() && walk.unreadable.empty()) {
        problems.add(fmt::format("the folder '{}' holds no files of audio{}", name,
                                 passed_over.empty() ? "" : " (" + passed_over + ")"));
      }
    } else if (fs::is_regular_file(name, none)) {
      take(name);
    } else if (none == std::errc::permission_denied) {
      bad(fmt::format("cannot read '{}': {}", name, none.message()));
    } else {
      problems.add(fmt::format("file or folder '{}' does not exist", name));
    }
  }
  if (out.files.empty() && problems.empty()) {
    for (const std::string& text : out.left_out) problems.add(text);
  }
  problems.throw_if_any(command + ":");
  return out;
}

}  // namespace musicrep::cli
