#include "report/figures.h"

#include <fmt/format.h>

#include <cctype>

#include "core/files.h"
#include "musicrep/error.h"
#include "report/figure.h"
#include "report/gnuplot.h"

namespace musicrep {
namespace {

namespace fs = std::filesystem;

std::string file_name(std::string_view id, const std::string& key, FigureFormat format) {
  std::string out(id);
  if (!key.empty()) out += "-";
  for (const char c : key) {
    out += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' ? c : '_';
  }
  return out + (format == FigureFormat::kPdf ? ".pdf" : ".svg");
}

/// Draws one into folder/name; why it was not drawn, or nothing.
std::string problem_of(const Drawing& drawing, const fs::path& folder, const std::string& name,
                       FigureFormat format) {
  Drawn drawn = Drawn::kYes;
  try {
    write_atomically(folder / name, [&](const fs::path& temporary) {
      drawn = draw(drawing, temporary, format);
      if (drawn != Drawn::kYes) throw DataError("no figure");  // and no file
    });
  } catch (const DataError&) {
    if (drawn == Drawn::kYes) throw;
    return drawn == Drawn::kNoProgram
               ? "the report has no figures: there is no program 'gnuplot' (on Debian, the package "
                 "gnuplot-nox)"
               : fmt::format("the report has no figure {}: gnuplot failed", name);
  }
  return "";
}

}  // namespace

const Figures::Files& Figures::of(std::string_view id) const {
  static const Files kNone;
  const auto at = files.find(id);
  return at == files.end() ? kNone : at->second;
}

std::string Figures::file(std::string_view id, const std::string& key) const {
  const auto at = of(id).find(key);
  return at == of(id).end() ? "" : at->second;
}

Figures draw_figures(const Results& results, const fs::path& folder, FigureFormat format) {
  Figures figures;
  const std::vector<ScoreTable> tables = score_tables(results);
  for (const ReportFigure* figure : by_place(report_figures())) {
    for (const Drawing& drawing : figure->drawings(results, tables)) {
      if (drawing.script.empty()) continue;
      const std::string name = file_name(figure->id, drawing.key, format);
      const std::string problem = problem_of(drawing, folder, name, format);
      if (problem.empty()) {
        figures.files[std::string(figure->id)][drawing.key] = name;
      } else {
        figures.problem = problem;
      }
    }
  }
  return figures;
}

}  // namespace musicrep
