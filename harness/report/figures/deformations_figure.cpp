// The drops of one task under one protocol: deformations downwards, on one axis, a marker an
// encoder.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/deformations.h"
#include "report/figure.h"
#include "report/gnuplot.h"

namespace musicrep {
namespace {

std::string script(const DeformedTable& table, const std::vector<EncoderLook>& all,
                   std::size_t height) {
  std::string out;
  std::vector<EncoderLook> looks;
  for (std::size_t e = 0; e < table.encoders.size(); ++e) {
    looks.push_back(look_of(all, table.encoders[e]));
    out += fmt::format("$drops{} << END\n", e);
    // Side by side, so that none hides another.
    const auto n = static_cast<double>(table.encoders.size());
    const double aside = 0.7 / n * (static_cast<double>(e) - 0.5 * (n - 1));
    for (std::size_t d = 0; d < table.deformations.size(); ++d) {
      const Deformed* each = table.at(d, e);
      if (each == nullptr || !each->failure.empty() || !std::isfinite(each->drop)) continue;
      out += fmt::format("{:.4f} {:.6f} {:.6f} {:.6f}\n", static_cast<double>(d) + aside,
                         each->drop, std::isfinite(each->drop_low) ? each->drop_low : each->drop,
                         std::isfinite(each->drop_high) ? each->drop_high : each->drop);
    }
    out += "END\n";
  }
  out += kGnuplotAxes;
  std::string ticks;
  for (std::size_t d = 0; d < table.deformations.size(); ++d) {
    ticks += fmt::format("{}{} {}", d == 0 ? "" : ", ", gnuplot_quoted(table.deformations[d]), d);
  }
  const double legend = legend_height(looks, kFigureWidth);
  out += fmt::format(
      "unset key\nset tmargin at screen 0.98\nset bmargin at screen {:.4f}\n"
      "set lmargin at screen 0.34\nset rmargin at screen 0.98\n",
      (legend + 66) / static_cast<double>(height));
  out += legend_script(looks, 4, kFigureWidth, height);
  out += fmt::format(
      "set xlabel {} font ',11'\nset yrange [{:.1f}:-0.6]\nset ytics ({}) noenhanced\n"
      "set grid ytics lt 1 lw 0.4 lc rgb '{}'\nset arrow from 0,graph 0 to 0,graph 1 nohead lw 1 "
      "lc rgb '{}'\nplot ",
      gnuplot_quoted(
          fmt::format("{} under {}: drop in {}", table.task, table.protocol, table.metric)),
      static_cast<double>(table.deformations.size()) - 0.4, ticks, kFaintInk, kInk);
  // Intervals first, so that they hide no marker.
  for (std::size_t e = 0; e < looks.size(); ++e) {
    out += fmt::format(
        "{}$drops{} using 3:1:($4-$3):(0) with vectors nohead lw 1 lc rgb '{}' "
        "notitle",
        e == 0 ? "" : ", ", e, looks[e].colour());
  }
  for (std::size_t e = 0; e < looks.size(); ++e) {
    out += fmt::format(", $drops{} using 2:1 with points ps 0.7 lw 1.5 {} notitle", e,
                       look_script(looks[e]));
  }
  return out + "\n";
}

std::vector<Drawing> drawings(const Results& results, const std::vector<ScoreTable>&) {
  std::vector<Drawing> out;
  const std::vector<EncoderLook> looks = encoder_looks(results);
  for (const DeformedTable& table : deformed_tables(results)) {
    const bool has_any = std::ranges::any_of(table.entries, [](const Deformed* each) {
      return each != nullptr && each->failure.empty() && std::isfinite(each->drop);
    });
    if (!has_any) continue;
    const std::size_t height =
        120 + table.deformations.size() * std::max<std::size_t>(20, 8 * table.encoders.size());
    out.push_back({table.name(), script(table, looks, height), kFigureWidth, height});
  }
  return out;
}

}  // namespace

extern const ReportFigure deformations_figure = {
    .id = "deformations",
    .place = 310,
    .drawings = drawings,
};

}  // namespace musicrep
