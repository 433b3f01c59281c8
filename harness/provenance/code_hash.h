// The code that steps of the pipeline run, by its hash: part of their keys.
#pragma once

#include <string>

namespace musicrep {

/// SHA-256 over the sources whose change can move a prediction, a score or an interval of an
/// evaluation, a sweep or a retrieval, and over the compiler and its flags, as they were when the
/// program was built (harness/cmake/CodeHash.cmake), and over the kernels of BLAS where they are
/// not the portable ones. Libraries and the processor are not in it: steps of one plan may run on
/// several machines.
std::string scoring_code_sha256();

/// The same of diagnoses.
std::string diagnosis_code_sha256();

/// The hash of a key's JSON but for its "code": what results name their steps by, which are
/// compared across versions of the code.
std::string key_without_code(const std::string& key_json);

}  // namespace musicrep
