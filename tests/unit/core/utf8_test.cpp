#include "core/utf8.h"

#include <catch2/catch.hpp>

using musicrep::escaped_to_utf8;
using musicrep::first_byte_not_utf8;
using musicrep::is_utf8;

TEST_CASE("UTF-8: good texts") {
  for (const char* text : {"", "abc", "\xC3\xA9t\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x8E\xB5",
                           "\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"}) {
    CHECK(is_utf8(text));
    CHECK(escaped_to_utf8(text) == text);
  }
}

TEST_CASE("UTF-8: Latin-1, overlong forms, surrogates, cut characters") {
  CHECK(first_byte_not_utf8("Stra\xDF"
                            "e") == 4);
  for (const char* text : {"\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                           "\xF5\x80\x80\x80", "\xF4\x90\x80\x80", "\x80", "a\xE2\x82"}) {
    CHECK_FALSE(is_utf8(text));
  }
  CHECK(escaped_to_utf8("caf\xE9 \xC3\xA9") == "caf\\xE9 \xC3\xA9");
  CHECK(escaped_to_utf8("a\xE2\x82") == "a\\xE2\\x82");
}
