// The scores of a run as CSV.
#pragma once

#include <string>

#include "store/results.h"

namespace musicrep {

/// One line a row under one line of names: the columns of /table in results.h5, documented in
/// results/README.md. As RFC 4180 with "\n" at the end of a line; a number that is not there is
/// empty, all others are the shortest text that reads back as the same double.
std::string csv_table(const Results& results);

/// One line an encoder, direction and measure of Results::retrievals, with interval and chance; a
/// retrieval that failed has one line with the reason. Empty where there are none.
std::string csv_retrievals(const Results& results);

/// One line a measure of each layer that was diagnosed: the columns of /diagnoses in results.h5.
std::string csv_diagnoses(const Results& results);

/// One line an entry of Results::deformed, without predictions. Empty where there are none.
std::string csv_deformed(const Results& results);

}  // namespace musicrep
