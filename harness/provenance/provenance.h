// Provenance: what scores may depend on besides data: code, compiler, libraries, processor.
#pragma once

#include <map>
#include <string>

namespace musicrep {

/// Facts that a re-run elsewhere may differ in and that explain a difference: part of the content
/// digest. Keys: code_commit, code_dirty, version, compiler, build_type, library versions, cpu,
/// instruction_set, blas.
std::map<std::string, std::string> code_provenance();

/// Facts that differ between two identical runs: host, user's paths. Not part of the digest.
std::map<std::string, std::string> host_facts();

}  // namespace musicrep
