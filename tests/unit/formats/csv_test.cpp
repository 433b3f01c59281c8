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

TEST_CASE("CSV: all rows of a wrong width are told at once") {
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
  for (const char* bad :
       {"", " 1", "1 ", "1,5", "0x10", "inf", "-inf", "NaN", "1e999", "one", "+1"}) {
    CHECK_FALSE(parse_number(bad).has_value());
  }
}

TEST_CASE("CSV: a file that is not there") {
  CHECK_THAT(message_of<DataError>([] { musicrep::read_csv("no/such.csv"); }),
             Contains("'no/such.csv'"));
}
