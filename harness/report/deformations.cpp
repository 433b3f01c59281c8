#include "report/deformations.h"

#include <algorithm>

namespace musicrep {
namespace {

std::size_t place_in(std::vector<std::string>& list, const std::string& name) {
  const auto at = std::ranges::find(list, name);
  const auto place = static_cast<std::size_t>(at - list.begin());
  if (at == list.end()) list.push_back(name);
  return place;
}

}  // namespace

std::vector<DeformedTable> deformed_tables(const Results& results) {
  std::vector<DeformedTable> out;
  const auto of = [&](const Deformed& each) {
    return std::ranges::find_if(out, [&](const DeformedTable& t) {
      return t.task == each.task && t.protocol == each.protocol;
    });
  };
  for (const Deformed& each : results.deformed) {
    auto table = of(each);
    if (table == out.end()) {
      table = out.insert(out.end(), {each.task, each.protocol, each.metric, {}, {}, {}});
    }
    place_in(table->encoders, each.encoder);
    place_in(table->deformations, each.deformation);
  }
  for (DeformedTable& table : out) {
    table.entries.assign(table.encoders.size() * table.deformations.size(), nullptr);
  }
  for (const Deformed& each : results.deformed) {
    const auto table = of(each);
    const std::size_t row = place_in(table->deformations, each.deformation);
    table->entries[row * table->encoders.size() + place_in(table->encoders, each.encoder)] = &each;
  }
  return out;
}

}  // namespace musicrep
