// How a plan was asked for, as JSON, so that whoever runs its steps can prepare the same one.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "planner/prepare.h"

namespace musicrep {

/// Every option that can move a result, with absolute paths; audio_progress is left out.
nlohmann::json options_json(const PrepareOptions& options);
/// The reverse. Throws nlohmann::json::exception where a part is missing or of another type.
PrepareOptions options_from(const nlohmann::json& json);

}  // namespace musicrep
