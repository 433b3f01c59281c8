#include "core/hash.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "musicrep/error.h"
#include "test_files.h"

using Catch::Matchers::Contains;
using nlohmann::json;

namespace musicrep {

TEST_CASE("SHA-256 gives the published digests") {
  // FIPS 180-2, appendix B, and the empty message.
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1000000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("SHA-256 does not mind how the bytes are cut") {
  CHECK(Sha256().update("a").update("").update("bc").hex() == sha256_hex("abc"));
  const std::vector<double> values = {1.5, -0.0};
  CHECK(Sha256().update(values).hex() ==
        sha256_hex(std::string("\0\0\0\0\0\0\xf8\x3f\0\0\0\0\0\0\0\x80", 16)));
  CHECK(Sha256().update(std::vector<double>{}).hex() == sha256_hex(""));
}

TEST_CASE("texts in a hash do not run into each other") {
  CHECK(Sha256().update_text("ab").update_text("c").hex() !=
        Sha256().update_text("a").update_text("bc").hex());
  CHECK(Sha256().update_text("abc").hex() == sha256_hex("3:abc"));
}

TEST_CASE("SHA-256 of a file is that of its bytes") {
  const TempFolder folder;
  const std::string bytes(200000, 'x');  // several blocks and a rest
  CHECK(sha256_of_file(folder.write("a", bytes)) == sha256_hex(bytes));
  CHECK(sha256_of_file(folder.write("empty", "")) == sha256_hex(""));
  const std::string missing = (folder.path() / "missing").string();
  CHECK(message_of<DataError>([&] { sha256_of_file(missing); }) ==
        "cannot read '" + missing + "': No such file or directory");
  CHECK_THAT(message_of<DataError>([&] { sha256_of_file(folder.path()); }),
             Contains(folder.path().string()) && Contains("it is a folder"));
}

TEST_CASE("canonical JSON does not depend on the order of keys or on white space") {
  const json a = json::parse(R"({"b": [1, 2.5], "a": {"y": null, "x": "z"}})");
  json b;
  b["a"]["x"] = "z";
  b["a"]["y"] = nullptr;
  b["b"] = {1, 2.5};
  CHECK(sha256_of_json(a) == sha256_of_json(b));
  CHECK(sha256_of_json(a) == sha256_hex(R"({"a":{"x":"z","y":null},"b":[1,2.5]})"));
}

TEST_CASE("canonical JSON differs where values differ") {
  CHECK(sha256_of_json({1, 2}) != sha256_of_json({2, 1}));
  CHECK(sha256_of_json(1) != sha256_of_json("1"));
  CHECK(sha256_of_json(0.1) != sha256_of_json(0.1 + 1e-17 + 2e-17));
  CHECK(sha256_of_json(nullptr) != sha256_of_json(""));
}

TEST_CASE("a text that is not UTF-8 is the user's mistake") {
  CHECK_THAT(message_of<DataError>([] {
               sha256_of_json({{"id", "caf\xe9"}});
             }),
             Contains("not valid UTF-8") && Contains("0xE9"));
}

}  // namespace musicrep
