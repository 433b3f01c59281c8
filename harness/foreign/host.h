// The child's side: one external encoder behind a socket.
#pragma once

#include "musicrep/registry.h"

namespace musicrep {

/// The hidden command of the program that makes a process a host.
inline constexpr const char* kHostCommand = "encoder-host";

/// Answers requests from ChildProcess::kChannel until it is closed, then ends the process: foreign
/// destructors are not run. Returns where there is no channel, which is a mistake of a user who
/// called the hidden command.
void serve_encoder(const EncoderRegistry& builtin);

}  // namespace musicrep
