#include "cli/weights_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace musicrep::cli {
namespace {

/// 72141184 as "72,141,184".
std::string grouped(std::size_t n) {
  const std::string digits = fmt::format("{}", n);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::size_t n_values(const NamedTensors& tensors) {
  std::size_t n = 0;
  for (const auto& each : tensors) n += each.second.values.size();
  return n;
}

void print_object(const char* name, const nlohmann::json& object) {
  const char* head = name;
  for (const auto& [key, value] : object.items()) {
    fmt::print("  {:<9} {}: {}\n", head, key,
               value.is_string() ? value.get<std::string>() : value.dump());
    head = "";
  }
}

}  // namespace

void print_tensors(const NamedTensors& tensors) {
  std::size_t width = 11;  // of the last line's own name
  std::size_t shape_width = 5;
  for (const auto& [name, tensor] : tensors) {
    width = std::max(width, name.size());
    shape_width = std::max(shape_width, shape_text(tensor.shape).size());
  }
  fmt::print("  {:<{}}  {:<{}}  {:>12}\n", "tensor", width, "shape", shape_width, "values");
  for (const auto& [name, tensor] : tensors) {
    fmt::print("  {:<{}}  {:<{}}  {:>12}\n", name, width, shape_text(tensor.shape), shape_width,
               grouped(tensor.values.size()));
  }
  fmt::print("  {:<{}}  {:<{}}  {:>12}\n", fmt::format("{} in all", tensors.size()), width, "",
             shape_width, grouped(n_values(tensors)));
}

void print_summary(const Weights& weights) {
  fmt::print("  network   {}\n", weights.architecture);
  print_object("config", weights.config);
  print_object("source", weights.source);
  for (const auto& [name, texts] : weights.labels) {
    fmt::print("  labels    {}: {}\n", name, texts.size());
  }
  for (const auto& [name, points] : weights.curves) {
    fmt::print("  curve     {}: {} points\n", name, points.size());
  }
  fmt::print("  tensors   {}, of {} values\n", weights.tensors.size(),
             grouped(n_values(weights.tensors)));
  fmt::print("  sha256    {}\n", sha256_of(weights));
}

}  // namespace musicrep::cli
