// A process and all that it started, as /proc shows them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace musicrep {

/// `pid` first, then all its descendants, as they are now: whatever group or session they went to,
/// as long as no process between them has ended.
std::vector<pid_t> family_of(pid_t pid);

/// Bytes of memory that they have in use; pages that they share count for each.
std::uint64_t resident_bytes_of_family(pid_t pid);

}  // namespace musicrep
