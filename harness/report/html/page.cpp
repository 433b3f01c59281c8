#include "report/html/page.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace musicrep {
namespace {

/// Characters that could end the element that holds the JSON are written as JSON's own escapes.
std::string inert_json(const nlohmann::json& data) {
  using Json = nlohmann::json;
  const std::string text = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "\\u003c";
        break;
      case '>':
        out += "\\u003e";
        break;
      case '&':
        out += "\\u0026";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string page_heading(std::string_view title) {
  return fmt::format("<h2>{}</h2>\n", html_text(title));
}

std::string page_block(std::string_view name, const nlohmann::json& data) {
  return fmt::format(
      "<div class=\"block\" data-block=\"{}\"><script type=\"application/json\">{}</script></div>\n",
      html_text(name), inert_json(data));
}

std::string folded_page(std::string_view markdown) {
  constexpr std::string_view kHeadingEnd = "</h2>\n";
  const std::string html = html_of_markdown(markdown);
  const std::size_t end = html.find(kHeadingEnd);
  if (end == std::string::npos) return html;
  const std::size_t below = end + kHeadingEnd.size();
  return html.substr(0, below) + page_details("Show", html.substr(below));
}

std::string page_details(std::string_view summary, const std::string& html) {
  if (html.empty()) return "";
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", html_text(summary), html);
}

}  // namespace musicrep
