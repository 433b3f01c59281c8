// Fingerprints: what an encoder makes of fixed signals, stored with the results, so that a moved
// encoder is told from a moved score.
#pragma once

#include <functional>
#include <memory>

#include "pipeline/prepare.h"
#include "store/artefacts.h"
#include "store/results.h"

namespace musicrep {

/// Encodes the fixed signals and fills in everything that comes of them: all fields from `signals`
/// on, or `none` with the reason where the encoder looks its vectors up or cannot encode them.
Fingerprint take_fingerprint(Encoder& encoder, const EncoderInfo& info);

/// The fingerprint of a step's encoder. Taken from `store` where the same program made it (the hash
/// of the program is in its key: new code gives a new fingerprint even of embeddings that are
/// stored); otherwise `encoder` is asked for one.
Fingerprint fingerprint_of(const EncodeStep& step, const ArtefactStore& store,
                           const std::function<std::shared_ptr<Encoder>()>& encoder);

}  // namespace musicrep
