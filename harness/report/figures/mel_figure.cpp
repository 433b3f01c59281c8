// Mel spectrograms of clips of each data set that has them.
#include <fmt/format.h>

#include <algorithm>

#include "frontend/mel.h"
#include "report/figure.h"
#include "report/gnuplot.h"

namespace musicrep {
namespace {

constexpr std::size_t kColumns = 5;       // of panels
constexpr std::size_t kPanelWidth = 180;  // in the SVG's points
constexpr std::size_t kPanelHeight = 150;

/// 4 dB: the eye sees little more, and the file is half as large.
constexpr int kGreyStep = 12;
/// White: 60 dB below the clip's loudest. What lies below is noise that would make all grey.
constexpr int kWhite = 64;

/// Place of a frequency on the axis of bands.
double band_of(const MelPicture& picture, double hz) {
  const auto mel = [](double f) { return hz_to_mel(MelKind::kSlaney, f); };
  return (mel(hz) - mel(picture.low_hz)) / (mel(picture.high_hz) - mel(picture.low_hz)) *
         static_cast<double>(picture.n_bands - 1);
}

std::size_t rows_of(const DatasetRecord& data) {
  return (data.pictures.size() + kColumns - 1) / kColumns;
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

std::vector<Drawing> drawings(const Results& results, const std::vector<ScoreTable>&) {
  std::vector<Drawing> out;
  for (const DatasetRecord& data : results.datasets) {
    if (data.pictures.empty()) continue;
    out.push_back({data.name, mel_script(data),
                   std::min(data.pictures.size(), kColumns) * kPanelWidth,
                   rows_of(data) * kPanelHeight});
  }
  return out;
}

}  // namespace

extern const ReportFigure mel_figure = {
    .id = "mel",
    .place = 100,
    .drawings = drawings,
};

}  // namespace musicrep
