// A lock per step: one run executes it, others wait.
#pragma once

#include <string>

#include "store/artefacts.h"

namespace musicrep {

/// Held while the step under `key` is made or looked up, so that runs on one store do not both make
/// it. The system takes it back from a process that dies, in whatever way. It saves work and guards
/// nothing: a step that is made twice is the same bits, published as a whole. So where the store's
/// folder knows no locks (it is read-only, or on a file system without), this is held at once.
class StepLock {
 public:
  /// `step` is what the log calls it. Throws Error(kInterrupted) when asked to stop while waiting.
  StepLock(const ArtefactStore& store, const std::string& key, const std::string& step);
  ~StepLock();
  StepLock(const StepLock&) = delete;
  StepLock& operator=(const StepLock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace musicrep
