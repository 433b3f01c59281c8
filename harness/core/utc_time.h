// Timestamps in UTC.
#pragma once

#include <string>

namespace musicrep {

/// Now in UTC: 2024-05-06T07:08:09Z.
std::string utc_now();

}  // namespace musicrep
