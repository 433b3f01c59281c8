#include "report/gnuplot.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <system_error>

#include "core/files.h"

namespace musicrep {
namespace {

Drawn run_gnuplot(const std::filesystem::path& script) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
  }
  std::string program = "gnuplot";
  std::string file = script.string();
  char* const arguments[] = {program.data(), file.data(), nullptr};
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return Drawn::kNoProgram;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return Drawn::kFailed;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? Drawn::kYes : Drawn::kFailed;
}

}  // namespace

std::string gnuplot_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c == '\n' ? ' ' : c;
  }
  return out + "'";
}

std::string encoder_tics(const std::vector<std::string>& names) {
  std::string out = "set ytics (";
  for (std::size_t k = 0; k < names.size(); ++k) {
    out += fmt::format("{}{} {}", k == 0 ? "" : ", ", gnuplot_quoted(names[k]), names.size() - k);
  }
  return out + ") noenhanced\n" + fmt::format("set yrange [0.4:{}.6]\n", names.size());
}

Drawn draw(const Drawing& drawing, const std::filesystem::path& out) {
  namespace fs = std::filesystem;
  fs::path script = out;
  script += ".gnuplot";
  write_text_atomically(
      script,
      fmt::format("set terminal svg size {},{} font 'sans-serif' background 'white'\n"
                  "set output {}\n{}set output\n",
                  drawing.width, drawing.height, gnuplot_quoted(out.string()), drawing.script));
  const Drawn drawn = run_gnuplot(script);
  std::error_code none;
  fs::remove(script, none);
  const bool there = fs::is_regular_file(out, none) && fs::file_size(out, none) > 0;
  return drawn == Drawn::kYes && !there ? Drawn::kFailed : drawn;
}

}  // namespace musicrep
