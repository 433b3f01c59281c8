#include "torch_reason.h"

#include <algorithm>
#include <array>
#include <vector>

namespace musicrep {
namespace {

constexpr std::size_t kMost = 600;

std::string_view without_spaces(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (const auto line = without_spaces(text.substr(0, end)); !line.empty()) out.push_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return out;
}

/// Whether a line shows where something is, not what is wrong.
bool is_of_a_trace(std::string_view line) {
  constexpr std::array<std::string_view, 9> kBegins = {"Traceback",
                                                       "File \"",
                                                       "at ",
                                                       "~",
                                                       "The above operation failed",
                                                       "Serialized   ",
                                                       "Exception raised from",
                                                       "frame #",
                                                       "Debug info"};
  if (line.find("<--- HERE") != std::string_view::npos) return true;
  if (line.find("The following operation failed in the TorchScript") != std::string_view::npos) {
    return true;
  }
  return std::ranges::any_of(kBegins,
                             [&](std::string_view begin) { return line.starts_with(begin); });
}

/// "RuntimeError: x" and the like: where the interpreter begins to say what is wrong.
bool names_an_error(std::string_view line) {
  const std::size_t colon = line.find(": ");
  return colon != std::string_view::npos &&
         (line.substr(0, colon).ends_with("Error") || line.substr(0, colon).ends_with("Exception"));
}

}  // namespace

std::string telling_part(std::string_view message) {
  const std::vector<std::string_view> lines = lines_of(message);
  auto first = lines.end();
  for (auto at = lines.begin(); at != lines.end(); ++at) {
    if (names_an_error(*at)) first = at;  // the last: what it was caused by comes before
  }
  const bool interpreted = std::ranges::any_of(lines, is_of_a_trace);
  if (first == lines.end()) {
    // Without such a line: after a trace, what is last; else from the beginning.
    first = interpreted && !is_of_a_trace(lines.back()) ? lines.end() - 1 : lines.begin();
  }
  std::string out;
  for (auto at = first; at != lines.end() && out.size() <= kMost; ++at) {
    if (is_of_a_trace(*at)) continue;
    if (!out.empty()) out += ' ';
    out += *at;
  }
  if (out.empty()) out = without_spaces(message);
  // A device stands in the code of a model that was traced on it.
  if (out.find("'CUDA' backend") != std::string::npos || out.find("NVIDIA") != std::string::npos) {
    out.insert(0, "the model's code asks for a GPU, expected a model exported on the CPU: ");
  }
  if (out.size() > kMost) {
    out.resize(kMost);
    out += "...";
  }
  return out;
}

}  // namespace musicrep
