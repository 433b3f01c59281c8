#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string_view>

#include "base_row.h"
#include "core/files.h"
#include "evaluation/merge_seeds.h"
#include "report/csv.h"
#include "report/exports.h"
#include "report/figure.h"
#include "report/figures.h"
#include "report/latex.h"
#include "report/markdown.h"
#include "report/markdown_text.h"
#include "report/section.h"
#include "report/verdict.h"
#include "statistics/derive.h"
#include "test_files.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;

/// Compares with an approved text beside this file. MUSICREP_APPROVE=1 writes it again, to be
/// looked at before it is committed.
void check_approved(const std::string& name, const std::string& text) {
  const std::filesystem::path path =
      std::filesystem::path(MUSICREP_TEST_DIR) / "unit" / "report" / name;
  if (std::getenv("MUSICREP_APPROVE") != nullptr) write_text_atomically(path, text);
  CHECK(text == read_file(path));
}

Selection selection(int fold, double c, const std::string& gamma, double test, bool edge) {
  return {.chosen = {.fold = fold,
                     .view = "",
                     .kernel = gamma.empty() ? "linear" : "rbf",
                     .c = c,
                     .gamma = 0,
                     .gamma_rule = gamma,
                     .standardised = true,
                     .score = 0.7,
                     .cap_hit = false},
          .test_score = test,
          .n_test = 3,
          .at_grid_edge = edge};
}

ResultRow genre_row(const std::string& encoder, double score, std::vector<double> predicted) {
  ResultRow row = base_row(encoder, "genre", "svm_cv");
  row.dataset = "gtzan";
  row.protocol_version = 2;
  row.score = score;
  row.ci_low = score - 0.02;
  row.ci_high = score + 0.02;
  row.ci_method = "Wilson interval with Student's t over 6 items";
  row.baseline = 0.5;
  row.p_baseline = 0.001;
  row.n = 6;
  row.dim = 40;
  row.n_configurations = 12;
  TargetResult target;
  target.name = "genre";
  target.classes = {"blues", "rock|pop"};
  target.truth = {0, 0, 0, 1, 1, 1};
  target.predicted = std::move(predicted);
  target.score = score;
  target.ci_low = row.ci_low;
  target.ci_high = row.ci_high;
  target.inner_score = score + 0.015;
  target.selected = {selection(0, 1, "2^-9", 0.6, true), selection(1, 1, "2^-9", 0.6, false),
                     selection(2, 0.5, "", 0.6, false)};
  target.grid = {target.selected[0].chosen, target.selected[2].chosen};
  target.grid[1].cap_hit = true;
  row.targets = {target};
  return row;
}

ResultRow mood_row(const std::string& encoder, double arousal, double valence) {
  ResultRow row = genre_row(encoder, (arousal + valence) / 2, {});
  row.task = "mood";
  row.dataset = "deezer";
  row.protocol = "svr_split";
  row.protocol_sha256 = std::string(64, 'c');
  row.metric = "r2";
  row.baseline = 0;
  row.p_baseline = 0.2;
  row.targets.clear();
  for (const auto& [name, score] : {std::pair("arousal", arousal), std::pair("valence", valence)}) {
    TargetResult target;
    target.name = name;
    target.score = score;
    target.ci_low = score - 0.01;
    target.ci_high = score + 0.01;
    target.selected = {selection(0, 8, "1/d", score, false)};
    row.targets.push_back(target);
  }
  return row;
}

/// Two bands, three columns.
MelPicture picture(const std::string& label) {
  return {.id = label + ".00000",
          .label = label,
          .duration_s = 1.5,
          .low_hz = 40,
          .high_hz = 9000,
          .n_bands = 2,
          .n_columns = 3,
          .values = {0, 1, 2, 100, 200, 255}};
}

