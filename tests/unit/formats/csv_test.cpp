#include "formats/csv.h"

#include <catch2/catch.hpp>

#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using musicrep::CsvTable;
using musicrep::DataError;
using musicrep::message_of;
using musicrep::parse_csv;
using musicrep::parse_number;
using Row = std::vector<std::string>;
using Fields = std::vector<std::string_view>;

namespace {

std::string parse_message(std::string_view bytes) {
  return message_of<DataError>([&] { parse_csv(std::string(bytes), "songs.csv"); });
}

}  // namespace

TEST_CASE("CSV: plain rows with LF, with and without a last line end") {
  for (const char* bytes : {"id,x\na,1\nb,2\n", "id,x\na,1\nb,2"}) {
    const CsvTable table = parse_csv(bytes, "songs.csv");
    CHECK(table.columns == Row{"id", "x"});
    CHECK(table.rows == std::vector<Fields>{{"a", "1"}, {"b", "2"}});
    CHECK(table.lines == std::vector<std::size_t>{2, 3});
  }
}

TEST_CASE("CSV: CRLF line ends and a byte order mark") {
  const CsvTable table = parse_csv("\xEF\xBB\xBFid,x\r\na,1\r\nb,\r\n", "songs.csv");
  CHECK(table.columns == Row{"id", "x"});
  CHECK(table.rows == std::vector<Fields>{{"a", "1"}, {"b", ""}});
}

TEST_CASE("CSV: quoted fields hold commas, quotes and line ends, and lines are counted on") {
  const CsvTable table = parse_csv(
      "id,title\na,\"One, Two\"\nb,\"say \"\"yes\"\"\"\nc,\"x\r\ny\nz\"\nd,\"\"\n", "s.csv");
  REQUIRE(table.rows.size() == 4);
  CHECK(table.rows[0][1] == "One, Two");
  CHECK(table.rows[1][1] == "say \"yes\"");
  CHECK(table.rows[2][1] == "x\r\ny\nz");
  CHECK(table.rows[3][1].empty());
  CHECK(table.lines == std::vector<std::size_t>{2, 3, 4, 7});
  CHECK(table.where(3) == "'s.csv', line 7");
}

TEST_CASE("CSV: a copy of a table has its fields when the table is gone") {
  CsvTable copy;
  {
    const CsvTable table = parse_csv("id\n\"\"\"a\"\" b \"\"c\"\"\"\nx", "s.csv");
    copy = table;
  }
  CHECK(copy.rows == std::vector<Fields>{{"\"a\" b \"c\""}, {"x"}});
}

TEST_CASE("CSV: an unnamed first column, as pandas writes its index") {
  const CsvTable table = parse_csv(",id,filepath\n0,blues,a/b.au\n", "songs.csv");
  CHECK(table.columns == Row{"", "id", "filepath"});
  CHECK(table.column("filepath") == 2);
}

TEST_CASE("CSV: empty lines are passed over where there are several columns") {
  const CsvTable table = parse_csv("id,x\n\na,1\n\r\n\n", "songs.csv");
  CHECK(table.rows == std::vector<Fields>{{"a", "1"}});
  CHECK(table.lines == std::vector<std::size_t>{3});
  CHECK(parse_csv("id\n\na\n", "songs.csv").rows == std::vector<Fields>{{""}, {"a"}});
}

TEST_CASE("CSV: all rows of a wrong width are reported at once") {
  const std::string message = parse_message("id,x\na\nb,1\nc,1,2\n");
  CHECK_THAT(message, Contains("'songs.csv'"));
  CHECK_THAT(message, Contains("line 2: found 1 fields, expected 2"));
  CHECK_THAT(message, Contains("line 4: found 3 fields, expected 2"));
}

TEST_CASE("CSV: damaged files name file and line") {
  CHECK_THAT(parse_message(""), Contains("'songs.csv': found an empty file"));
  CHECK_THAT(parse_message("\xEF\xBB\xBF"), Contains("found an empty file"));
  CHECK_THAT(parse_message("\nid\n"), Contains("'songs.csv', line 1: found an empty line"));
  CHECK_THAT(parse_message("id,x\na,\"1\nb,2\n"),
             Contains("'songs.csv', line 2: found no end of a quoted field"));
  CHECK_THAT(parse_message("id,x\na,5\"\n"),
             Contains("'songs.csv', line 2: found a quote inside the unquoted field '5'"));
  CHECK_THAT(parse_message("id,x\n\"a\"b,5\n"),
             Contains("'songs.csv', line 2: found 'b' after a closing quote"));
  CHECK_THAT(parse_message("id,x\ra,1\r"), Contains("line 1: found a carriage return without"));
  CHECK_THAT(parse_message("id,x,id\n"), Contains("found two columns 'id'"));
  CHECK_THAT(parse_message("id,,x\n"), Contains("column 2 has no name"));
  CHECK_THAT(parse_message(std::string_view("id\n\0\n", 5)), Contains("NUL byte at offset 3"));
  CHECK_THAT(parse_message("\xFF\xFEi"), Contains("found UTF-16"));
}

