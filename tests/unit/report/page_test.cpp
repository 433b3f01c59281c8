// report.html: its pieces, its data and several runs on one page.
#include "report/html/page.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "base_row.h"
#include "report/encoder_looks.h"
#include "report/html/html.h"
#include "report/leaderboard.h"
#include "report/section.h"
#include "unit/store/sample_results.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;
using nlohmann::json;

constexpr const char* kHostile = "</script><img src=x onerror=\"alert(1)\">&'`";

/// The data of the first block of that name.
json block_of(const std::string& page, const std::string& name) {
  const std::string begin = "data-block=\"" + name + "\"><script type=\"application/json\">";
  const std::size_t at = page.find(begin);
  REQUIRE(at != std::string::npos);
  const std::size_t from = at + begin.size();
  return json::parse(page.substr(from, page.find("</script>", from) - from));
}

bool has_block(const std::string& page, const std::string& name) {
  return page.find("data-block=\"" + name + "\"") != std::string::npos;
}

ResultRow row_of(const std::string& encoder, std::vector<double> predicted) {
  ResultRow row = base_row(encoder, "genre", "folds");
  row.score = 0.5;
  row.ci_low = 0.4;
  row.ci_high = 0.6;
  row.baseline = 0.25;
  row.n = 4;
  add_item(row, "a", 0, 0, 0);
  add_item(row, "b", 0, 0, 0);
  add_item(row, "c", 0, 0, 1);
  add_item(row, "d", 0, 0, 1);
  TargetResult target;
  target.name = "genre";
  target.classes = {"blues", "rock"};
  target.truth = {0, 0, 1, 1};
  target.predicted = std::move(predicted);
  row.targets = {target};
  return row;
}

Results two_rows() {
  Results results;
  results.experiment = "two";
  results.datasets.resize(1);
  results.datasets[0].name = "clips";
  results.datasets[0].manifest_sha256 = std::string(64, 'e');
  results.rows = {row_of("mfcc", {0, 1, 1, 1}), row_of("mine", {0, 0, 0, 1})};
  return results;
}