Results sample() {
  Results results;
  results.experiment = "table1";
  results.title = "Table 1: genre and mood";
  results.experiment_sha256 = std::string(64, 'd');
  results.seed = 7;
  results.provenance = {{"code_version", "0.1.0"},
                        {"compiler", "GCC 12 | -O2"},
                        {"statistics_version", std::to_string(kStatisticsVersion)}};
  results.volatile_facts = {{"host", "bench<1>"}, {"started_at", "2024-05-06T07:08:09Z"}};
  results.datasets = {{.name = "gtzan",
                       .kind = "table",
                       .manifest_sha256 = std::string(64, 'e'),
                       .n_items = 930,
                       .n_expected = 1000,
                       .about = "Tzanetakis and Cook 2002",
                       .notes = {"jazz.00054 is damaged"},
                       .audio_pcm_sha256 = std::string(64, 'c'),
                       .skipped = {{.id = "jazz.00054", .reason = "truncated | damaged"}},
                       .pictures = {picture("blues"), picture("it's")}},
                      {.name = "deezer",
                       .kind = "table",
                       .manifest_sha256 = std::string(64, 'f'),
                       .n_items = 6,
                       .n_expected = 0,
                       .about = "Delbouys et al. 2018",
                       .notes = {},
                       .audio_pcm_sha256 = "",
                       .skipped = {},
                       .pictures = {}}};
  ResultRow mfcc = genre_row("mfcc", 0.6, {0, 1, 1, 1, 1, 0});
  mfcc.published = 0.5983;
  mfcc.published_source = "Rossetto and Dalton, Table 1";
  mfcc.notes = {"scored on 930 of 1000 items"};
  ResultRow vggish = genre_row("vggish", 0.8413, {0, 0, 0, 1, 1, 0});
  vggish.published = 0.859;
  vggish.published_source = mfcc.published_source;
  vggish.notes = {"its weights have seen YouTube", "scored on 930 of 1000 items"};
  ResultRow tlm = genre_row("tlm", 0.8408, {0, 0, 0, 1, 0, 1});
  tlm.published = 0.7760;
  tlm.published_source = mfcc.published_source;
  ResultRow failed = genre_row("broken", 0, {});
  failed.failure = "item 'blues.00001': no features in 'x.h5'";
  failed.targets.clear();
  failed.n = 0;
  ResultRow mood = mood_row("mfcc", 0.1, 0.05);
  mood.targets[0].published = 0.0995;
  results.rows = {failed, mfcc, vggish, tlm, mood, mood_row("vggish", 0.2, -0.0001)};
  const auto compare = [&](const char* a, const char* b, double difference, double p) {
    results.comparisons.push_back({.task = "genre",
                                   .protocol = "svm_cv",
                                   .a = a,
                                   .b = b,
                                   .difference = difference,
                                   .ci_low = difference - 0.03,
                                   .ci_high = difference + 0.03,
                                   .standard_error = 0.015,
                                   .degrees_of_freedom = 80,
                                   .test = "paired t over 93 artists",
                                   .p = p,
                                   .p_adjusted = 2 * p,
                                   .smallest_detectable = 0.035});
  };
  compare("vggish", "mfcc", 0.2413, 1e-6);
  compare("vggish", "tlm", 0.0005, 0.48);
  results.comparisons.push_back({.task = "mood",
                                 .protocol = "svr_split",
                                 .a = "vggish",
                                 .b = "mfcc",
                                 .difference = 0.025,
                                 .ci_low = 0.01,
                                 .ci_high = 0.04,
                                 .standard_error = 0.0075,
                                 .degrees_of_freedom = 5,
                                 .test = "paired t over 6 items",
                                 .p = 0.01,
                                 .p_adjusted = 0.01,
                                 .smallest_detectable = 0.021});
  results.letters = {{.task = "genre", .protocol = "svm_cv", .encoder = "vggish", .letters = "a"},
                     {.task = "genre", .protocol = "svm_cv", .encoder = "tlm", .letters = "a"},
                     {.task = "genre", .protocol = "svm_cv", .encoder = "mfcc", .letters = "b"},
                     {.task = "mood", .protocol = "svr_split", .encoder = "vggish", .letters = "a"},
                     {.task = "mood", .protocol = "svr_split", .encoder = "mfcc", .letters = "b"}};
  return results;
}

TEST_CASE("the report of a run is as approved") {
  check_approved("table1.approved.md", markdown_report(sample()));
}

