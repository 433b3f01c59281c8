// gpu_check [--device cpu|cuda] [--batch N] [--quick] [--spoil]
//
// Compares every network on a device with the same on the CPU (TF32 off), measures how fast it is
// there, and prints a Markdown table. Exit code: 0 all agree, 1 some do not, 2 it cannot run.
#include <torch/version.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "compare.h"
#include "musicrep/error.h"
#include "nn/device.h"
#include "nn/state.h"
#include "rates.h"

namespace musicrep {
namespace {

struct Settings {
  std::string device = "cuda";
  std::int64_t batch = 0;  ///< 0: what the network says
  bool quick = false;      ///< as little as shows that it works
  bool spoil = false;
};

Settings parse(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--quick") {
      settings.quick = true;
    } else if (argument == "--spoil") {
      settings.spoil = true;
    } else if (argument == "--device" && i + 1 < argc) {
      settings.device = argv[++i];
    } else if (argument == "--batch" && i + 1 < argc) {
      settings.batch = std::stol(argv[++i]);
    } else {
      throw ConfigError("usage: gpu_check [--device cpu|cuda] [--batch N] [--quick] [--spoil]");
    }
  }
  return settings;
}

/// What stands behind "key  :" in a file of /proc; empty where it is not there.
std::string from_proc(const std::filesystem::path& path, const std::string& key) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(key))
      return line.substr(line.find_first_not_of(" \t", line.find(':') + 1));
  }
  return {};
}

std::string device_name(torch::Device device) {
  if (device.is_cpu()) return from_proc("/proc/cpuinfo", "model name") + ", one thread";
  std::error_code ignored;
  for (const auto& gpu : std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", ignored)) {
    return from_proc(gpu.path() / "information", "Model");
  }
  return "a CUDA device";
}

/// Three significant digits.
std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), value < 1000 ? "%.3g" : "%.0f", value);
  return text;
}

bool check(const CheckedNetwork& network, torch::Device device, const Settings& settings) {
  const std::int64_t compared = settings.quick ? 2 : 8;
  const std::int64_t batch = settings.batch > 0                  ? settings.batch
                             : settings.quick || device.is_cpu() ? 2
                                                                 : network.batch;
  const double seconds = settings.quick ? 0 : 2;
  const std::size_t steps = settings.quick ? 1 : device.is_cpu() ? 5 : 50;
  const Agreement agreement = compare(network, device, compared, settings.spoil);
  const auto rates = [&](bool mixed) {
    if (mixed && device.is_cpu()) return std::string("– | –");
    return number(forward_rate(network, device, mixed, batch, seconds)) + " | " +
           number(training_rate(network, device, mixed, batch, steps));
  };
  const std::string fp32 = rates(false);
  const std::string bf16 = rates(true);
  std::printf("| %s | %zu | %s | %s | %s | %s (%s) | %s | %lld | %s | %s |\n", network.name.c_str(),
              count_parameters(*network.make()), network.item.c_str(),
              number(agreement.evaluation).c_str(), number(agreement.training).c_str(),
              number(agreement.gradients).c_str(), agreement.worst_parameter.c_str(),
              agreement.good() ? "yes" : "no", static_cast<long long>(batch), fp32.c_str(),
              bf16.c_str());
  std::fflush(stdout);
  return agreement.good();
}

int run(const Settings& settings) {
  const torch::Device device = device_by_name(settings.device);
  // Both round to 10 bits of mantissa where nobody asked for it.
  at::globalContext().setAllowTF32CuBLAS(false);
  at::globalContext().setAllowTF32CuDNN(false);
  std::printf(
      "# Networks on %s\n\n"
      "%s, LibTorch %s; written by `gpu_check`. Differences are from the CPU with the same "
      "weights\n"
      "and inputs, TF32 off, relative to the size of what is compared; %g is allowed. Rates are\n"
      "without loading and front ends; TF32 off, and bf16 is Torch's autocast.\n\n"
      "| network | parameters | item | outputs differ | in training | gradients differ | agrees | "
      "batch | fp32 items/s | fp32 training steps/s | bf16 items/s | bf16 training steps/s |\n"
      "|-|-:|-|-:|-:|-|-|-:|-:|-:|-:|-:|\n",
      settings.device.c_str(), device_name(device).c_str(), TORCH_VERSION, kTolerance);
  const std::vector<CheckedNetwork> networks = checked_networks();
  if (networks.empty()) throw ConfigError("it was built without a network");
  bool all_agree = true;
  for (const CheckedNetwork& network : networks) {
    all_agree = check(network, device, settings) && all_agree;
  }
  return all_agree ? 0 : 1;
}

}  // namespace
}  // namespace musicrep

int main(int argc, char** argv) {
  try {
    return musicrep::run(musicrep::parse(argc, argv));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "gpu_check: %s\n", e.what());
    return 2;
  }
}
