// A published score beside ours.
#pragma once

#include <string>

namespace musicrep {

/// "reproduced": equal to three decimals or at most 0.0005 apart; "within the interval": inside our
/// 95 % interval; otherwise "differs", or "no score" where ours is not a number.
std::string verdict(double ours, double low, double high, double published);

}  // namespace musicrep