TEST_CASE("figures are drawn beside the report, the same each time, and linked to where they are") {
  const TempFolder folder;
  Results results = sample();
  results.datasets[0].name = "gtzan/'a b'";
  const Figures figures = draw_figures(results, folder.path());
  CHECK(figures.problem.empty());
  REQUIRE(figures.of("mel").size() == 1);
  const std::string name = figures.file("mel", results.datasets[0].name);
  CHECK(name == "mel-gtzan__a_b_.svg");
  const std::string svg = bytes_of(folder.path() / name);
  CHECK_THAT(svg, Contains("</svg>") && Contains("<image") && Contains("time (s)") &&
                      Contains("frequency (Hz)") && Contains("5000") && Contains("it's"));
  CHECK(draw_figures(results, folder.path()).files == figures.files);
  CHECK(bytes_of(folder.path() / name) == svg);
  // And those of scores and confusions.
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 3);
  CHECK_THAT(markdown_report(results, figures), Contains("](" + name + ")"));
  CHECK_THAT(markdown_report(results), !Contains(name));
}

TEST_CASE("sections and figures have places of their own, and figures names of their own") {
  std::set<int> places;
  for (const ReportSection* section : by_place(report_sections())) {
    CHECK((places.empty() || section->place > *places.rbegin()));
    places.insert(section->place);
  }
  std::set<std::string_view> ids;
  places.clear();
  for (const ReportFigure* figure : report_figures()) {
    CHECK(places.insert(figure->place).second);
    CHECK(ids.insert(figure->id).second);
    CHECK(figure->title.empty() == figure->caption.empty());
    CHECK(figure->drawings(Results{}, {}).empty());
  }
}

TEST_CASE("trainings and costs are drawn, and long notes stand at the end in full") {
  const TempFolder folder;
  Results results = sample();
  results.curves = {
      {"it's mlm", "albums", 0, {10, 20, 30}, {0.9, 0.7, 0.6}, {20}, {0.8}, 1.0, 0.25},
      {"it's mlm", "albums", 1, {10, 20, 30}, {0.8, 0.7, 0.5}, {20}, {0.7}, 1.0, 0.35}};
  results.costs = {{kTrainStep, "it's mlm", "albums", 0, 4, 3.5, 0, 1, 30},
                   {kEncodeStep, "it's mlm", "gtzan", 0, 2, 1.5, 210, 3, 100},
                   {kEncodeStep, "mfcc", "gtzan", 0, 2, 0.1, 90, 3, 100},
                   {kEvaluateStep, "mfcc", "genre under svm", 0, 2, 0.1, 90, 3, 100}};
  const std::string note =
      "trained on " + std::string(60, 'a') + " " + std::string(150, 'b') + " end";
  results.rows[0].notes.push_back(note);
  const Figures figures = draw_figures(results, folder.path());
  CHECK(figures.problem.empty());
  CHECK_THAT(bytes_of(folder.path() / figures.file("training")),
             Contains("</svg>") && Contains("it's mlm on albums") &&
                 Contains("held-out items; dashed: base rates"));
  CHECK_THAT(bytes_of(folder.path() / figures.file("costs")),
             Contains("</svg>") && Contains("MFCC") && Contains("a training"));
  CHECK_THAT(bytes_of(folder.path() / figures.file("scores")),
             Contains("genre, svm_cv") && Contains("published"));
  CHECK_THAT(bytes_of(folder.path() / figures.file("confusion")), Contains("rock|pop"));
  const std::string report = markdown_report(results, figures);
  for (const std::string& file : {figures.file("training"), figures.file("costs"),
                                  figures.file("scores"), figures.file("confusion")}) {
    CHECK_THAT(report, Contains("](" + file + ")"));
  }
  CHECK_THAT(report, Contains(std::string(60, 'a') + " … (whole under") &&
                         Contains("## Notes in full\n\n- ") && Contains(note));
}

