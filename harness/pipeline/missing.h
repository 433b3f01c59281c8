// What an experiment asks for and this machine does not have: files that were never fetched.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "musicrep/encoder.h"

namespace musicrep {

/// A cell of a table that is left empty because something is not there.
struct MissingCell {
  std::size_t cell = 0;  ///< its place among the plan's cells
  std::string encoder;   ///< label in the experiment
  std::string kind;
  std::string version;
  std::string task;
  std::string dataset;
  std::string protocol;  ///< as the experiment names it
  std::string reason;    ///< what is not there, and how to get it
};

/// "'/data/a.h5' and '/data/b'": the paths among `options` that do not exist; empty: all do, or
/// none is named. A path that is there and holds the wrong thing is not missing.
std::string missing_paths(const Options& options, std::span<const OptionSpec> specs);

}  // namespace musicrep
