#include "command/command.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "command/command_words.h"
#include "core/files.h"
#include "core/options.h"
#include "core/stop.h"
#include "musicrep/error.h"
#include "test_files.h"

namespace musicrep {
namespace {

using Texts = std::vector<std::string>;
using Catch::Contains;

// The command as a script of numpy's in a folder.
class Script {
 public:
  explicit Script(const std::string& body) {
    write_text_atomically(folder_.path() / "mine.py",
                          "import csv, pathlib, sys, time\nimport numpy\n"
                          "i, o = map(pathlib.Path, sys.argv[1:])\n"
                          "items = list(csv.DictReader(open(i / 'items.csv')))\n" +
                              body);
  }
  [[nodiscard]] EncoderArgs args(Options more = {}) const {
    more.try_emplace("command", std::string("/usr/bin/python3 -B mine.py {in} {out}"));
    more.try_emplace("channels", std::int64_t{2});
    return {1, complete_options("command", Command::static_info().options, more), "",
            folder_.path().string()};
  }
  [[nodiscard]] Command command(Options more = {}) const { return Command(args(std::move(more))); }
  [[nodiscard]] const TempFolder& folder() const { return folder_; }

 private:
  TempFolder folder_;
};

const std::vector<float> kStereo = {0.5F, -0.25F, 0.125F, 1, 0, -1};

std::vector<Signal> two_signals() { return {{"a", kStereo, 2, 3}, {"b,\"c\"", kStereo, 2, 3}}; }

std::string failure_of(Command& command) {
  const std::vector<Signal> signals = two_signals();
  try {
    command.encode(signals);
  } catch (const ForeignFailure& failure) {
    return failure.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a command is split into words without a shell") {
  CHECK(command_words("python3  mine.py\t{in} {out}") ==
        Texts{"python3", "mine.py", "{in}", "{out}"});
  CHECK(command_words(R"(a "b c" 'd "e' f\ g "\"" '' h"i"j $HOME * | ;)") ==
        Texts{"a", "b c", "d \"e", "f g", "\"", "", "hij", "$HOME", "*", "|", ";"});
  CHECK_THROWS_AS(command_words(""), ConfigError);
  CHECK_THROWS_AS(command_words("'' x"), ConfigError);
  CHECK_THROWS_WITH(command_words("a 'b"), Contains("not closed"));
  CHECK(replace_mark({"--in={in}{in}", "x"}, "{in}", "/{in}") == Texts{"--in=/{in}/{in}", "x"});
}

TEST_CASE("a command gets the samples to the bit, and its vectors come back") {
  const Script script(R"(
import scipy.io.wavfile
for item in items:
    rate, samples = scipy.io.wavfile.read(i / item['file'])
    assert rate == 22050 and samples.dtype == numpy.float32, (rate, samples.dtype)
    numpy.save(o / item['file'].replace('.wav', '.npy'), samples.T.astype('f8') * (2 if item['id'] == 'b,"c"' else 1))
)");
  Command command = script.command({{"sample_rate_hz", 22050.0}, {"channels", std::int64_t{2}}});
  const std::vector<Signal> signals = two_signals();
  const std::vector<Matrix> got = command.encode(signals);
  REQUIRE(got.size() == 2);
  CHECK(got[0] == Matrix(2, 3, {kStereo.begin(), kStereo.end()}));
  CHECK(got[1].at(1, 2) == -2);
}

TEST_CASE("a command may take frames and give one vector an item") {
  const Script script(R"(
for item in items:
    frames = numpy.load(i / item['file'])
    assert frames.dtype == numpy.float32 and frames.shape == (2, 128)
    numpy.save(o / item['file'], frames.mean(axis=0)[:3])
)");
  Command command = script.command({{"input", std::string("vggish_frames")}});
  std::vector<float> frames(256);
  for (std::size_t k = 0; k < frames.size(); ++k) frames[k] = static_cast<float>(k);
  const std::vector<Signal> signals = {{"a", frames, 2, 128}};
  CHECK(command.encode(signals).front() == Matrix(1, 3, {64, 65, 66}));
  CHECK(Command::info_for(script.args({{"input", std::string("vggish_frames")}}).options).input ==
        InputKind::kVggishFrames);
}

TEST_CASE("layers are views beside their mean") {
  const Script script(R"(
for item in items:
    numpy.save(o / item['file'].replace('.wav', '.npy'), numpy.arange(8.0).reshape(2, 2, 2))
)");
  Command command = script.command();
  const std::vector<Signal> signals = two_signals();
  CHECK(command.views().empty());
  CHECK(command.encode(signals).front() == Matrix(1, 6, {1, 2, 5, 6, 3, 4}));
  REQUIRE(command.views().size() == 3);
  CHECK(command.views()[0].name == "layer 1, mean");
  const std::vector<LayerTrace> layers = command.trace(signals.front());
  REQUIRE(layers.size() == 2);
  CHECK(layers[1].states == Matrix(2, 2, {4, 5, 6, 7}));
}

TEST_CASE("signals that are not what was asked for do not reach a command") {
  const Script script("sys.exit('was run')\n");
  Command command = script.command();
  const std::vector<float> bad = {1, 2, std::nanf(""), 4};
  const std::vector<Signal> signals = {
      {"mono", kStereo, 1, 6}, {"bad", bad, 2, 2}, {"none", {}, 2, 0}};
  for (const Signal& signal : signals) {
    CHECK_THROWS_WITH(command.encode({&signal, 1}),
                      Contains("item '" + signal.id + "': found") && !Contains("was run"));
  }
}

TEST_CASE("all that is missing or wrong is reported at once") {
  const Script script(R"(
numpy.save(o / '000000.npy', numpy.array([1.0, numpy.nan]))
(o / 'notes.txt').write_text('x')
)");
  Command command = script.command();
  const std::string text = failure_of(command);
  CHECK_THAT(text, Contains("out/000000.npy (item 'a'): found a value that is not finite"));
  CHECK_THAT(text, Contains("out/000001.npy (item 'b,\"c\"'): it is missing"));
  CHECK_THAT(text, Contains("out/notes.txt"));
  CHECK_THAT(text, !Contains("/musicrep-command-"));
}

TEST_CASE("vectors of another shape or type are reported") {
  const std::string body = GENERATE(
      as<std::string>{}, "numpy.zeros((0, 2))", "numpy.zeros((2, 0))", "numpy.zeros((1, 0, 3))",
      "numpy.zeros((1, 1, 2, 3))", "numpy.zeros((2, 2, 3), order='F')", "numpy.array(['x'])",
      "numpy.zeros(2 if item['id'] == 'a' else 3)", "numpy.array(1.0)", "numpy.array([1e16])",
      "numpy.zeros(2) + 1j");
  const Script script("for item in items: numpy.save(o / item['file'].replace('.wav', '.npy'), " +
                      body + ")\n");
  Command command = script.command();
  CHECK_THAT(failure_of(command), Contains("00000") && Contains("found"));
}

TEST_CASE("a command that fails is reported with its last words") {
  const Script fails("sys.exit('no such model')\n");
  Command one = fails.command();
  CHECK_THAT(failure_of(one), Contains("exited with code 1; it last printed: no such model") &&
                                  Contains("the 2 items from 'a' on") && Contains("mine.py"));
  const Script removes("import shutil; shutil.rmtree(o)\n");
  Command zero = removes.command();
  CHECK_THAT(failure_of(zero), Contains("No such file or directory"));
  const Script hangs("time.sleep(1000)\n");
  Command two = hangs.command({{"time_limit_s", 0.5}});
  CHECK_THAT(failure_of(two), Contains("did not return within 0.5 s"));
  Command three = hangs.command({{"command", std::string("no-such-program {in} {out}")}});
  CHECK_THAT(failure_of(three), Contains("cannot run 'no-such-program'"));
}

TEST_CASE("a command stops when it is asked to") {
  const Script hangs("time.sleep(1000)\n");
  Command command = hangs.command();
  std::jthread asks([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    request_stop(SIGINT);
  });
  const std::vector<Signal> signals = two_signals();
  CHECK_THROWS_AS(command.encode(signals), Error);
  asks.join();
  request_stop(0);
}

TEST_CASE("the files that a command stands on are its content") {
  const Script script("");
  write_text_atomically(script.folder().path() / "w.bin", "1");
  const Options with = {{"files", Texts{(script.folder().path() / "w.bin").string()}}};
  const std::string alone = script.command().content_sha256();
  const std::string both = script.command(with).content_sha256();
  CHECK(alone != both);
  write_text_atomically(script.folder().path() / "w.bin", "2");
  CHECK(script.command().content_sha256() == alone);
  CHECK(script.command(with).content_sha256() != both);
  write_text_atomically(script.folder().path() / "mine.py", "pass");
  CHECK(script.command().content_sha256() != alone);
  // Nothing is seen of a command that names no file: its rows say so.
  CHECK(script.command().notes().size() == 1);
  CHECK(script.command({{"command", std::string("python3 -m mine {in} {out}")}}).notes().size() ==
        2);
  CHECK_THROWS_AS(script.command({{"files", Texts{"no-such-file"}}}), DataError);
}

TEST_CASE("options of a command that cannot be are refused") {
  const Script script("");
  const auto [name, value] = GENERATE(
      as<std::pair<std::string, OptionValue>>{},
      std::pair{"input", OptionValue(std::string("mp3"))},
      std::pair{"sample_rate_hz", OptionValue(10.0)},
      std::pair{"channels", OptionValue(std::int64_t{3})}, std::pair{"hop_s", OptionValue(-1.0)},
      std::pair{"items_a_call", OptionValue(std::int64_t{0})},
      std::pair{"time_limit_s", OptionValue(0.0)},
      std::pair{"command", OptionValue(std::string("python3 mine.py {in}"))},
      std::pair{"command", OptionValue(std::string("python3 mine.py {out}"))});
  CHECK_THROWS_AS(script.command({{name, value}}), ConfigError);
}

}  // namespace musicrep
