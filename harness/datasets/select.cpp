#include "datasets/select.h"

#include <memory>
#include <vector>

namespace musicrep {
namespace {

template <typename T>
void select(std::vector<T>& list, std::span<const std::size_t> kept) {
  if (list.empty()) return;
  std::vector<T> out;
  out.reserve(kept.size());
  for (const std::size_t i : kept) out.push_back(list[i]);
  list = std::move(out);
}

}  // namespace

Dataset select_items(const Dataset& full, std::span<const std::size_t> kept) {
  Dataset out = full;
  select(out.ids, kept);
  select(out.groups, kept);
  select(out.splits, kept);
  select(out.audio, kept);
  select(out.works, kept);
  for (Target& target : out.targets) select(target.values, kept);
  if (full.frames) out.frames = std::make_shared<FrameTable>(full.frames->select(kept));
  return out;
}

}  // namespace musicrep
