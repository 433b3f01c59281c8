// VGGish layer by layer: milliseconds and GFLOP/s, beside what its largest convolution reaches
// alone in the same run, on one thread and as two items on two threads; and the peak memory.
//   vggish_bench [--patches 31] [--rounds 7] [--width 1] [--plain]
// Medians over rounds that take turns: a round is one pass of the network, then its largest
// convolution alone, so that both see the same machine. Times are of the thread on its processor,
// without waiting for it. --plain: vggish_net.h instead of vggish_fast.h. Compare ratios, not
// milliseconds, on a machine that others use.
#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "nn/random.h"
#include "nn/threads.h"
#include "vggish/vggish_fast.h"
#include "vggish/vggish_net.h"
#include "vggish/vggish_published.h"

namespace musicrep {
namespace {

/// Milliseconds that the calling thread has had a processor.
double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// Multiplications and additions of a layer, for one patch.
std::map<std::string, double> flops(const VggishLayers& layers) {
  std::map<std::string, double> out;
  double places = kVggishPatchFrames * kVggishPatchBands;
  for (const VggishConvolution& c : layers.convolutions) {
    out[c.name] = 2.0 * 9 * static_cast<double>(c.in * c.out) * places;
    if (c.pooled) places /= 4;
  }
  for (const VggishDense& d : layers.dense) out[d.name] = 2.0 * static_cast<double>(d.in * d.out);
  return out;
}

/// He's normal numbers in the shape of a parameter.
torch::Tensor random_parameter(double width, const std::string& name) {
  const std::vector<std::size_t> sizes = vggish_shapes(width).at(name);
  const std::vector<std::int64_t> shape(sizes.begin(), sizes.end());
  torch::Tensor out = torch::empty(shape);
  torch::Generator generator = make_generator(std::hash<std::string>()(name));
  const double fan_in = static_cast<double>(out.numel()) / static_cast<double>(shape[0]);
  return out.normal_(0, std::sqrt(2 / fan_in), generator);
}

/// conv4_2, of 512 to 512 channels on 12 x 8 at full width, with nothing around it: weights and
/// input laid out beforehand.
class Largest {
 public:
  Largest(double width, std::int64_t patches) {
    const torch::Tensor weight = random_parameter(width, "conv4_2.weight");
    weight_ = at::mkldnn_reorder_conv2d_weight(weight.to_mkldnn(), {1, 1}, {1, 1}, {1, 1});
    bias_ = random_parameter(width, "conv4_2.bias").to_mkldnn();
    // What a convolution gives is in blocks, as the input is within the network.
    const torch::Tensor input = torch::rand({patches, weight.size(1), 12, 8}).to_mkldnn();
    input_ = at::conv2d(input, weight_, bias_, 1, 1);
  }
  void run() const { at::conv2d(input_, weight_, bias_, 1, 1); }

 private:
  torch::Tensor weight_, bias_, input_;
};

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

struct Arguments {
  std::int64_t patches = 31;
  int rounds = 7;
  double width = 1;
  bool plain = false;
};

struct Times {
  std::vector<double> whole, largest;
  std::map<std::string, std::vector<double>> layers;
};

/// `rounds` passes on each of `threads` threads; the times of the first thread.
Times measure(const Arguments& arguments, int threads, const VggishFast* fast, VggishNet net,
              const Largest& largest) {
  Times times;
  const auto work = [&](bool first) {
    use_one_thread();
    const torch::InferenceMode no_gradients;
    const torch::Tensor x =
        torch::rand({arguments.patches, kVggishPatchFrames, kVggishPatchBands}) * 8 - 4;
    for (int round = -1; round < arguments.rounds; ++round) {
      const bool counted = first && round >= 0;  // round -1 warms up
      double start = thread_ms();
      double layer = start;
      const auto done = [&](const std::string& name) {
        if (counted) times.layers[name].push_back(thread_ms() - layer);
        layer = thread_ms();
      };
      if (fast != nullptr) {
        static_cast<void>(fast->forward(x, done));
      } else {
        net->forward(x);
      }
      if (counted) times.whole.push_back(thread_ms() - start);
      start = thread_ms();
      largest.run();
      if (counted) times.largest.push_back(thread_ms() - start);
    }
  };
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back(work, false);
  work(true);
  for (std::thread& other : others) other.join();
  return times;
}

void report(const Arguments& arguments, int threads, const Times& times) {
  const VggishLayers layers(arguments.width);
  const std::map<std::string, double> each = flops(layers);
  const auto n = static_cast<double>(arguments.patches);
  const auto rate = [&](double flop, double ms) { return flop * n / ms / 1e6; };
  fmt::print("\n{} thread(s), {} patches each, {}, medians of {}\n", threads, arguments.patches,
             arguments.plain ? "plain" : "blocked", arguments.rounds);
  fmt::print("{:<10} {:>9} {:>9} {:>9}\n", "layer", "GFLOP", "ms", "GFLOP/s");
  double all = 0;
  for (const auto& [name, flop] : each) {
    all += flop;
    if (!times.layers.contains(name)) continue;
    const double ms = median(times.layers.at(name));
    fmt::print("{:<10} {:>9.3f} {:>9.2f} {:>9.1f}\n", name, flop * n / 1e9, ms, rate(flop, ms));
  }
  const double whole = median(times.whole);
  const double largest = median(times.largest);
  fmt::print("{:<10} {:>9.3f} {:>9.2f} {:>9.1f}\n", "network", all * n / 1e9, whole,
             rate(all, whole));
  fmt::print("{:<10} {:>9.3f} {:>9.2f} {:>9.1f}\n", "conv4_2 *", each.at("conv4_2") * n / 1e9,
             largest, rate(each.at("conv4_2"), largest));
  std::vector<double> ratios;
  for (std::size_t i = 0; i < times.whole.size(); ++i) {
    ratios.push_back(rate(all, times.whole[i]) / rate(each.at("conv4_2"), times.largest[i]));
  }
  fmt::print("* alone. The network reaches {:.0f} % of its rate (median of {} rounds)\n",
             100 * median(ratios), ratios.size());
}

int run(const Arguments& arguments) {
  const torch::InferenceMode no_gradients;
  use_one_thread();
  std::unique_ptr<VggishFast> fast;
  VggishNet net(nullptr);
  if (arguments.plain) {
    net = VggishNet(arguments.width);
    for (auto& p : net->named_parameters())
      p.value().copy_(random_parameter(arguments.width, p.key()));
  } else {
    fast = std::make_unique<VggishFast>(arguments.width, [&](const std::string& name) {
      return random_parameter(arguments.width, name);
    });
  }
  fmt::print("peak memory after loading: {:.0f} MiB\n", peak_mib());
  const Largest largest(arguments.width, arguments.patches);
  for (const int threads : {1, 2}) {
    report(arguments, threads, measure(arguments, threads, fast.get(), net, largest));
    fmt::print("peak memory so far: {:.0f} MiB\n", peak_mib());
  }
  return 0;
}

}  // namespace
}  // namespace musicrep

int main(int argc, char** argv) {
  musicrep::Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--plain") {
      arguments.plain = true;
    } else if (i + 1 < argc && name == "--patches") {
      arguments.patches = std::stoll(argv[++i]);
    } else if (i + 1 < argc && name == "--rounds") {
      arguments.rounds = std::stoi(argv[++i]);
    } else if (i + 1 < argc && name == "--width") {
      arguments.width = std::stod(argv[++i]);
    } else {
      fmt::print(stderr, "vggish_bench [--patches N] [--rounds N] [--width W] [--plain]\n");
      return 2;
    }
  }
  return musicrep::run(arguments);
}