TEST_CASE("scores go to LaTeX, works to BibTeX, all to JSON") {
  Results results = sample();
  results.rows[2].encoder = "a_b & 5 %";
  for (EncoderLetters& each : results.letters) {
    if (each.encoder == "vggish") each.encoder = "a_b & 5 %";
  }
  const std::string latex = latex_tables(results);
  CHECK_THAT(latex, Contains("a\\_b \\& 5 \\% & \\textbf{0.841}\\textsuperscript{a} {\\small "
                             "[0.821, 0.861]}") &&
                        Contains("MFCC & 0.600") && Contains("\\begin{tabular}{lr}") &&
                        Contains("\\caption{Table 1: genre and mood: protocol svm\\_cv.") &&
                        Contains("\\label{tab:table1-svm-cv}"));
  results.citations = {
      {"encoder vggish", "Hershey et al.: CNN Architectures for Large-Scale Audio Classification"},
      {"encoder other", "Hershey et al.: CNN architectures for large-scale audio classification"},
      {"encoder mine", "A. Nobody: 100 % of {everything}"}};
  const std::string bib = bibtex(
      results, read_works("@inproceedings{hershey2017cnn,\n  title = {{CNN} Architectures for "
                          "Large-Scale Audio Classification},\n}"));
  CHECK_THAT(
      bib,
      Contains("% used by: encoder vggish; encoder other\n@inproceedings{hershey2017cnn,") &&
          Contains("@misc{encoder_mine,\n  key = {encoder\\_mine},\n  title = {encoder mine},\n"
                   "  note = {A. Nobody: 100 \\% of \\{everything\\}}") &&
          Contains("@misc{musicrep,") && Contains("@article{chang2011libsvm,") &&
          !Contains("paszke"));
  const auto json = nlohmann::json::parse(json_text(results));
  CHECK(json.at("rows").at(2).at("encoder") == "a_b & 5 %");
  CHECK(json.at("content_digest") == content_digest(results));
}

/// Two encoders on one data set: frames as they are, and a network of one layer.
void add_diagnoses(Results& results) {
  const auto add = [&](const char* encoder, const char* layer, std::int64_t index,
                       const char* measure, double value, double spread, std::int64_t n_clips) {
    const double unknown = std::nan("");  // as of one training in results of an earlier version
    results.diagnoses.push_back(
        {encoder, "gtz|an", layer, index, measure, value, spread > 0 ? value - spread : unknown,
         spread > 0 ? value + spread : unknown, n_clips, spread > 0 ? 3 : 1});
  };
  add("frames", "input", 0, "cosine", 0.43, 0, 47);
  add("frames", "input", 0, "cosine_centred", 0.42, 0, 47);
  add("frames", "input", 0, "random_cosine", 0.018, 0, 50);
  add("it's mlm", "input", 0, "cosine_centred", 0.5, 0.01, 47);
  add("it's mlm", "layer 1 attention", 1, "cosine_centred", 0.55, 0.02, 47);
  add("it's mlm", "layer 1 attention", 1, "attention_entropy", 0.9, 0.01, 50);
  add("it's mlm", "layer 1", 2, "cosine_centred", std::nan(""), 0, 0);
  add("it's mlm", "layer 2", 3, "cosine_centred", 0.6, 0.03, 47);
}

TEST_CASE("what was diagnosed stands in tables that are explained, a figure and a CSV") {
  const TempFolder folder;
  Results results = sample();
  add_diagnoses(results);
  results.datasets[0].pictures.clear();
  const Figures figures = draw_figures(results, folder.path());
  CHECK(figures.problem.empty());
  REQUIRE(figures.of("variability").size() == 1);
  const std::string name = figures.file("variability", "gtz|an");
  CHECK(name == "variability-gtz_an.svg");
  const std::string svg = bytes_of(folder.path() / name);
  CHECK_THAT(svg, Contains("</svg>") && Contains("att. 1") && Contains("it's mlm") &&
                      Contains("centred") && Contains("as they are"));
  static_cast<void>(draw_figures(results, folder.path()));
  CHECK(bytes_of(folder.path() / name) == svg);
  const std::string text = markdown_report(results, figures);
  CHECK_THAT(text, Contains("## Variability and blur") && Contains("](" + name + ")") &&
                       Contains("gtz\\|an: 50 clips; 3 of them have one frame alone"));
  CHECK_THAT(text, Contains("| frames | input | 0.430 | 0.420 | – | – | 0.018 |"));
  CHECK_THAT(text, Contains("| it's mlm | layer 1 attention | – | 0.550 [0.530, 0.570] |"));
  CHECK_THAT(text, Contains("| it's mlm | layer 1 attention | 0.900 | – |"));
  CHECK_THAT(text, Contains("it's mlm: centred cosine 0.500 after input, 0.600 after layer 2 "
                            "(+0.100)"));
  CHECK_THAT(text, Contains("- **entropy**: "));
  CHECK_THAT(text, !Contains("| nan"));
  CHECK_THAT(csv_diagnoses(results),
             Contains("encoder,dataset,layer,layer_index,measure,value,low,high,n_clips,n_seeds\n"
                      "frames,gtz|an,input,0,cosine,0.43,,,47,1\n") &&
                 Contains("it's mlm,gtz|an,layer 1,2,cosine_centred,,,,0,1\n"));
  CHECK_THAT(markdown_report(sample()), !Contains("Variability"));
}

