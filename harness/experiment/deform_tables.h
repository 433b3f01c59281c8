// The tables [[deform]] of an experiment file, and what they share with other tables.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "experiment/experiment.h"
#include "formats/toml_reader.h"
#include "musicrep/error.h"

namespace musicrep {

/// A list of one text or more. Throws ConfigError.
std::vector<std::string> required_texts(const TomlTable& table, const std::string& key);

/// A problem of the table `where` unless some [[evaluate]] table has the row (encoder, task,
/// protocol): sweeps and deformations start from one.
void check_has_row(Problems& problems, const Experiment& experiment, const char* where,
                   const std::tuple<std::string, std::string, std::string>& row);

/// Throws ConfigError.
DeformSpec read_deform(const TomlTable& table);
void check_deforms(Problems& problems, const Experiment& experiment);

}  // namespace musicrep
