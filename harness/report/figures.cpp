#include "report/figures.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>

#include "core/files.h"
#include "frontend/mel.h"
#include "musicrep/error.h"
#include "report/score_figures.h"

namespace musicrep {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kColumns = 5;       // of panels
constexpr std::size_t kPanelWidth = 180;  // in the SVG's points
constexpr std::size_t kPanelHeight = 150;

/// 4 dB: the eye sees little more, and the file is half as large.
constexpr int kGreyStep = 12;
/// White: 60 dB below the clip's loudest. What lies below is noise that would make all grey.
constexpr int kWhite = 64;

std::string file_name(const std::string& what, const std::string& dataset) {
  std::string out = what + "-";
  for (const char c : dataset) {
    out += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' ? c : '_';
  }
  return out + ".svg";
}

/// Place of a frequency on the axis of bands.
double band_of(const MelPicture& picture, double hz) {
  const auto mel = [](double f) { return hz_to_mel(MelKind::kSlaney, f); };
  return (mel(hz) - mel(picture.low_hz)) / (mel(picture.high_hz) - mel(picture.low_hz)) *
         static_cast<double>(picture.n_bands - 1);
}

std::size_t rows_of(const DatasetRecord& data) {
  return (data.pictures.size() + kColumns - 1) / kColumns;
}

enum class Drawn { kYes, kFailed, kNoProgram };

Drawn run_gnuplot(const fs::path& script) {
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

Drawn draw(const std::string& what, std::size_t width, std::size_t height, const fs::path& out) {
  fs::path script = out;
  script += ".gnuplot";
  write_text_atomically(
      script, fmt::format("set terminal svg size {},{} font 'sans-serif' background 'white'\n"
                          "set output {}\n{}set output\n",
                          width, height, gnuplot_quoted(out.string()), what));
  const Drawn drawn = run_gnuplot(script);
  std::error_code none;
  fs::remove(script, none);
  const bool there = fs::is_regular_file(out, none) && fs::file_size(out, none) > 0;
  return drawn == Drawn::kYes && !there ? Drawn::kFailed : drawn;
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

std::string mel_script(const DatasetRecord& data) {
  std::string out;
  const std::size_t n = data.pictures.size();
  for (std::size_t k = 0; k < n; ++k) {
    const MelPicture& picture = data.pictures[k];
    out += fmt::format("$p{} << END\n", k);
    const auto columns = static_cast<std::size_t>(picture.n_columns);
    for (std::size_t i = 0; i < picture.values.size(); ++i) {
      out += fmt::format("{}{}", picture.values[i] / kGreyStep * kGreyStep,
                         (i + 1) % columns == 0 ? '\n' : ' ');
    }
    out += "END\n";
  }
  out += fmt::format(
      "set palette gray negative\nset cbrange [{}:255]\nunset colorbox\nunset key\n"
      "set tics out nomirror font ',9' scale 0.5\nset border 3 lw 0.5\n"
      "set tmargin 1.4\nset bmargin 2.6\nset lmargin 7.5\nset rmargin 0.8\n",
      kWhite);
  out += fmt::format("set multiplot layout {},{}\n", rows_of(data), std::min(n, kColumns));
  for (std::size_t k = 0; k < n; ++k) {
    const MelPicture& picture = data.pictures[k];
    const double step = picture.duration_s / static_cast<double>(picture.n_columns);
    const bool left = k % kColumns == 0;
    const bool lowest = k + kColumns >= n;
    out += fmt::format("set title {} offset 0,-0.7 font ',11' noenhanced\n",
                       gnuplot_quoted(picture.label.empty() ? picture.id : picture.label));
    out += fmt::format(
        "set xlabel {} offset 0,0.6 font ',10'\nset ylabel {} offset 1.5,0 font ',10'\n",
        gnuplot_quoted(lowest ? "time (s)" : ""), gnuplot_quoted(left ? "frequency (Hz)" : ""));
    out += fmt::format(
        "set xrange [0:{:.4g}]\nset xtics {} offset 0,0.4\nset yrange [-0.5:{}]\nset ytics (",
        picture.duration_s,
        picture.duration_s > 12  ? 10
        : picture.duration_s > 4 ? 2
                                 : 0.5,
        static_cast<double>(picture.n_bands) - 0.5);
    const char* comma = "";
    for (const double hz : {200.0, 1000.0, 5000.0}) {
      out += fmt::format("{}'{}' {:.3f}", comma, hz, band_of(picture, hz));
      comma = ", ";
    }
    out += fmt::format(")\nplot $p{} matrix using (($1+0.5)*{:.8g}):2:3 with image\n", k, step);
  }
  return out + "unset multiplot\n";
}

Figures draw_figures(const Results& results, const fs::path& folder) {
  Figures figures;
  const auto add = [&](std::string& into, const std::string& name, const std::string& script,
                       std::size_t width, std::size_t height) {
    Drawn drawn = Drawn::kYes;
    try {
      write_atomically(folder / name, [&](const fs::path& temporary) {
        drawn = draw(script, width, height, temporary);
        if (drawn != Drawn::kYes) throw DataError("no figure");  // and no file
      });
      into = name;
    } catch (const DataError&) {
      if (drawn == Drawn::kYes) throw;
      figures.problem =
          drawn == Drawn::kNoProgram
              ? "the report has no figures: there is no program 'gnuplot' (on Debian, the package "
                "gnuplot-nox)"
              : fmt::format("the report has no figure {}: gnuplot failed", name);
    }
  };
  for (const DatasetRecord& data : results.datasets) {
    if (data.pictures.empty()) continue;
    add(figures.files[data.name], file_name("mel", data.name), mel_script(data),
        std::min(data.pictures.size(), kColumns) * kPanelWidth, rows_of(data) * kPanelHeight);
  }
  for (const VariabilityTable& table : variability_tables(results)) {
    const std::string script = variability_script(table);
    if (script.empty()) continue;
    add(figures.variability[table.dataset], file_name("variability", table.dataset), script, 760,
        340);
  }
  for (const SweepTable& table : sweep_tables(results)) {
    add(figures.sweeps[table.name()], file_name("sweep", table.name()), sweep_script(table), 900,
        400);
  }
  const auto add_drawing = [&](std::string& into, const std::string& name, const Drawing& drawing) {
    if (!drawing.script.empty()) add(into, name, drawing.script, drawing.width, drawing.height);
  };
  const std::vector<ScoreTable> tables = score_tables(results);
  add_drawing(figures.scores, "scores.svg", scores_drawing(tables));
  add_drawing(figures.confusion, "confusion.svg", confusion_drawing(tables));
  add_drawing(figures.curves, "training.svg", curves_drawing(results));
  add_drawing(figures.costs, "costs.svg", costs_drawing(results));
  std::erase_if(figures.files, [](const auto& file) { return file.second.empty(); });
  std::erase_if(figures.variability, [](const auto& file) { return file.second.empty(); });
  std::erase_if(figures.sweeps, [](const auto& file) { return file.second.empty(); });
  return figures;
}

}  // namespace musicrep