TEST_CASE("clips of one frame have no cosines, and no figure of them") {
  const TempFolder folder;
  Results results = sample();
  add_diagnoses(results);
  for (Diagnosis& each : results.diagnoses) {
    if (each.measure.starts_with("cosine")) each.value = each.low = each.high = std::nan("");
  }
  const Figures figures = draw_figures(results, folder.path());
  CHECK(figures.problem.empty());
  CHECK(figures.of("variability").empty());
  CHECK_THAT(markdown_report(results, figures), Contains("## Variability and blur"));
  // One of the two measures alone: half a figure.
  for (Diagnosis& each : results.diagnoses) {
    if (each.measure == "cosine_centred") each.value = each.low = each.high = 0.5;
  }
  CHECK(draw_figures(results, folder.path()).problem.empty());
}

TEST_CASE("the report of nothing is as approved") {
  check_approved("empty.approved.md", markdown_report(Results{}));
}

TEST_CASE("the table as CSV is as approved") {
  Results results = sample();
  results.rows[1].published_source = "Rossetto, Dalton, \"MusicBERT\"\nTable 1";
  check_approved("table1.approved.csv", csv_table(results));
}

TEST_CASE("a published score of other data has its reason wherever it is shown, no difference") {
  Results results = sample();
  const std::string why = "theirs is on GTZAN, ours on orchestrion";
  for (ResultRow& row : results.rows) {
    if (row.published && row.encoder != "tlm") row.published_caveat = why;
  }
  // A second task under the protocol: the table on top has both.
  for (ResultRow& row : results.rows) row.protocol = "svm_cv";
  for (EncoderLetters& each : results.letters) each.protocol = "svm_cv";
  const std::string report = markdown_report(results);
  CHECK_THAT(report, !Contains("(-0.018)") && !Contains("(+0.002)") && Contains("0.776 (+0.065)"));
  CHECK_THAT(report, Contains("| VGGish (`vggish`) | 0.841 [0.821, 0.861] | a |") &&
                         Contains("| 0.859 ¹ |"));
  // One number for it in all tables, and one line.
  const std::string note = "the published figure cannot be compared with ours: " + why;
  CHECK_THAT(report, Contains("¹ " + note));
  CHECK(report.find(note) == report.rfind(note));
  CHECK_THAT(report, Contains("not comparable: " + why) && !Contains("| -0.018 |"));
  CHECK_THAT(csv_table(results), Contains("published_source,published_caveat,failure\n") &&
                                     Contains("\"" + why + "\""));
  CHECK_THAT(latex_tables(results), Contains("0.859\\textsuperscript{(a)}") &&
                                        Contains("\\textsuperscript{(a)} " + note) &&
                                        Contains(" & 0.776 "));
  CHECK(nlohmann::json::parse(json_text(results)).at("rows").at(2).at("published_caveat") == why);
}

TEST_CASE("the figure of scores shows published ones where they can be compared alone") {
  const TempFolder folder;
  Results results = sample();
  CHECK_THAT(bytes_of(folder.path() / draw_figures(results, folder.path()).file("scores")),
             Contains("published"));
  for (ResultRow& row : results.rows) row.published_caveat = "of other data";
  CHECK_THAT(bytes_of(folder.path() / draw_figures(results, folder.path()).file("scores")),
             !Contains("published"));
}