TEST_CASE("CSV: an unknown column gets the nearest one") {
  const CsvTable table = parse_csv(",id,valence,arousal\n", "songs.csv");
  const std::string message = message_of<DataError>([&] { (void)table.column("valance"); });
  CHECK_THAT(message, Contains("'songs.csv'"));
  CHECK_THAT(message, Contains("unknown column 'valance'. Did you mean 'valence'?"));
  CHECK_THAT(message, Contains("id, valence, arousal"));
  CHECK_FALSE(table.find_column("valance").has_value());
}

TEST_CASE("CSV: numbers are read whole or refused with their place") {
  const CsvTable table = parse_csv("id,x\na,0.25\nb,nan\n", "songs.csv");
  CHECK(table.number(0, 1) == 0.25);
  CHECK_THAT(message_of<DataError>([&] { (void)table.number(1, 1); }),
             Contains("'songs.csv', line 3, column 'x': found 'nan', expected a finite number"));

  CHECK(parse_number("-1e-3") == -0.001);
  CHECK(parse_number("0.344444444444") == 0.344444444444);
  CHECK(parse_number("+1.4172") == 1.4172);
  CHECK(parse_number(" 0.5") == 0.5);
  CHECK(parse_number("0.5\t ") == 0.5);
  CHECK(parse_number("1e-400") == 0.0);
  CHECK(parse_number("-5e-324") == -5e-324);
  for (const char* bad : {"",
                          " ",
                          "+",
                          "+-1",
                          "++1",
                          "1 2",
                          "1,5",
                          "1.234,5",
                          "1'000",
                          "1_000",
                          "0x10",
                          "inf",
                          "-inf",
                          "NaN",
                          "1e999",
                          "one",
                          "1D5",
                          "np.float64(1)",
                          "\xEF\xBC\x91",
                          "\xE2\x88\x92"
                          "1"}) {
    INFO(bad);
    CHECK_FALSE(parse_number(bad).has_value());
  }
}

TEST_CASE(
    "CSV: what may be behind a field that is not a number is reported with its line and column") {
  const auto reported = [](const std::string& field) {
    const CsvTable table = parse_csv("id;x\na;" + field + "\n", "songs.csv");
    return table.number_problem(0, 1);
  };
  CHECK(reported("0,5") ==
        "'songs.csv', line 2, column 'x': found '0,5', expected a finite number with a decimal "
        "point, not a comma, and nothing between thousands");
  CHECK_THAT(reported(""), Contains("found an empty field, expected a finite number"));
  CHECK_THAT(reported("1'000"), Contains("with nothing between its digits"));
  CHECK_THAT(reported("1.5D-3"), Contains("with an exponent as in 1e-3"));
  CHECK_THAT(reported("\xE2\x88\x92"
                      "0.5"),
             Contains("in ASCII digits"));
  CHECK_THAT(reported("nan"), Contains("found 'nan', expected a finite number"));
}

TEST_CASE("CSV: semicolons and TABs between fields, as spreadsheets write them") {
  const CsvTable semicolons = parse_csv("\xEF\xBB\xBFid;x\r\na;\"1;5\"\r\nb;2,5\r\n", "songs.csv");
  CHECK(semicolons.columns == Row{"id", "x"});
  CHECK(semicolons.rows == std::vector<Fields>{{"a", "1;5"}, {"b", "2,5"}});
  const CsvTable tabs = parse_csv("id\tx\ty\na\t 1\t\n", "songs.csv");
  CHECK(tabs.rows == std::vector<Fields>{{"a", " 1", ""}});
  const CsvTable named = parse_csv("sep=;\r\nid;x,y\r\na;1\r\n", "songs.csv");
  CHECK(named.columns == Row{"id", "x,y"});
  CHECK(named.lines == std::vector<std::size_t>{3});
  CHECK_THAT(parse_message("id,x,\na,1,\n"),
             Contains("column 3 has no name: the line ends with a separator"));
  // A comma in the header decides.
  CHECK(parse_csv("id,a;b\nx,1\n", "songs.csv").columns == Row{"id", "a;b"});
}

TEST_CASE("CSV: spaces around column names and quoted fields") {
  const CsvTable table = parse_csv("id, genre , x\na, \"rock, hard\" , 0.5\n", "songs.csv");
  CHECK(table.columns == Row{"id", "genre", "x"});
  CHECK(table.column(" genre") == 1);
  CHECK(table.rows == std::vector<Fields>{{"a", "rock, hard", " 0.5"}});
  CHECK(table.number(0, 2) == 0.5);
}

TEST_CASE("CSV: texts that are not UTF-8 are shown with their bytes") {
  const CsvTable table = parse_csv(
      "id,x\nStra\xDF"
      "e,1\n",
      "songs.csv");
  CHECK_THAT(table.text_problem(0, 0),
             Contains("line 2, column 'id': found 'Stra\\xDFe', whose byte 5 is not UTF-8"));
  CHECK(table.text_problem(0, 1).empty());
}

TEST_CASE("CSV: a table of one column says what is expected between fields") {
  const CsvTable table = parse_csv("id|x\na|1\n", "songs.csv");
  CHECK_THAT(message_of<DataError>([&] { (void)table.column("id"); }),
             Contains("found one column alone, expected ',' between fields"));
}

TEST_CASE("CSV: a file that is not there") {
  CHECK_THAT(message_of<DataError>([] { musicrep::read_csv("no/such.csv"); }),
             Contains("'no/such.csv'"));
}
