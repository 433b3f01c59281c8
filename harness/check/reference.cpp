#include "check/reference.h"

#include <fmt/format.h>

#include "musicrep/error.h"

namespace musicrep {

Reference read_reference(const std::filesystem::path& results_file) {
  Reference out;
  out.results = read_results(results_file);
  const std::filesystem::path beside = results_file.parent_path() / kTolerancesFile;
  // The digest that tolerances of an earlier version name covers other fields.
  const bool is_old = !out.results.provenance.contains("statistics_version");
  if (!std::filesystem::exists(beside) || is_old) {
    out.tolerances = derive_tolerances(out.results);
    return out;
  }
  out.tolerances = read_tolerances(beside);
  if (const std::string digest = content_digest(out.results);
      out.tolerances.content_digest != digest) {
    throw DataError(fmt::format("'{}' is for results with digest {}, but '{}' has {}",
                                beside.string(), out.tolerances.content_digest.substr(0, 12),
                                results_file.string(), digest.substr(0, 12)));
  }
  return out;
}

}  // namespace musicrep
