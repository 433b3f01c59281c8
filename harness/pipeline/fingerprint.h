// Fingerprints: what an encoder makes of fixed signals, stored with the results, so that a moved
// encoder is told from a moved score.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "contract/contract.h"
#include "pipeline/prepare.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// Tries the encoder's contract and fills in everything that comes of the fixed signals: all fields
/// from `signals` on, or `none` with the reason where the encoder looks its vectors up (the
/// contract is then tried on `ids`) or cannot encode them.
Fingerprint take_fingerprint(Encoder& encoder, const EncoderInfo& info,
                             std::span<const std::string> ids = {});

/// As results hold them.
std::vector<ContractLine> contract_lines(std::span<const ContractFinding> findings);

/// The fingerprint of a step's encoder. Taken from `store` where the same program made it (the hash
/// of the program is in its key: new code gives a new fingerprint even of embeddings that are
/// stored); otherwise `encoder` is asked for one.
Fingerprint fingerprint_of(const EncodeStep& step, const ArtefactStore& store,
                           const std::function<std::shared_ptr<Encoder>()>& encoder);

/// Gives the rows of encoders that break their contract a note that says in what.
void note_broken_contracts(Results& results);

}  // namespace musicrep
