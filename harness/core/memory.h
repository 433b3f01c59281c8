// What becomes of memory that the program has freed.
#pragma once

namespace musicrep {

/// Gives freed memory back to the system. Programs with networks or BLAS in them keep it otherwise:
/// the C library returns every large block at once, and the kernel then clears the same pages again
/// for each tensor, which is a third and more of a training's processor time. To be called where a
/// piece of work ends whose memory the next one does not need.
void release_freed_memory();

}  // namespace musicrep
