#include "report/gnuplot.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <iterator>
#include <system_error>
#include <utility>

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

double text_width(const std::string& text) {
  constexpr double kLetter = 6.2;
  // Bytes that continue a letter of UTF-8 take no room.
  const auto letters = std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return kLetter * static_cast<double>(letters);
}

namespace {

/// A text and the font size at which it fits into `room` points; cut where none does.
std::pair<std::string, double> fitted(const std::string& text, double room) {
  constexpr double kLargest = 12;
  constexpr double kSmallest = 8;
  const double fits = 10 * room / std::max(1.0, text_width(text));
  if (fits >= kSmallest) return {text, std::min(fits, kLargest)};
  auto n = static_cast<std::size_t>(static_cast<double>(text.size()) * fits / kSmallest);
  n = n > 1 ? n - 1 : 1;
  while (n > 0 && (static_cast<unsigned char>(text[n]) & 0xC0U) == 0x80U) --n;
  return {text.substr(0, n) + "…", kSmallest};
}

}  // namespace

std::string title_script(const std::string& text, double width) {
  const auto [shown, size] = fitted(text, width);
  return fmt::format("set title {} font ',{:.1f}' noenhanced offset 0,-0.7\n",
                     gnuplot_quoted(shown), size);
}

std::string look_script(const EncoderLook& look) {
  return fmt::format("lc rgb '{}' pt {}", look.colour(), look.point_type());
}

std::string faint(std::string_view colour) { return fmt::format("#90{}", colour.substr(1)); }

std::string frame_script(const PanelFrame& frame, std::size_t width, std::size_t height) {
  const auto w = static_cast<double>(width);
  const auto h = static_cast<double>(height);
  return fmt::format(
      "set lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\nset tmargin at screen {:.4f}\n"
      "set bmargin at screen {:.4f}\n",
      frame.left / w, frame.right / w, 1 - frame.top / h, 1 - frame.bottom / h);
}

Axis axis_of(const std::vector<double>& values, std::size_t n_tics) {
  std::vector<double> finite;
  std::ranges::copy_if(values, std::back_inserter(finite),
                       [](double v) { return std::isfinite(v); });
  if (finite.empty()) return {};
  const auto [least, most] = std::ranges::minmax(finite);
  const double span = most > least ? most - least : std::max(1e-3, std::abs(most));
  Axis axis{least - 0.04 * span, most + 0.04 * span, 1};
  const double raw = (axis.high - axis.low) / static_cast<double>(n_tics);
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    axis.step = power * factor;
    if (axis.step >= raw * 0.999) break;
  }
  return axis;
}

namespace {

constexpr double kLegendMarker = 14;
constexpr double kLegendGap = 16;

double legend_room(const EncoderLook& look) {
  return kLegendMarker + text_width(look.name) + kLegendGap;
}

/// The names of each line.
std::vector<std::vector<EncoderLook>> lines_of_legend(const std::vector<EncoderLook>& looks,
                                                      std::size_t width) {
  std::vector<std::vector<EncoderLook>> lines;
  double x = 0;
  for (const EncoderLook& look : looks) {
    if (lines.empty() || x + legend_room(look) > static_cast<double>(width)) {
      lines.emplace_back();
      x = 0;
    }
    lines.back().push_back(look);
    x += legend_room(look);
  }
  return lines;
}

}  // namespace

double legend_height(const std::vector<EncoderLook>& looks, std::size_t width) {
  return kLegendLine * static_cast<double>(lines_of_legend(looks, width).size());
}

std::string legend_script(const std::vector<EncoderLook>& looks, double below, std::size_t width,
                          std::size_t height) {
  const auto lines = lines_of_legend(looks, width);
  std::string out;
  std::size_t number = 100;  // of labels
  for (std::size_t l = 0; l < lines.size(); ++l) {
    double all = -kLegendGap;
    for (const EncoderLook& look : lines[l]) all += legend_room(look);
    double x = std::max(8.0, (static_cast<double>(width) - all) / 2);
    const double y = below + kLegendLine * (static_cast<double>(lines.size() - l) - 0.5);
    for (const EncoderLook& look : lines[l]) {
      out += fmt::format(
          "set label {} {} at screen {:.4f}, screen {:.4f} left noenhanced font ',10' offset 1.2,0 "
          "point ps 0.75 lw 1.4 {}\n",
          number++, gnuplot_quoted(look.name), x / static_cast<double>(width),
          y / static_cast<double>(height), look_script(look));
      x += legend_room(look);
    }
  }
  return out;
}

std::string heading_script(const std::string& text, double x, double y, double room,
                           std::size_t width, std::size_t height) {
  const auto [shown, size] = fitted(text, room);
  return fmt::format(
      "set label 99 {} at screen {:.4f}, screen {:.4f} left font ',{:.1f}' noenhanced\n",
      gnuplot_quoted(shown), x / static_cast<double>(width), 1 - y / static_cast<double>(height),
      size);
}

std::string x_axis_script(const Axis& axis) {
  return fmt::format("set xrange [{:.6g}:{:.6g}]\nset xtics {:.6g}\n", axis.low, axis.high,
                     axis.step);
}

namespace {

/// gnuplot draws in black what has no colour of its own: readable on white paper alone.
void recolour(const std::filesystem::path& svg) {
  std::string text = read_file(svg);
  for (const std::string_view black :
       {"fill=\"black\"", "stroke=\"black\"", "fill = \"black\"", "fill = 'black'",
        "stroke='black'", "fill='black'", "rgb(  0,   0,   0)", "#000000"}) {
    const std::size_t quote = black.find_first_of("\"'");
    const std::string ink = quote == std::string_view::npos
                                ? std::string(kInk)
                                : std::string(black.substr(0, quote + 1)) + kInk + black[quote];
    for (std::size_t at = text.find(black); at != std::string::npos; at = text.find(black, at)) {
      text.replace(at, black.size(), ink);
      at += ink.size();
    }
  }
  write_text_atomically(svg, text);
}

std::string terminal(const Drawing& drawing, FigureFormat format) {
  if (format == FigureFormat::kSvg) {
    return fmt::format("set terminal svg size {},{} font 'sans-serif'\n", drawing.width,
                       drawing.height);
  }
  constexpr double kPointsPerInch = 96;  // of an SVG
  return fmt::format(
      "set terminal pdfcairo size {:.3f}in,{:.3f}in font 'sans-serif,10' transparent\n",
      static_cast<double>(drawing.width) / kPointsPerInch,
      static_cast<double>(drawing.height) / kPointsPerInch);
}

}  // namespace

Drawn draw(const Drawing& drawing, const std::filesystem::path& out, FigureFormat format) {
  namespace fs = std::filesystem;
  fs::path script = out;
  script += ".gnuplot";
  write_text_atomically(script,
                        fmt::format("{}set output {}\n{}set output\n", terminal(drawing, format),
                                    gnuplot_quoted(out.string()), drawing.script));
  const Drawn drawn = run_gnuplot(script);
  std::error_code none;
  fs::remove(script, none);
  const bool there = fs::is_regular_file(out, none) && fs::file_size(out, none) > 0;
  if (drawn == Drawn::kYes && there && format == FigureFormat::kSvg) recolour(out);
  return drawn == Drawn::kYes && !there ? Drawn::kFailed : drawn;
}

}  // namespace musicrep