/// Relative luminance of "#rrggbb", as WCAG 2 defines it.
double luminance(const std::string& colour) {
  double out = 0;
  const double weights[] = {0.2126, 0.7152, 0.0722};
  for (std::size_t k = 0; k < 3; ++k) {
    const double v = std::stoi(colour.substr(1 + 2 * k, 2), nullptr, 16) / 255.0;
    out += weights[k] * (v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
  }
  return out;
}

double contrast(const std::string& a, const std::string& b) {
  const double low = std::min(luminance(a), luminance(b));
  const double high = std::max(luminance(a), luminance(b));
  return (high + 0.05) / (low + 0.05);
}

TEST_CASE("colours can be seen on white and on dark paper, and 88 encoders look different") {
  for (const char* colour : kPalette) {
    INFO(colour);
    CHECK(contrast(colour, "#ffffff") >= 3);
    CHECK(contrast(colour, "#0d1117") >= 3);
  }
  CHECK(contrast(kInk, "#ffffff") >= 4);
  CHECK(contrast(kInk, "#0d1117") >= 4);
  Results results;
  for (int k = 0; k < 88; ++k) {
    results.costs.push_back({});
    results.costs.back().encoder = "encoder " + std::to_string(k);
  }
  std::set<std::pair<std::string, int>> seen;
  for (const EncoderLook& look : encoder_looks(results)) {
    CHECK(seen.emplace(look.colour(), look.point_type()).second);
  }
  CHECK(seen.size() == 88);
}

TEST_CASE("an encoder of the paper looks the same in every run, and others take what is left") {
  Results results = two_rows();
  results.rows.push_back(row_of("tlm", {0, 0, 1, 1}));
  const std::vector<EncoderLook> looks = encoder_looks(results);
  const EncoderLook tlm = look_of(looks, "tlm");
  CHECK(tlm.name == "TLM");
  results.rows.erase(results.rows.begin());
  const EncoderLook again = look_of(encoder_looks(results), "tlm");
  CHECK(again.colour() == std::string(tlm.colour()));
  CHECK(again.point_type() == tlm.point_type());
  CHECK(look_of(looks, "mine").place == 2);  // 0 and 1 are those of mfcc and tlm
  results.experiment_toml =
      "[encoder.mine]\nkind = \"features\"\ntitle = \"Mine, \\\"the best\\\"\"\n";
  CHECK(look_of(encoder_looks(results), "mine").name == "Mine, \"the best\"");
  results.experiment_toml = "[encoder";
  CHECK(look_of(encoder_looks(results), "mine").name == "mine");
}

TEST_CASE("Markdown of sections becomes HTML in which data is text") {
  CHECK(
      html_of_markdown("## A &lt;b>\n\nsome **bold** and `code <i>`\n\n") ==
      "<h2>A &lt;b&gt;</h2>\n<p>some <strong>bold</strong> and <code>code &lt;i&gt;</code></p>\n");
  CHECK(html_of_markdown("- one\n- two\n\n![a picture](x.svg)\n") ==
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n");
  CHECK(html_of_markdown("a  \nb\nc\n") == "<p>a<br>\nb c</p>\n");
  CHECK(html_of_markdown("2 * 3 * 4, *so*, [x](javascript:alert(1))\n") ==
        "<p>2 * 3 * 4, <em>so</em>, [x](javascript:alert(1))</p>\n");
  const std::string table = html_of_markdown("| a | n |\n|-|-:|\n| x\\|y | 3 |\n\n");
  CHECK_THAT(table, Contains("<th scope=\"col\">a</th><th scope=\"col\" class=\"number\">n</th>") &&
                        Contains("<td>x|y</td><td class=\"number\">3</td>"));
  CHECK(html_of_markdown("<details><summary>more</summary>\n\ntext\n\n</details>\n") ==
        "<details><summary>more</summary>\n<p>text</p>\n</details>\n");
  CHECK(html_of_markdown("").empty());
}

TEST_CASE("hostile labels, notes and ids stay text in the page") {
  Results results = two_rows();
  results.title = kHostile;
  results.datasets[0].about = kHostile;
  for (ResultRow& row : results.rows) {
    row.encoder += kHostile;
    row.notes = {kHostile};
    row.item_ids[0] = kHostile;
    row.targets[0].classes[0] = kHostile;
  }
  results.rows.push_back(row_of("bad", {}));
  results.rows.back().failure = kHostile;
  ClipsOfDatasets clips;
  clips["clips"].clips[kHostile] = {
      .artist = kHostile, .text = kHostile, .audio = "x.wav", .picture = {}};
  const std::string page = html_report(results, clips);
  CHECK_THAT(page, !Contains("<img") && !Contains("</script><img") && Contains("&lt;/script&gt;"));
  const json confusion = block_of(page, "confusion");
  CHECK(confusion["views"][0]["classes"][0] == kHostile);
  CHECK(block_of(page, "clips")["clips"]["artists"][0] == kHostile);
  CHECK(block_of(page, "scores")["tables"][0]["rows"][0]["notes"][0] == kHostile);
}

TEST_CASE("a confusion's counts, items and predictions belong together") {
  const std::string page = html_report(two_rows());
  const json data = block_of(page, "confusion");
  REQUIRE(data["views"].size() == 1);
  const json& rows = data["views"][0]["rows"];
  REQUIRE(rows.size() == 2);
  CHECK(rows[0]["counts"] == json({1, 1, 0, 2}));
  CHECK(rows[0]["predicted"] == json({0, 1, 1, 1}));
  // Rows of the same items share the list of them.
  CHECK(rows[0]["items"] == rows[1]["items"]);
  CHECK(data["lists"][rows[0]["items"].get<std::size_t>()] == json({0, 1, 2, 3}));
  const json clips = block_of(page, "clips")["clips"];
  CHECK(clips["ids"] == json({"a", "b", "c", "d"}));
  CHECK(clips["artists"] == json({0, 0, 1, 1}));
}

TEST_CASE("results without rows, with one and with failed ones have a page") {
  CHECK_THAT(html_report(Results{}), Contains("The run has no rows."));
  Results results = two_rows();
  results.rows.resize(1);
  CHECK(has_block(html_report(results), "scores"));
  results.rows[0].failure = "no file 'a.wav'";
  results.rows[0].targets.clear();
  const std::string page = html_report(results);
  const json row = block_of(page, "scores")["tables"][0]["rows"][0];
  CHECK(row["failure"] == "no file 'a.wav'");
  CHECK_FALSE(row.contains("score"));
  CHECK_FALSE(has_block(page, "confusion"));
  results = two_rows();
  results.rows[0].score = NAN;
  results.rows[0].ci_low = NAN;
  CHECK(block_of(html_report(results), "scores")["tables"][0]["rows"][1]["score"].is_null());
}

TEST_CASE("a page names no address of the network and every section has a place of its own") {
  const std::string page = html_report(sample_results());
  CHECK_THAT(page, Contains("default-src 'none'") && !Contains("src=\"http") &&
                       !Contains("href=\"http") && !Contains("@import") && !Contains("url("));
  std::set<int> places;
  for (const ReportSection* section : report_sections()) {
    CHECK(places.insert(section->page_place != 0 ? section->page_place : section->place).second);
  }
}

TEST_CASE("several runs: the same rows are one, what differs in data or rules stands apart") {
  NamedRun first{"first", two_rows()};
  NamedRun second{"second", two_rows()};
  second.results.rows[1].score = 0.55;
  const auto tables = [](const std::string& page) { return block_of(page, "scores")["tables"]; };
  const std::string together = leaderboard_page({first, second});
  CHECK_THAT(together, !Contains("Not comparable</h2>"));
  REQUIRE(tables(together).size() == 1);
  const json rows = tables(together)[0]["rows"];
  REQUIRE(rows.size() == 3);
  CHECK(tables(together)[0]["data"] == std::string(64, 'e'));
  CHECK(rows[0]["run"] == "second");
  CHECK(rows[0]["score"] == 0.55);
  CHECK(rows[1]["run"] == "first, second");
  CHECK(rows[2]["run"] == "first");
  second.results.datasets[0].manifest_sha256 = std::string(64, 'f');
  second.results.rows.resize(1);
  second.results.rows[0].protocol_sha256 = std::string(64, 'c');
  const std::string apart = leaderboard_page({first, second});
  CHECK(tables(apart).size() == 1);
  CHECK(tables(apart)[0]["rows"].size() == 2);
  CHECK_THAT(apart, Contains("Not comparable</h2>") &&
                        Contains("other items, labels or artists (ffffffffffff instead of "
                                 "eeeeeeeeeeee)") &&
                        Contains("other rules of the protocol (cccccccccccc instead of"));
  CHECK_THAT(leaderboard_page({{"none", Results{}}, {"none too", Results{}}}),
             Contains("No run has a row."));
}

}  // namespace
}  // namespace musicrep
