// The built-in encoders of a program that has but one.
#include "musicrep/registry.h"

void musicrep_register_probe_me(musicrep::EncoderRegistry& registry);

namespace musicrep {

void register_builtin_encoders(EncoderRegistry& registry) { musicrep_register_probe_me(registry); }

}  // namespace musicrep