/// Three encoders that look for each other's texts, one of them in vain, one not at all.
Results retrieving() {
  const auto row = [](const std::string& encoder, double found) {
    Retrieval out;
    out.encoder = encoder;
    out.encoder_kind = "musicbert";
    out.encoder_version = "1";
    out.dataset = "albums";
    out.split = "test";
    out.centring = kTrainingMeans;
    out.n = 90;
    out.n_items = 180;
    out.n_seeds = 3;
    out.n_cut = 2;
    out.ci_method = "percentile bootstrap over 15 groups (artists) and 3 seeds, 2000 resamples";
    for (const char* direction : {kTextToMusic, kMusicToText}) {
      out.measures.push_back({direction, "R@10", found, found - 0.05, found + 0.05, 10.0 / 90,
                              found > 0.2 ? 0.001 : 0.8});
      out.measures.push_back({direction, "median rank", 45 - 50 * found, 40 - 50 * found,
                              50 - 50 * found, 45.5, found > 0.2 ? 0.001 : 0.8});
    }
    return out;
  };
  Results results;
  results.experiment = "albums";
  results.title = "Albums";
  results.retrievals = {row("align", 0.4), row("mlm | alone", 0.1)};
  Retrieval failed;
  failed.encoder = "vggish";
  failed.dataset = "albums";
  failed.split = "test";
  failed.centring = kTrainingMeans;
  failed.failure = "the encoder cannot encode texts: it has no text side";
  results.retrievals.push_back(failed);
  results.retrievals.push_back(row("align", 0.3));
  results.retrievals.back().centring = kNoCentring;
  return results;
}

TEST_CASE("the report and the CSV of retrieval are as approved") {
  check_approved("retrieval.approved.md", markdown_report(retrieving()));
  check_approved("retrieval.approved.csv", csv_retrievals(retrieving()));
  CHECK(csv_retrievals(sample()).empty());
}

TEST_CASE("a report where every row failed says so and is whole") {
  Results results = sample();
  for (ResultRow& row : results.rows) row.failure = "no | disk\nleft";
  const std::string text = markdown_report(results);
  CHECK_THAT(text, Contains("no encoder has a score") &&
                       Contains("| failed: no \\| disk ([why](#failed-rows)) |") &&
                       Contains(": no \\| disk left\n"));
  CHECK_THAT(text, !Contains("leads with"));
}

TEST_CASE("a failed cell has one clause, and the whole reason stands under Failed rows") {
  Results results = sample();
  const std::string reason =
      "command 'python3 mine.py' ended with exit code 1 after 3.2 s: Traceback (most recent call "
      "last): File \"mine.py\", line 3: ModuleNotFoundError: No module named 'scipy'";
  results.rows[0].failure = reason;
  const std::string text = markdown_report(results);
  CHECK_THAT(text,
             Contains("| failed: command 'python3 mine.py' ended with exit code 1 after 3.2 s "
                      "([why](#failed-rows)) |") &&
                 Contains("## Failed rows\n\n- **genre, svm_cv, broken**: " + reason));
  results.rows[0].failure = std::string(79, 'x') + "ä" + std::string(49, 'y');
  CHECK_THAT(markdown_report(results), Contains("failed: " + std::string(79, 'x') + " (["));
}

TEST_CASE("each training's score has a column, and encoders of one method are named with it") {
  Results results = sample();
  std::vector<ResultRow> seeds(2, results.rows[2]);
  for (ResultRow& row : seeds) {
    row.item_ids = {"1", "2", "3", "4", "5", "6"};
    row.item_fold.assign(6, 0);
  }
  results.rows[2] = merge_seeds(seeds);
  results.rows[2].ci_method = "another method";
  const std::string text = markdown_report(results);
  CHECK_THAT(text, Contains("| Each training |") && !Contains("mean of 2 training seeds"));
  CHECK_THAT(text, Contains(" 95 % interval of VGGish: another method.") &&
                       Contains(" 95 % interval of TLM and MFCC: Wilson"));
}

