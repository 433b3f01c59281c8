// Catch2's version 3 under the header and the names of version 2, which the tests are written with:
// Debian 12 has version 2, Debian 13 version 3.
#pragma once

#include <catch2/catch_approx.hpp>
#include <catch2/catch_message.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_predicate.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <string>

namespace Catch {
namespace Matchers {

/// Version 3 gives this name to another matcher, of ranges, which is not included above.
inline StringContainsMatcher Contains(const std::string& text,
                                      CaseSensitive case_sensitive = CaseSensitive::Yes) {
  return ContainsSubstring(text, case_sensitive);
}

}  // namespace Matchers

using Matchers::Contains;
using Matchers::EndsWith;
using Matchers::Equals;
using Matchers::StartsWith;

}  // namespace Catch

using Catch::Approx;  // NOLINT(google-global-names-in-headers): as in version 2
