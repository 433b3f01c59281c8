// A shared object that is no encoder, and one that is gone as soon as it is loaded.
#include <cstdlib>

#ifdef CRASHES_LOADED
__attribute__((constructor)) static void crash() { std::abort(); }
#endif

extern "C" int answer() { return 42; }