TEST_CASE("classes have their recall, encoders their cost beside their score") {
  Results results = sample();
  // Of "blues" MFCC has 1 of 3, of "rock|pop" 2 of 3.
  CHECK_THAT(
      markdown_report(results),
      Contains("## By class") && Contains("| genre | VGGish | TLM | MFCC |") &&
          Contains("| blues | 1.000 | 1.000 | 0.333 |\n| rock\\|pop | 0.667 | 0.667 | 0.667 |"));
  CHECK_THAT(markdown_report(results), !Contains("## Cost and score"));
  results.costs = {{kTrainStep, "mfcc", "albums", 0, 4, 3.5, 0, 1, 30},
                   {kEncodeStep, "mfcc", "gtzan", 0, 2, 0.5, 90, 3, 100},
                   {kEncodeStep, "mfcc", "deezer", 0, 2, 1.5, 80, 3, 100},
                   {"fingerprint", "mfcc", "gtzan", 0, 2, 50, 990, 3, 1}};
  CHECK_THAT(markdown_report(results), Contains("| MFCC | 40 | 160 | 10.0 | 4 | 90 | 0.600 |"));
}

TEST_CASE("numbers that are none do not reach the report as nan") {
  Results results = sample();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (ResultRow& row : results.rows) {
    row.score = row.ci_low = row.ci_high = nan;
    for (TargetResult& target : row.targets)
      target.score = target.ci_low = target.inner_score.emplace(nan);
  }
  for (Comparison& c : results.comparisons) {
    c.difference = c.p = c.p_adjusted = c.smallest_detectable = nan;
  }
  CHECK_THAT(markdown_report(results), !Contains(" nan") && !Contains("[nan"));
  CHECK_THAT(markdown_report(results), Contains("No significant difference (5 %, adjusted)"));
}

TEST_CASE("a verdict is reproduced, within the interval or differs") {
  CHECK(verdict(0.5985, 0.5, 0.7, 0.5980) == "reproduced");
  CHECK(verdict(0.5976, 0.5976, 0.5976, 0.5984) == "reproduced");  // both 0.598
  CHECK(verdict(0.6, 0.58, 0.62, 0.59) == "within the interval");
  CHECK(verdict(0.6, 0.58, 0.62, 0.58) == "within the interval");
  CHECK(verdict(0.6, 0.58, 0.62, 0.6201) == "differs");
  CHECK(verdict(0.6, 0.58, 0.62, 0.5799) == "differs");
  CHECK(verdict(std::nan(""), 0.58, 0.62, 0.6) == "no score");
}

TEST_CASE("texts and numbers are written for Markdown") {
  CHECK(plain("a|b<c\r\nd") == "a\\|b&lt;c d");
  CHECK(score_text(-0.0001) == "0.000");
  CHECK(score_text(std::optional<double>()) == kNothing);
  CHECK(difference_text(-0.0124) == "-0.012");
  CHECK(difference_text(0.0125) == "+0.013");
  CHECK(difference_text(-0.0004) == "0.000");
  CHECK(p_text(0.00099) == "< 0.001");
  CHECK(p_text(1) == "1.000");
  CHECK(superscript(109) == "¹⁰⁹");
  CHECK(enumeration({"a", "b", "c"}) == "a, b and c");
  CHECK(short_hash("0123456789abcdef") == "`0123456789ab`");
  CHECK(short_hash("") == kNothing);
}

TEST_CASE("every line of a table has as many cells as its header") {
  std::istringstream lines(markdown_report(sample()));
  std::string line;
  std::size_t expected = 0;
  std::size_t n_lines = 0;
  while (std::getline(lines, line)) {
    std::size_t cells = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '|' && (i == 0 || line[i - 1] != '\\')) ++cells;
    }
    if (!line.starts_with('|')) cells = 0;
    if (expected != 0 && cells != 0) CHECK(cells == expected);
    if (cells != 0) ++n_lines;
    expected = cells;
  }
  CHECK(n_lines > 40);
}

}  // namespace
}  // namespace musicrep
