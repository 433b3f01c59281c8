// A request to stop, set by a signal handler and looked at between units of work.
#pragma once

namespace musicrep {

/// Asks the program to stop at its next safe point. Safe to call from a signal handler.
void request_stop(int signal_number) noexcept;

/// The signal that asked to stop, or 0.
int stop_requested() noexcept;

/// Throws Error(kInterrupted) where a stop was requested.
void throw_if_stop_requested();

}  // namespace musicrep
