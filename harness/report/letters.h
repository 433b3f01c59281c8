// Groups of encoders that do not differ, as letters.
#pragma once

#include <string>

#include "store/results.h"

namespace musicrep {

/// The letters of a row's encoder under its task and protocol; empty where it has none.
const std::string& letters_of(const Results& results, const ResultRow& row);

}  // namespace musicrep
