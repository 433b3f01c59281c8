// The version of the harness: part of every step's key and of every result.
#pragma once

namespace musicrep {

/// Semantic version; a change that moves a reported score bumps at least the minor number.
inline constexpr const char* kVersion = "0.1.0";

}  // namespace musicrep
