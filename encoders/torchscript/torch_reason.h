// What a reader needs of PyTorch's long messages. No torch in here.
#pragma once

#include <string>
#include <string_view>

namespace musicrep {

/// One line, the reason first. PyTorch's interpreter puts the reason after a trace through the
/// model's code ("RuntimeError: ..." in its last lines), other parts put it in their first lines
/// and let long lists follow ("Could not run 'aten::x' ... [CPU: registered at ...]").
std::string telling_part(std::string_view message);

}  // namespace musicrep
