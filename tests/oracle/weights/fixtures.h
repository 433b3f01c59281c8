// What the tests of published weights share.
#pragma once

#include <catch2/catch.hpp>

#include "musicrep/error.h"
#include "test_files.h"

namespace musicrep {

inline std::string fixture(const std::string& name) {
  return std::string(MUSICREP_TEST_DIR) + "/oracle/weights/" + name;
}

/// The message of the DataError that `act` throws.
template <typename Act>
std::string data_error_of(Act&& act) {
  return message_of<DataError>(act);
}

}  // namespace musicrep
