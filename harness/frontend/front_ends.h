// Front ends that have a name: each is in the folder of the encoder that it belongs to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "frontend/log_mel.h"

namespace musicrep {

/// The front end of a published representation, as its authors' code has it. One object each, in a
/// file front_ends/NAME.cpp of its encoder's folder, which CMake finds: NAME in front_ends.
struct FrontEnd {
  std::string_view name;     ///< as that of its file
  std::size_t channels = 1;  ///< of the samples that it is for
  LogMelConfig config;
};

namespace front_ends {
/// All of them. CMake writes its body.
const std::vector<const FrontEnd*>& all();
}  // namespace front_ends

/// The front end of that name. Throws ConfigError with the nearest name.
const FrontEnd& front_end(std::string_view name);

/// Names of all front ends, in alphabetical order.
std::vector<std::string> front_end_names();

}  // namespace musicrep
