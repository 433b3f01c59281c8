// What single calls say of an encoder.
#pragma once

#include <span>

#include "contract/contract.h"
#include "contract/edge_signals.h"
#include "contract/trial.h"

namespace musicrep {

/// One matrix [T, dim] for each item, with as many rows as window and hop allow.
ContractFinding shape_finding(const EncoderInfo& info, std::span<const FixedSignal> items,
                              std::span<const Matrix> vectors);

/// The width that is declared, everywhere.
ContractFinding width_finding(const EncoderInfo& info, std::span<const Matrix> vectors);

/// All values finite, not all of them zero, and for audio not always the same.
ContractFinding value_finding(const EncoderInfo& info, std::span<const FixedSignal> items,
                              std::span<const Matrix> vectors);

/// A refusal names the item; a vector is finite, and no zeros where there was a sound.
ContractFinding edge_finding(const EdgeSignal& edge, const Trial& trial);

}  // namespace musicrep
