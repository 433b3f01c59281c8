// Parallel loops whose result does not depend on the number of threads.
#pragma once

#include <cstddef>
#include <functional>

namespace musicrep {

/// Calls body(i) for each i in [0, n) on up to `threads` threads, each index once, taken in
/// ascending order. The body writes to places of its own, so the result does not depend on the
/// number of threads. The first exception (of the lowest index) stops the loop and is thrown again
/// here once all threads have come home; stop_requested() ends it with Error kInterrupted.
void parallel_for(std::size_t n, std::size_t threads, const std::function<void(std::size_t)>& body);

/// The same, and calls progress(done, n) after each index, one call at a time.
void parallel_for(std::size_t n, std::size_t threads, const std::function<void(std::size_t)>& body,
                  const std::function<void(std::size_t, std::size_t)>& progress);

/// The number of processors that this process may run on, at least 1.
std::size_t available_processors();

}  // namespace musicrep
