// Trains the tests' tiny network with a checkpoint file, for tests that kill it:
//   train_tiny WEIGHTS CHECKPOINT STEPS MILLISECONDS_A_STEP
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>

#include "core/stop.h"
#include "musicrep/error.h"
#include "nn/fit.h"
#include "tiny_training.h"

int main(int argc, char** argv) {
  using namespace musicrep;
  if (argc != 5) return 2;
  std::signal(SIGTERM, request_stop);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of the write
  TinyTask task;
  task.before_loss = [&](const Batch&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(std::stoi(argv[4])));
  };
  TrainerConfig config = tiny_config();
  config.steps = std::stoul(argv[3]);
  FitArgs args;
  args.seed = 3;
  args.weights_path = argv[1];
  args.checkpoint_path = argv[2];
  TrainingCorpus corpus;
  corpus.name = "tiny";
  Weights weights;
  weights.architecture = "tiny";
  weights.config = nlohmann::json::object();
  try {
    fit_and_write(task, config, corpus, args, weights);
  } catch (const Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return e.kind() == ErrorKind::kInterrupted ? 130 : 3;
  }
  return 0;
}
