#include "foreign/stream_process.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "core/files.h"
#include "test_files.h"

namespace musicrep {
namespace {

using Catch::Contains;

// A program that speaks the protocol by hand: `before` runs before its first line; `answer` gets
// `request` and `values`, float32, and calls say(message, bytes).
StreamCommand program(const std::string& before, const std::string& answer) {
  StreamCommand out;
  out.argv = {"/usr/bin/python3", "{program}/mine.py"};
  out.environment = {"PYTHONDONTWRITEBYTECODE=1"};
  std::string body;
  for (std::size_t at = 0; at < answer.size();) {
    const std::size_t end = std::min(answer.find('\n', at), answer.size());
    body += "    " + answer.substr(at, end - at) + "\n";
    at = end + 1;
  }
  out.files = {{"mine.py",
                "import array, json, os, sys, time\n"
                "def say(message, data=b''):\n"
                "    sys.stdout.buffer.write(json.dumps(message).encode() + b'\\n' + data)\n"
                "    sys.stdout.buffer.flush()\n" +
                    before +
                    "\nsay({'musicrep': 1})\n"
                    "calls = 0\n"
                    "for line in sys.stdin.buffer:\n"
                    "    request = json.loads(line)\n"
                    "    values = array.array('f', sys.stdin.buffer.read(request['bytes']))\n"
                    "    calls += 1\n" +
                    body}};
  return out;
}

// Answers each signal with [its sum, the number of the call].
constexpr const char* kSums = R"(
out, at = array.array('f'), 0
for item in request['encode']:
    n = item['shape'][0] * item['shape'][1]
    out.extend([sum(values[at:at + n]), calls])
    at += n
say({'vectors': [[2]] * len(request['encode']), 'bytes': 8 * len(request['encode'])}, out.tobytes()))";

const ProgramLimits kLimits{30, 0};

std::string failure_of(StreamProcess& process, const ProgramLimits& limits = kLimits) {
  const std::vector<float> values = {1, 2, 3};
  const std::vector<Signal> signals = {{"a", values, 1, 3}};
  try {
    process.encode(signals, InputKind::kPcm, limits);
  } catch (const StreamFailure& failure) {
    return failure.what();
  }
  return "";
}

double since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace

TEST_CASE("one process answers call after call") {
  StreamProcess process(program("", kSums));
  std::vector<float> values(100'000, 0.5F);
  for (int call = 1; call <= 3; ++call) {
    const std::vector<Signal> signals = {{"a", values, 1, values.size()},
                                         {"b", std::span(values).first(2), 2, 1}};
    const ProgramVectors out = process.encode(signals, InputKind::kPcm, kLimits);
    REQUIRE(out.arrays.size() == 2);
    CHECK(out.arrays[0].values == std::vector<double>{50000, double(call)});
    CHECK(out.arrays[1].values == std::vector<double>{1, double(call)});
  }
}

TEST_CASE("equal commands share a process as long as it can be used") {
  const StreamCommand command = program("", kSums);
  const auto one = stream_process(command);
  CHECK(stream_process(command) == one);
  CHECK(stream_process(program("x = 1", kSums)) != one);
  // Small ones stay, those on another device only two.
  const auto pids = [](const std::string& device) {
    std::vector<double> out;
    for (const char* name : {"a = 1", "b = 1", "c = 1", "a = 1"}) {
      StreamCommand named = program(name,
                                    "say({'vectors': [[1]], 'dtype': 'float64', 'bytes': 8}, "
                                    "array.array('d', [os.getpid()]).tobytes())");
      named.environment.push_back("MUSICREP_DEVICE=" + device);
      const std::vector<float> values = {1};
      const std::vector<Signal> signals = {{"a", values, 1, 1}};
      const auto answer = stream_process(named)->encode(signals, InputKind::kPcm, kLimits);
      out.push_back(answer.arrays[0].values[0]);
    }
    return out;
  };
  const std::vector<double> on_processor = pids("cpu");
  CHECK(on_processor[0] == on_processor[3]);
  const std::vector<double> on_device = pids("cuda");
  CHECK(on_device[0] != on_device[3]);
  const auto fails = stream_process(program("", "os._exit(3)"));
  CHECK_THAT(failure_of(*fails), Contains("exited with code 3"));
  CHECK_FALSE(fails->is_usable());
  CHECK(stream_process(program("", "os._exit(3)")) != fails);
}

TEST_CASE("an error that a program reports leaves it usable") {
  StreamProcess process(program("", "say({'error': 'ValueError: no', 'item': 'a'})"));
  for (int i = 0; i < 2; ++i) {
    CHECK(failure_of(process) == "ValueError: no");
    CHECK(process.is_usable());
  }
}

TEST_CASE("programs that go wrong are stopped with a reason of one line") {
  const auto [before, answer, reason] = GENERATE(table<std::string, std::string, std::string>({
      {"print('Loading weights')", "", "found 'Loading weights' on its standard output"},
      {"raise SystemExit('no such model')", "",
       "exited with code 1; it last printed: no such model"},
      {"import no_such_module", "",
       "it last printed: ModuleNotFoundError: No module named 'no_such_module'"},
      {"", "os.kill(os.getpid(), 11)", "killed by signal 11"},
      {"", "print('epoch 1')", "found 'epoch 1' on its standard output"},
      {"", "sys.stdout.buffer.write(b'x' * (1 << 25)); sys.stdout.flush()",
       "without an end of a line"},
      {"", "say({'vectors': [[1]], 'bytes': 4}, b'12345')", "found bytes behind its answer"},
      {"", "say({'vectors': [[1]], 'bytes': 8}, b'12345678')", "for shapes of 4 bytes"},
      {"", "say({'vectors': [[1]], 'bytes': 4}); os.close(0); os.close(1); time.sleep(100)",
       "closed its output"},
  }));
  StreamProcess process(program(before, answer));
  const std::string failure = failure_of(process);
  CHECK_THAT(failure, Contains(reason));
  CHECK(failure.find('\n') == std::string::npos);
  CHECK_FALSE(process.is_usable());
  CHECK_THAT(failure_of(process), Contains("has ended"));
}

TEST_CASE("a program that hangs or floods standard error is stopped in time") {
  const std::string answer =
      GENERATE(as<std::string>{}, "time.sleep(1000)", "while True: sys.stderr.write('x' * 10000)");
  StreamProcess process(program("", answer));
  const auto began = std::chrono::steady_clock::now();
  CHECK_THAT(failure_of(process, {0.5, 0}), Contains("did not answer within 0.5 s"));
  CHECK(since(began) < 20);
}

TEST_CASE("a program that does not read is stopped in time") {
  StreamProcess process(program("say({'musicrep': 1})\ntime.sleep(1000)", ""));
  const std::vector<float> values(10'000'000);
  const std::vector<Signal> signals = {{"a", values, 1, values.size()}};
  CHECK_THROWS_WITH(process.encode(signals, InputKind::kPcm, {1, 0}),
                    Contains("did not answer within 1 s"));
}

TEST_CASE("memory is limited, that of a program's own children too") {
  const std::string hungry = "x = bytearray(400_000_000); x[::4096] = b'1' * len(x[::4096])\n";
  const std::string answer =
      GENERATE_COPY(as<std::string>{}, hungry + "time.sleep(1000)",
                    "if os.fork() == 0:\n    " + hungry + "    time.sleep(1000)\ntime.sleep(1000)");
  StreamProcess process(program("", answer));
  CHECK_THAT(failure_of(process, {60, 300'000'000}), Contains("used more than 0.3 GB of memory"));
}

TEST_CASE("what a program started ends with it, wherever it went") {
  const TempFolder folder;
  const std::string pid = (folder.path() / "pid").string();
  StreamCommand command =
      program("", "if os.fork() == 0:\n    os.setsid()\n    open('" + pid +
                      ".new', 'w').write(str(os.getpid()))\n    os.rename('" + pid + ".new', '" +
                      pid + "')\n    time.sleep(1000)\nwhile not os.path.exists('" + pid +
                      "'): time.sleep(0.01)\ntime.sleep(1000)");
  StreamProcess process(command);
  CHECK_THAT(failure_of(process, {2, 0}), Contains("did not answer"));
  const std::string status = "/proc/" + read_file(pid) + "/status";
  for (int i = 0; i < 100 && std::filesystem::exists(status); ++i) {
    std::ifstream in(status);
    std::stringstream text;
    text << in.rdbuf();
    if (text.str().find("State:\tZ") != std::string::npos) return;  // not yet reaped by init
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK_FALSE(std::filesystem::exists(status));
}

}  // namespace musicrep
