#include "features/features.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <limits>

#include "core/options.h"
#include "formats/npy.h"
#include "musicrep/registry.h"
#include "store/hdf5.h"
#include "test_files.h"

void musicrep_register_features(musicrep::EncoderRegistry& registry);

using Catch::Matchers::Contains;
using musicrep::ConfigError;
using musicrep::DataError;
using musicrep::Encoder;
using musicrep::Features;
using musicrep::Hdf5File;
using musicrep::Matrix;
using musicrep::message_of;
using musicrep::Options;
using musicrep::Signal;
using musicrep::TempFolder;
using Texts = std::vector<std::string>;

namespace {

std::unique_ptr<Encoder> make(const Options& options) {
  musicrep::EncoderRegistry registry;
  musicrep_register_features(registry);
  musicrep::EncoderArgs args;
  args.options = options;
  return registry.create("features", args);
}

std::vector<Matrix> encode(Encoder& encoder, const Texts& ids) {
  std::vector<Signal> signals;
  for (const std::string& id : ids) signals.push_back({id, {}, 0, 0});
  return encoder.encode(signals);
}

/// check_items, then the matrices of all items.
std::vector<Matrix> encode_checked(const Options& options, const Texts& ids) {
  const auto encoder = make(options);
  encoder->check_items(ids);
  return encode(*encoder, ids);
}

std::string check_message(const Options& options, const Texts& ids) {
  return message_of<DataError>([&] { make(options)->check_items(ids); });
}

std::string config_message(const Options& options) {
  return message_of<ConfigError>([&] { make(options); });
}

/// A folder with feature files.
struct Files : TempFolder {
  [[nodiscard]] std::string npy(const std::string& name, const Matrix& values) const {
    const auto file = path() / name;
    write_npy(file, values, false);
    return file.string();
  }
  [[nodiscard]] std::string hdf5(const std::string& name, const Matrix& values,
                                 const Texts& ids) const {
    const auto file = path() / name;
    Hdf5File out(file, Hdf5File::Mode::kCreate);
    out.write("/X", values);
    if (!ids.empty()) out.write("/IDS", std::span<const std::string>(ids));
    out.close();
    return file.string();
  }
};

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("features: files in the data set's own order, side by side") {
  const Files files;
  const Texts paths = {files.npy("a.npy", Matrix(2, 2, {1, 2, 3, 4})),
                       files.npy("b.npy", Matrix(2, 1, {5, 6}))};
  const auto encoder = make({{"files", paths}});
  encoder->check_items(Texts{"x", "y"});
  CHECK(encode(*encoder, {"y", "x", "y"}) == std::vector<Matrix>{Matrix(1, 3, {3, 4, 6}),
                                                                 Matrix(1, 3, {1, 2, 5}),
                                                                 Matrix(1, 3, {3, 4, 6})});
  // Another data set, another order.
  encoder->check_items(Texts{"y", "x"});
  CHECK(encode(*encoder, {"y"}) == std::vector<Matrix>{Matrix(1, 3, {1, 2, 5})});
}

TEST_CASE("features: frames, HDF5, a list of ids, and files mixed") {
  const Files files;
  // x has two frames, y one; the second file has its rows in another order.
  const std::string frames = files.hdf5("f.h5", Matrix(3, 1, {1, 2, 3}), {"x", "x", "y"});
  const std::string listed = files.npy("g.npy", Matrix(3, 1, {30, 10, 20}));
  const std::string ids = files.write("ids.txt",
                                      "\xEF\xBB\xBF"
                                      "d/y.wav\r\nd/x.wav\r\n\r\nd/x.wav\r\n");
  const Options options = {
      {"files", Texts{frames, listed}}, {"ids", ids}, {"id_from", std::string("stem")}};
  CHECK(encode_checked(options, {"y", "x"}) ==
        std::vector<Matrix>{Matrix(1, 2, {3, 30}), Matrix(2, 2, {1, 10, 2, 20})});
  // Ids are known without the data set.
  CHECK(encode(*make(options), {"y"}) == std::vector<Matrix>{Matrix(1, 2, {3, 30})});
}

TEST_CASE("features: CSV with ids by name, by pandas' index, and without") {
  const Files files;
  const Texts csv = {files.write("a.csv", ",id,f1,f2\n0,x,1,2\n1,y,3,4\n")};
  CHECK(encode_checked({{"files", csv}}, {"x", "y"}) ==
        std::vector<Matrix>{Matrix(1, 2, {1, 2}), Matrix(1, 2, {3, 4})});
  const Texts indexed = {files.write("b.csv", ",f1\ny,3\nx,1\n")};
  CHECK(encode_checked({{"files", indexed}, {"id_column", std::string()}}, {"x", "y"}) ==
        std::vector<Matrix>{Matrix(1, 1, {1}), Matrix(1, 1, {3})});
  const Texts plain = {files.write("c.csv", "f1,f2\n1,2\n3,4\n")};
  CHECK(encode_checked({{"files", plain}, {"id_column", std::string()}}, {"x", "y"}) ==
        std::vector<Matrix>{Matrix(1, 2, {1, 2}), Matrix(1, 2, {3, 4})});
  CHECK_THAT(check_message({{"files", plain}}, {"x"}),
             Contains("c.csv': unknown column 'id'. Known: f1, f2."));
}

TEST_CASE("features: files that each hold some of the items") {
  const Files files;
  const Texts with_ids = {files.hdf5("a.h5", Matrix(2, 1, {1, 2}), {"x", "x"}),
                          files.hdf5("b.h5", Matrix(1, 1, {3}), {"y"})};
  CHECK(encode_checked({{"files", with_ids}, {"join", std::string("rows")}}, {"y", "x"}) ==
        std::vector<Matrix>{Matrix(1, 1, {3}), Matrix(2, 1, {1, 2})});
  const Texts without = {files.npy("a.npy", Matrix(2, 1, {1, 2})),
                         files.npy("b.npy", Matrix(1, 1, {3}))};
  CHECK(encode_checked({{"files", without}, {"join", std::string("rows")}}, {"x", "y", "z"}) ==
        std::vector<Matrix>{Matrix(1, 1, {1}), Matrix(1, 1, {2}), Matrix(1, 1, {3})});
  CHECK_THAT(check_message({{"files", without}, {"join", std::string("rows")}}, {"x", "y"}),
             Contains("found 3 rows in all files, expected 2 (the items of the data set)"));
}

TEST_CASE("features: parts that do not fit together") {
  const Files files;
  const auto joined = [&](const Texts& paths, Options options = {{"join", std::string("rows")}}) {
    options["files"] = paths;
    return check_message(options, {"x", "y"});
  };
  const std::string a = files.hdf5("a.h5", Matrix(2, 1, {1, 2}), {"x", "y"});
  const std::string message =
      joined({a, files.hdf5("b.h5", Matrix(2, 2, {3, 4, 5, 6}), {"y", "x"})});
  CHECK_THAT(message, Contains("b.h5': found 2 features, expected 1 as in"));
  CHECK_THAT(message, Contains("the id 'y' stands in") && Contains("a.h5' and in"));
  CHECK_THAT(message, Contains("the id 'x' stands in"));
  CHECK_THAT(joined({a, files.npy("c.npy", Matrix(1, 1, {3}))}),
             Contains("c.npy' has no ids and other files have some"));
  // Side by side, an item has as many frames in each file.
  CHECK_THAT(joined({a, files.hdf5("d.h5", Matrix(3, 1, {1, 2, 3}), {"x", "y", "y"})}, {}),
             Contains("item 'y': found 1 frames in") && Contains("a.h5' and 2 in") &&
                 Contains("d.h5', expected as many"));
}

TEST_CASE("features: ids that are missing, unknown or scattered") {
  const Files files;
  const std::string file = files.hdf5("a.h5", Matrix(4, 1, {1, 2, 3, 4}), {"x", "u", "v", "y"});
  const std::string message = check_message({{"files", Texts{file}}}, {"x", "y", "p", "q"});
  CHECK_THAT(message, Contains("a.h5': found no features for 2 of 4 items: 'p', 'q'"));
  CHECK_THAT(message, Contains("a.h5': found 2 ids that the data set lacks: 'u', 'v'"));
  CHECK_THAT(message, Contains("ignore_extra = true"));

  const std::string scattered =
      files.hdf5("b.h5", Matrix(4, 1, {1, 2, 3, 4}), {"x", "x", "y", "x"});
  CHECK_THAT(check_message({{"files", Texts{scattered}}}, {"x", "y"}),
             Contains("b.h5': the id 'x' stands in row 0 and in row 3 with others between"));
  const std::string csv = files.write("c.csv", "id,f\nx,1\ny,2\nx,3\n");
  CHECK_THAT(check_message({{"files", Texts{csv}}}, {"x", "y"}),
             Contains("c.csv': the id 'x' stands in line 2 and in line 4 with others between"));
  const std::string empty = files.write("d.csv", "id,f\n,1\ny,2\n");
  CHECK_THAT(check_message({{"files", Texts{empty}}}, {"y"}), Contains("d.csv': line 2 has no id"));

  Texts many;
  for (char c = 'a'; c <= 'h'; ++c) many.emplace_back(1, c);
  CHECK_THAT(check_message({{"files", Texts{file}}, {"ignore_extra", true}}, many),
             Contains("for 8 of 8 items: 'a', 'b', 'c', 'd', 'e' and 3 more"));
}

TEST_CASE("features: extra ids are passed over and counted where asked, NaN or not") {
  const Files files;
  musicrep::EncoderArgs args;
  args.options = musicrep::complete_options(
      "features", Features::static_info().options,
      {{"files", Texts{files.hdf5("a.h5", Matrix(3, 1, {1, kNan, 2}), {"x", "u", "y"})}},
       {"ignore_extra", true}});
  Features encoder(args);
  encoder.check_items(Texts{"x", "y"});
  CHECK(encoder.ignored_ids() == 1);
  CHECK(encode(encoder, {"y"}) == std::vector<Matrix>{Matrix(1, 1, {2})});
  CHECK_THAT(message_of<DataError>([&] { encode(encoder, {"u"}); }),
             Contains("a.h5', row 1 (item 'u'), column 0: found nan"));
}

TEST_CASE("features: a row count unlike the item count gives both numbers, for every file") {
  const Files files;
  const Texts paths = {files.npy("a.npy", Matrix(2, 1, {1, 2})),
                       files.npy("b.npy", Matrix(4, 1, {1, 2, 3, 4}))};
  const std::string message = check_message({{"files", paths}}, {"x", "y", "z"});
  CHECK_THAT(message, Contains("a.npy': found 2 rows, expected 3 (the items of the data set)"));
  CHECK_THAT(message, Contains("b.npy': found 4 rows, expected 3"));
  const std::string ids = files.write("ids.txt", "x\ny\nz\n");
  CHECK_THAT(check_message({{"files", paths}, {"ids", ids}}, {"x", "y", "z"}),
             Contains("a.npy': found 2 rows, expected 3 (the ids of '" + ids + "')"));
}

TEST_CASE("features: values that are not finite, with file, row, item and column") {
  const Files files;
  const std::string file = files.npy("a.npy", Matrix(3, 2, {1, 2, kNan, 4, 5, -kInf}));
  const std::string message = check_message({{"files", Texts{file}}}, {"x", "y", "z"});
  CHECK_THAT(message, Contains("a.npy', row 1 (item 'y'), column 0: found nan, expected a finite"));
  CHECK_THAT(message, Contains("a.npy', row 2 (item 'z'), column 1: found -inf"));
  const std::string csv = files.write("a.csv", "id,f,g\nx,1,nan\ny,,2\n");
  const std::string in_csv = check_message({{"files", Texts{csv}}}, {"x", "y"});
  CHECK_THAT(in_csv, Contains("a.csv', line 2, column 'g': found 'nan', expected a finite number"));
  CHECK_THAT(in_csv, Contains("a.csv', line 3, column 'f': found an empty field"));
}

TEST_CASE("features: values that stand for infinity are refused in every kind of file") {
  const Files files;
  const Matrix spoilt(3, 2, {1, 2, 3, 1.7976931348623157e308, 5, 6});
  const Texts ids = {"x", "y", "z"};
  const std::string csv =
      files.write("a.csv", "id,f,g\nx,1,2\ny,3,1.7976931348623157e308\nz,5,6\n");
  for (const std::string& file :
       {files.npy("a.npy", spoilt), files.hdf5("a.h5", spoilt, ids), csv}) {
    const std::string message = check_message({{"files", Texts{file}}}, ids);
    CHECK_THAT(message, Contains(file) && Contains("(item 'y'), column 1: found 1.797") &&
                            Contains("numpy.nan_to_num"));
  }
  const std::string single = files.npy("b.npy", Matrix(3, 1, {1, 3.4028234663852886e38, 2}));
  CHECK_THAT(check_message({{"files", Texts{single}}}, ids),
             Contains("row 1 (item 'y'), column 0: found 3.40"));
  const std::string huge = files.npy("c.npy", Matrix(3, 1, {1e100, -3e100, 2e100}));
  CHECK(check_message({{"files", Texts{huge}}}, ids) == "(nothing was thrown)");
}

TEST_CASE("features: rows without ids are matched by order, and that is noted") {
  const Files files;
  const std::string plain = files.npy("a.npy", Matrix(2, 1, {1, 2}));
  const auto encoder = make({{"files", Texts{plain}}});
  encoder->check_items(Texts{"x", "y"});
  REQUIRE(encoder->notes().size() == 1);
  CHECK_THAT(encoder->notes()[0], Contains("matched by order: 'a.npy' has no ids"));
  const auto with_ids = make({{"files", Texts{plain}}, {"ids", files.write("ids.txt", "x\ny\n")}});
  with_ids->check_items(Texts{"x", "y"});
  CHECK(with_ids->notes().empty());
}

TEST_CASE("features: CSV files as pandas, numpy and other scripts write them") {
  const Files files;
  const Texts ids = {"x", "y"};
  for (const char* text : {"id, f, g\nx, 1.5, +2\ny, -3, 4e0\n", "id;f;g\nx;1.5;2\ny;-3;4\n",
                           "id\tf\tg\r\nx\t1.5\t2\r\ny\t-3\t4\r\n"}) {
    const auto found = encode_checked({{"files", Texts{files.write("a.csv", text)}}}, ids);
    REQUIRE(found.size() == 2);
    CHECK(found[0].at(0, 0) == 1.5);
    CHECK(found[0].at(0, 1) == 2);
    CHECK(found[1].at(0, 0) == -3);
  }
  // The index of a pandas table holds the ids, or numbers in the order of the items.
  const std::string indexed = files.write("b.csv", ",f,g\nx,1,2\ny,3,4\n");
  CHECK(encode_checked({{"files", Texts{indexed}}}, {"y", "x"})[0] == Matrix(1, 2, {3, 4}));
  CHECK_THAT(check_message({{"files", Texts{indexed}}, {"id_column", std::string("name")}}, ids),
             Contains("expected id_column = \"\""));
  const std::string counted = files.write("d.csv", ",f\n0,5\n1,6\n");
  CHECK(encode_checked({{"files", Texts{counted}}}, ids)[1] == Matrix(1, 1, {6}));
  CHECK(encode_checked({{"files", Texts{counted}}}, {"1", "0"})[0] == Matrix(1, 1, {6}));
  const auto in_order = make({{"files", Texts{counted}}});
  in_order->check_items(ids);
  REQUIRE(in_order->notes().size() == 1);
  CHECK_THAT(in_order->notes()[0], Contains("matched by order: 'd.csv' has no ids"));
  CHECK_THAT(check_message({{"files", Texts{files.write("e.csv", ",f\n0,5\n2,6\n")}}}, ids),
             Contains("found no features for 2 of 2 items"));
  CHECK_THROWS_WITH(make({{"files", Texts{"x.parquet"}}}), Contains("to_csv"));
  const std::string latin1 = files.write("c.csv", "id,f\nx\xDF,1\ny,2\n");
  CHECK_THAT(check_message({{"files", Texts{latin1}}}, ids),
             Contains("line 2, column 'id': found 'x\\xDF'"));
}

TEST_CASE("features: files that are absent or damaged are reported at once") {
  const Files files;
  const std::string npy = files.npy("a.npy", Matrix(2, 1, {1, 2}));
  const std::string bytes = musicrep::bytes_of(npy);
  const std::string cut = files.write("cut.npy", bytes.substr(0, bytes.size() - 1));
  const std::string h5 = files.hdf5("a.h5", Matrix(2, 1, {1, 2}), {"x", "y"});
  const std::string h5_bytes = musicrep::bytes_of(h5);
  const std::string cut_h5 = files.write("cut.hdf5", h5_bytes.substr(0, h5_bytes.size() / 2));
  const std::string message = check_message(
      {{"files",
        Texts{"no/such.npy", "no/such.h5", cut, cut_h5, files.path().string() + "/x.csv"}}},
      {"x", "y"});
  CHECK_THAT(message, Contains("there is no file 'no/such.npy'"));
  CHECK_THAT(message, Contains("there is no file 'no/such.h5'"));
  CHECK_THAT(message, Contains("cut.npy': found 15 bytes of values, expected 16"));
  CHECK_THAT(message, Contains("cut.hdf5'"));
  CHECK_THAT(message, Contains("x.csv'"));
}

TEST_CASE("features: arrays of HDF5 that are missing, empty or too few") {
  const Files files;
  const std::string file = files.hdf5("a.h5", Matrix(2, 1, {1, 2}), {"x", "y"});
  CHECK_THAT(check_message({{"files", Texts{file}}, {"array", std::string("x")}}, {"x", "y"}),
             Contains("a.h5': unknown array 'x'. Did you mean 'X'?"));
  // Without the array of ids, the rows are in the data set's order.
  CHECK(encode_checked({{"files", Texts{file}}, {"id_array", std::string("none")}},
                       {"y", "x"})[0] == Matrix(1, 1, {1}));
  const std::string few = files.hdf5("b.h5", Matrix(2, 1, {1, 2}), {"x"});
  CHECK_THAT(check_message({{"files", Texts{few}}}, {"x", "y"}),
             Contains("b.h5': found 1 ids and 2 rows of features"));
  const std::string none = files.npy("c.npy", Matrix(3, 0));
  CHECK_THAT(check_message({{"files", Texts{none}}}, {"x", "y"}),
             Contains("c.npy': found 3 rows of 0 features, expected at least one of each"));
}

TEST_CASE("features: lists of ids that cannot be used") {
  const Files files;
  const std::string npy = files.npy("a.npy", Matrix(1, 1, {1}));
  CHECK_THAT(check_message({{"files", Texts{npy}}, {"ids", std::string("no/ids.txt")}}, {"x"}),
             Contains("list of ids: there is no file 'no/ids.txt'"));
  CHECK_THAT(check_message({{"files", Texts{npy}}, {"ids", files.write("i.txt", "\n")}}, {"x"}),
             Contains("i.txt': found no ids"));
  CHECK_THAT(
      check_message({{"files", Texts{npy}}, {"ids", npy}}, {"x"}),
      Contains("encoder 'features': '" + npy + "': found rank 2 (shape (1, 1)), expected rank 1"));
  const std::string h5 = files.hdf5("a.h5", Matrix(1, 1, {1}), {"x"});
  CHECK_THAT(check_message({{"files", Texts{h5}}, {"ids", files.write("i.txt", "x\n")}}, {"x"}),
             Contains("i.txt' is given, but every file has ids of its own"));
}

TEST_CASE("features: an id that is not there, and rows whose order is not known") {
  const Files files;
  const auto encoder = make({{"files", Texts{files.hdf5("a.h5", Matrix(1, 1, {1}), {"x"})}}});
  CHECK_THAT(message_of<DataError>([&] {
               encode(*encoder, {"x", "other"});
             }),
             Contains("a.h5': found no features for 1 of 1 items: 'other'"));
  const auto ordered = make({{"files", Texts{files.npy("a.npy", Matrix(1, 1, {1}))}}});
  CHECK_THAT(message_of<DataError>([&] { encode(*ordered, {"x"}); }),
             Contains("a.npy' has no ids, and the order of the items is not known"));
}

TEST_CASE("features: the content's hash sees the files' bytes and their order") {
  const Files files;
  const std::string a = files.npy("a.npy", Matrix(1, 1, {1}));
  const std::string b = files.npy("b.npy", Matrix(1, 1, {2}));
  const std::string ids = files.write("ids.txt", "x\n");
  const auto hash = [](const Options& options) { return make(options)->content_sha256(); };
  const std::string both = hash({{"files", Texts{a, b}}});
  CHECK(both.size() == 64);
  CHECK(hash({{"files", Texts{b, a}}}) != both);
  CHECK(hash({{"files", Texts{a, b}}, {"ids", ids}}) != both);
  CHECK(hash({{"files", Texts{a, files.npy("copy.npy", Matrix(1, 1, {2}))}}}) == both);
  files.write("b.npy", musicrep::bytes_of(a));
  CHECK(hash({{"files", Texts{a, b}}}) != both);
  CHECK_THAT(message_of<DataError>([&] {
               hash({{"files", Texts{"no/such.npy"}}});
             }),
             Contains("no/such.npy"));
}

TEST_CASE("features: bad options are reported at once") {
  const std::string message =
      config_message({{"files", Texts{"a.txt", "b.npy"}}, {"id_from", std::string("step")}});
  CHECK_THAT(message, Contains("encoder 'features'"));
  CHECK_THAT(message, Contains("'a.txt': expected a name in .npy, .npz, .h5, .hdf5 or .csv"));
  CHECK_THAT(message, Contains("unknown value of id_from 'step'. Did you mean 'stem'?"));
  CHECK_THAT(config_message({{"files", Texts{}}}), Contains("option 'files' is empty"));
  CHECK_THAT(config_message({{"files", Texts{"a.npy"}}, {"join", std::string("column")}}),
             Contains("option 'join': unknown value 'column'. Did you mean 'columns'?"));
}

TEST_CASE("features: what is known without the files") {
  const musicrep::EncoderInfo info = Features::static_info();
  CHECK(info.input == musicrep::InputKind::kItemId);
  CHECK(info.dim == 0);
}
