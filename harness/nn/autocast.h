// Mixed precision for one scope.
#pragma once

namespace musicrep {

/// While it lives, what is computed on CUDA in this thread is computed in bfloat16 where that is
/// safe (Torch's autocast), if `on`; otherwise nothing changes.
class Autocast {
 public:
  explicit Autocast(bool on);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  bool on_;
  bool was_on_ = false;
};

}  // namespace musicrep
