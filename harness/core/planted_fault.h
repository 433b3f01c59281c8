// Places at which the tests of the gate make the program faulty on purpose.
#pragma once

#include <string_view>

namespace musicrep {

/// Whether the fault of that name is planted. The program has no faults planted: the library's
/// definition always says no. A test program that defines this function itself is linked with its
/// own definition, and so with the faults that it asks for (tests/integration/gate/gate_run.cpp).
/// For places that run seldom: not for inner loops.
bool fault_planted(std::string_view name);

}  // namespace musicrep
