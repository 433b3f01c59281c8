// Pitch and tempo by the Rubber Band library.
#pragma once

#include <string>

#include "audio/pcm.h"

namespace musicrep {

/// `time_ratio` times as long and higher by the ratio `pitch`, in one piece by its finer engine
/// (version 3): the faster one blurs a steady tone by a percent in pitch.
Pcm stretched(const Pcm& pcm, double time_ratio, double pitch);

/// Throws ConfigError where the program is built without the library.
void require_stretching();

/// "Rubber Band 3.1.2".
std::string stretching_library();

}  // namespace musicrep
