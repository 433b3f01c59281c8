#include "core/utc_time.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace musicrep {

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace musicrep
