#include "graph/costs.h"

#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/hash.h"
#include "store/stored.h"

namespace musicrep {
namespace {

constexpr const char* kArtefact = "cost";

// The system's high-water mark can be set back, so what it was is kept here.
std::atomic<double> highest_before_mib = 0;

double high_water_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

std::string key_json_of(const std::string& key) {
  return nlohmann::json({{"step", "cost"}, {"of", key}}).dump();
}

void set_high_water_back() {
  highest_before_mib = std::max(highest_before_mib.load(), high_water_mib());
  // What earlier steps freed is still resident until the allocator gives it back.
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

}  // namespace

CostMeter::CostMeter(Of of) : of_(of) { restart(); }

void CostMeter::restart() {
  began_ = std::chrono::steady_clock::now();
  if (of_ == Of::kProgram) set_high_water_back();
  cpu_began_s_ = cpu_s();
}

double CostMeter::cpu_s() const {
  timespec now{};
  clock_gettime(of_ == Of::kThread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

StepCost CostMeter::cost(const StepSize& size) const {
  StepCost out;
  out.n = size.n;
  out.disk_mib = size.disk_mib;
  out.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  out.cpu_s = cpu_s() - cpu_began_s_;
  if (of_ == Of::kProgram) out.peak_mib = high_water_mib();
  return out;
}

double peak_memory_mib() { return std::max(highest_before_mib.load(), high_water_mib()); }

void store_cost(const ArtefactStore& store, const std::string& key, const std::string& description,
                const StepCost& cost) {
  store.put_text(kArtefact, sha256_hex(key_json_of(key)), key_json_of(key), description,
                 nlohmann::json({{"wall_s", cost.wall_s},
                                 {"cpu_s", cost.cpu_s},
                                 {"peak_mib", cost.peak_mib},
                                 {"disk_mib", cost.disk_mib},
                                 {"n", cost.n}})
                     .dump());
}

std::optional<StepCost> stored_cost(const ArtefactStore& store, const std::string& key) {
  const auto text = store.get_text(kArtefact, sha256_hex(key_json_of(key)));
  if (!text) return std::nullopt;
  return from_stored(*text, [](const nlohmann::json& json) {
    StepCost out;
    out.wall_s = json.at("wall_s").get<double>();
    out.cpu_s = json.at("cpu_s").get<double>();
    out.peak_mib = json.at("peak_mib").get<double>();
    out.disk_mib = json.at("disk_mib").get<double>();
    out.n = json.at("n").get<std::int64_t>();
    return out;
  });
}

void remove_cost(const ArtefactStore& store, const std::string& key) {
  store.remove(kArtefact, sha256_hex(key_json_of(key)));
}

}  // namespace musicrep
