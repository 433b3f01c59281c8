// A shared object of another program's make. Loading its encoder would be a crash.
#include <cstdlib>

extern "C" const char* musicrep_plugin_stamp() { return "musicrep 0.0.1; abi 0"; }
extern "C" void musicrep_plugin_encoder(void*) { std::abort(); }
