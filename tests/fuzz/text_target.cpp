// Texts: CSV, JSON records, lines packed with gzip.
#include <zlib.h>

#include "core/files.h"
#include "datasets/audioset_ontology.h"
#include "datasets/dataset.h"
#include "formats/csv.h"
#include "formats/json_records.h"
#include "formats/lines.h"
#include "fuzz.h"

namespace musicrep::fuzz {
namespace {

void read_csv_text(const std::string& bytes) {
  const CsvTable table = parse_csv(bytes, "input.csv");
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      try_each([&] { static_cast<void>(table.number(r, c)); });
    }
  }
}

std::vector<std::string> tables() {
  return {
      "id,genre,valence,artist,split,tags,text\r\na,rock,0.5,X,train,p|q,\"one, \"\"two\"\"\"\n"
      "b,blues,-1,,validation,,\n\nc,rock,1e-3,Y,,q,\"more\nlines\"\n",
      "\xEF\xBB\xBF,x,y\n0,1,2\n1,nan,1e999\n", "x\n1\n\n2"};
}

/// A whole data set, and what its key and its rows are made of.
void read_table(const std::string& bytes) {
  using Texts = std::vector<std::string>;
  const Dataset dataset = load_dataset("input", "table",
                                       {{"csv", input_file("input.csv", bytes).string()},
                                        {"labels", Texts{"genre"}},
                                        {"targets", Texts{"valence"}},
                                        {"tags", std::string("tags")},
                                        {"text", std::string("text")},
                                        {"group", std::string("artist")},
                                        {"split", std::string("split")}});
  static_cast<void>(manifest_sha256(dataset));
  static_cast<void>(nlohmann::json({dataset.ids, dataset.groups, dataset.splits, dataset.texts,
                                    dataset.targets.at(0).classes})
                        .dump());
}

void read_record(const std::string& bytes) {
  const nlohmann::json record = parse_record(bytes, "input");
  static_cast<void>(nlohmann::json(record).dump());
}

std::vector<std::string> records() {
  return {
      R"({"asin": "B0", "overall": 5.0, "related": {"also": ["a", null, true]}, "t": "\u00fc"})",
      R"({'asin': "it's", 'b': None, 'c': [1, 2.5, True, {'d': '\xfc\u00fc\U0001f600'}], 'e': 'n\'t'})",
      "{\"a\": -1e-7}"};
}

void read_lines_of(const std::string& bytes) {
  const auto path = input_file("input.gz", bytes);
  Problems problems;
  static_cast<void>(for_each_line(path, [](std::string_view, std::size_t) {}));
  static_cast<void>(for_each_json_record(
      path, [](const nlohmann::json& record, const std::string&) { text_of(record, "asin"); },
      problems));
  problems.throw_if_any("'input.gz':");
}

std::string gzipped(const std::string& text) {
  gzFile file = gzopen((folder() / "seed.gz").c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  return written_file("seed.gz");
}

std::vector<std::string> packed() {
  const std::string lines = records()[0] + "\r\n" + records()[1] + "\n\n" + records()[2];
  return {gzipped(lines), gzipped(lines) + gzipped(lines), lines, "[" + records()[0] + ",\n{}]"};
}

void read_ontology(const std::string& bytes) {
  const AudioSetOntology ontology(input_file("input.json", bytes));
  try_each([&] { static_cast<void>(ontology.with_descendants("Music")); });
  try_each([&] { static_cast<void>(ontology.children("Music")); });
}

std::vector<std::string> ontologies() {
  return {R"([{"id": "/m/04rlf", "name": "Music", "child_ids": ["/m/a", "/m/b"]},
              {"id": "/m/a", "name": "Music genre", "child_ids": ["/m/b"]},
              {"id": "/m/b", "name": "Pop music", "child_ids": []}])"};
}

void read_labels(const std::string& bytes) {
  static_cast<void>(read_audioset_labels(input_file("input.csv", bytes)));
}

std::vector<std::string> labels() {
  return {"index,mid,display_name\n0,/m/09x0r,\"Speech\"\n1,/m/05zppz,\"Male, man\"\n"};
}

const Registration csv({"csv", read_csv_text, tables});
const Registration table({"table", read_table, tables});
const Registration json({"json_record", read_record, records});
const Registration lines({"lines", read_lines_of, packed});
const Registration ontology({"ontology", read_ontology, ontologies});
const Registration label_list({"audioset_labels", read_labels, labels});

}  // namespace
}  // namespace musicrep::fuzz
