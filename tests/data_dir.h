// Real data for tests, which is not part of the project: its place comes from the environment.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

namespace musicrep {

/// $MUSICREP_DATA/<relative>. Where the variable is unset or the path is absent, prints
/// "SKIPPED: <path>" and returns nothing, so that the test can return; with MUSICREP_REQUIRE_DATA=1
/// it fails the test instead.
inline std::optional<std::filesystem::path> data_path(const std::string& relative) {
  const char* root = std::getenv("MUSICREP_DATA");
  const bool known = root != nullptr && *root != '\0';
  const std::filesystem::path path =
      std::filesystem::path(known ? root : "$MUSICREP_DATA") / relative;
  if (known && std::filesystem::exists(path)) return path;
  const char* require = std::getenv("MUSICREP_REQUIRE_DATA");
  if (require != nullptr && std::string(require) == "1") {
    FAIL("MUSICREP_REQUIRE_DATA=1, and there is no " << path.string());
  }
  std::cout << "SKIPPED: " << path.string() << std::endl;
  return std::nullopt;
}

}  // namespace musicrep
