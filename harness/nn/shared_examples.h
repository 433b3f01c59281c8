// Examples in memory that several trainings read: those of one network with other seeds.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace musicrep {

/// What `make` gives, computed once for all who ask under the same key at about the same time. It
/// is kept while someone uses it, and the one asked for last until another is asked for, or
/// forget_shared_examples(). `key` names all that its content depends on. Who comes while it is
/// being made waits. Passes on what `make` throws.
std::shared_ptr<const void> shared_examples_of(const std::string& key,
                                               const std::function<std::shared_ptr<void>()>& make);

/// The same with a type; `make` gives a T.
template <typename T, typename Make>
std::shared_ptr<const T> shared_examples(const std::string& key, const Make& make) {
  return std::static_pointer_cast<const T>(shared_examples_of(
      key, [&]() -> std::shared_ptr<void> { return std::make_shared<T>(make()); }));
}

/// Frees what nobody uses.
void forget_shared_examples();

}  // namespace musicrep
