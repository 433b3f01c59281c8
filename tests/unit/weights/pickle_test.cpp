// Pickles made by hand, most of them hostile: none may do more than throw a DataError.
#include "weights/pickle.h"

#include <array>

#include "weights/torch_pickle.h"
#include "weights_testing.h"

namespace musicrep {
namespace {

using Catch::Matchers::Contains;
using Kind = PickleValue::Kind;
using namespace std::string_literals;  // NOLINT(google-build-using-namespace): bytes with NULs

constexpr std::array<std::string_view, 2> kAllowed = {"collections.OrderedDict", "torch.Size"};

Pickle read(const std::string& bytes) { return read_pickle(bytes, kAllowed, "x.pth"); }

std::string error(const std::string& bytes) {
  return data_error_of([&] { return read(bytes); });
}

std::string number(std::uint64_t value, int n) {
  std::string out;
  for (int i = 0; i < n; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
  return out;
}

std::string repeated(const std::string& part, std::size_t n) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += part;
  return out;
}

TEST_CASE("pickle: plain values of every opcode") {
  const auto top = [](const std::string& bytes) {
    const Pickle pickle = read("\x80\x02"s + bytes + ".");
    CHECK(pickle.n_bytes == bytes.size() + 3);
    return pickle.top();
  };
  CHECK(top("N").kind == Kind::kNone);
  CHECK(top("\x88").integer == 1);
  CHECK(top("I01\n").kind == Kind::kBool);
  CHECK(top("I-12\n").integer == -12);
  CHECK(top("L-12L\n").integer == -12);
  CHECK(top("J"s + number(0xFFFFFFFE, 4)).integer == -2);
  CHECK(top("K\xff").integer == 255);
  CHECK(top("M\xff\xff").integer == 65535);
  CHECK(top("\x8a\x01\xfe").integer == -2);
  CHECK(top("\x8a\x00"s).integer == 0);
  CHECK(top("\x8a\x08"s + std::string(8, '\xff')).integer == -1);
  CHECK(top("\x8a\x09"s + std::string(9, '\1')).kind == Kind::kLong);
  CHECK(top("G\x3f\xc0\0\0\0\0\0\0"s).number == 0.125);
  CHECK(top("U\x02hi").text == "hi");
  CHECK(top("U\x01\xff").kind == Kind::kBytes);
  CHECK(top("X\x02\0\0\0hi"s).kind == Kind::kText);
  CHECK(top("C\x01\xff").kind == Kind::kBytes);
  CHECK(top("(K\1K\2t").items.size() == 2);
  CHECK(top("(K\1K\2l").kind == Kind::kList);
  CHECK(top("](K\1K\2e").items.size() == 2);
  CHECK(top("]K\1a").items.size() == 1);
  CHECK(top("}U\1aK\1s").items.size() == 2);
  CHECK(top("(U\1aK\1d").kind == Kind::kDict);
  CHECK(top("K\1K\2K\3\x87").items.size() == 3);
  CHECK(top("K\1q\5"
            "0h\5")
            .integer == 1);
  CHECK(top("K\1(K\2K\3"
            "1")
            .integer == 1);
  const PickleValue size = top("ctorch\nSize\nK\1\x85\x85R");
  CHECK(size.kind == Kind::kCall);
  CHECK(size.text == "torch.Size");
  CHECK(top("ccollections\nOrderedDict\n)R").kind == Kind::kDict);
  CHECK(top("ccollections\nOrderedDict\n]](U\1aK\1ea\x85R").kind == Kind::kDict);
  CHECK(top("U\1aQ"s.insert(3, "\x85")).kind == Kind::kPersistent);
}

TEST_CASE("pickle: a global that is not allowed is refused by name, whatever way it is asked for") {
  const std::string run = "X\x09\0\0\0echo oops\x85R."s;
  for (const std::string& bytes : {"\x80\x02"
                                   "cos\nsystem\n" +
                                       run,
                                   "\x80\x02"
                                   "cposix\nsystem\n" +
                                       run,
                                   "\x80\x04\x8c\2os\x8c\6system\x93" + run,
                                   "\x80\x02"
                                   "cbuiltins\neval\n" +
                                       run,
                                   "\x80\x02"
                                   "ccollections\nOrderedDict.__reduce__\n" +
                                       run,
                                   "\x80\x02"
                                   "ctorch\nSize.x\n" +
                                       run}) {
    const std::string message = error(bytes);
    CHECK_THAT(message, Contains("x.pth") && Contains("byte") && Contains("nothing was executed"));
  }
  CHECK_THAT(error("\x80\x02"
                   "cos\nsystem\n" +
                   run),
             Contains("asks for 'os.system'"));
  CHECK_THAT(error("\x80\x04\x8c\2os\x8c\6system\x93."), Contains("asks for 'os.system'"));
  // Opcodes that make objects or reach beyond: INST, OBJ, NEWOBJ_EX, EXT1, persistent texts,
  // buffers.
  for (const char* opcode : {"i", "o", "\x92", "\x82", "P", "\x97", "S", "g", "\x8f", "\xff"}) {
    CHECK_THAT(error("\x80\x02"s + opcode + "os\nsystem\n."),
               Contains("byte 2: opcode 0x") && Contains("unknown"));
  }
}

TEST_CASE("pickle: sizes that are not there are refused before anything is made for them") {
  for (const std::string& bytes :
       {"X"s + number(0x7FFFFFFF, 4) + "a", "T"s + number(0xFFFFFFFF, 4), "B"s + number(1 << 30, 4),
        "\x8d"s + number(std::uint64_t{1} << 62, 8), "\x8e"s + number(~std::uint64_t{0}, 8),
        "\x8b"s + number(0xFFFFFFF0, 4), "\x95"s + number(~std::uint64_t{0}, 8), "\x8a\xff\1"s,
        "J\1"s, "G\1"s, "cos"s, "I1"s, ""s, "K"s, "h"s}) {
    CHECK_THAT(error("\x80\x02" + bytes), Contains("x.pth") && Contains("is cut short"));
  }
  CHECK_THAT(error(""), Contains("is cut short"));
  CHECK_THAT(error("\x80\x09N."), Contains("is of protocol 9"));
  CHECK_THAT(error("\x80\x02X\1\0\0\0\xff."s), Contains("not UTF-8"));
}

TEST_CASE("pickle: a stack, a mark or a memo that is not there is refused") {
  for (const char* bytes :
       {".", "0", "1", "a", "K\1a", "t",    "e",    "u",    "s",     "\x85",
        "R", "b", "Q", "2", "q\1",  "\x94", "\x93", "(q\1", "K\1(a", "](K\1a"}) {
    CHECK_THAT(error("\x80\x02"s + bytes + "."), Contains("x.pth") && Contains("byte"));
  }
  CHECK_THAT(error("\x80\x02h\7."), Contains("memo 7"));
  CHECK_THAT(error("\x80\x02j"s + number(0xFFFFFFFF, 4) + "."), Contains("memo 4294967295"));
  CHECK(read("\x80\x02K\1r"s + number(0xFFFFFFFF, 4) + "0j" + number(0xFFFFFFFF, 4) + ".")
            .top()
            .integer == 1);
  CHECK_THAT(error("\x80\x02}(U\1ae."s), Contains("appends to something that is not a list"));
  CHECK_THAT(error("\x80\x02}(U\1au."s), Contains("a key without a value"));
  CHECK_THAT(error("\x80\x02K\1)R."), Contains("calls something that is not a global"));
  CHECK_THAT(error("\x80\x02]Nb."), Contains("sets the state of something that is not an object"));
  CHECK_THAT(error("\x80\x02"
                   "ccollections\nOrderedDict\nK\1\x85R."),
             Contains("something that is not a list of pairs"));
}

TEST_CASE("pickle: values without end are refused") {
  CHECK_THAT(error("\x80\x02" + repeated("N", 2'100'000) + "."), Contains("more than 2000000"));
  CHECK_THAT(error("\x80\x02N" + repeated("2", 8'100'000) + "."), Contains("more than 8000000"));
  CHECK_THAT(error("\x80\x02" + repeated("(", 8'100'000) + "."), Contains("marks"));
  // One tuple of a thousand, handed to a call again and again.
  CHECK_THAT(error("\x80\x02(" + repeated("N", 1000) + "tq\1" +
                   repeated("0ctorch\nSize\nh\1R", 9000) + "."),
             Contains("copies more than"));
}

/// As a legacy file of torch.save(), whose object is `object`.
std::string legacy(const std::string& object) {
  return "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}."s +
         object + "\x80\x02].";
}

TEST_CASE(
    "torch.save: a pickle that holds itself, or is too large when written in full, is refused") {
  const TempFolder folder;
  const auto refused = [&](const std::string& object) {
    const std::string path = folder.write("x.pth", legacy(object));
    return data_error_of([&] { return read_torch_checkpoint(path); });
  };
  // A dict that is its own member, a list likewise, and lists of two that double 60 times.
  CHECK_THAT(refused("\x80\x02}q\1U\1ah\1s."), Contains("nested more than 64 deep"));
  CHECK_THAT(refused("\x80\x02}U\1a]q\1h\1as."), Contains("nested more than 64 deep"));
  std::string doubled = "\x80\x02}U\1a]q\1";
  for (char i = 1; i < 60; ++i) {
    doubled += "](h"s + i + "h" + i + "eq" + static_cast<char>(i + 1);
  }
  CHECK_THAT(refused(doubled + "s."), Contains("written in full") || Contains("sets items"));
  CHECK_THAT(refused(repeated("]", 100'000).insert(0, "\x80\x02") + repeated("a", 99'999) + "."),
             Contains("holds no dict at its top"));
  CHECK_THAT(refused("\x80\x02}."), Contains("holds no tensors"));
  CHECK_THAT(refused("\x80\x02}NNs."), Contains("neither a text nor a whole number"));
}

TEST_CASE("torch.save: a tensor that does not lie in its storage is refused") {
  const TempFolder folder;
  const auto refused = [&](const std::string& n, const std::string& offset, const std::string& size,
                           const std::string& stride) {
    const std::string tensor =
        "ctorch._utils\n_rebuild_tensor_v2\n((U\7storagectorch\nFloatStorage\nU\1kU\3cpu" + n +
        "NtQ" + offset + size + stride + "\x89Nt" + "R";
    const std::string path =
        folder.write("x.pth", legacy("\x80\x02}U\1w" + tensor + "s.").insert(0, ""));
    return data_error_of([&] { return read_torch_weights(path); });
  };
  const std::string large = "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x3f"s;
  CHECK_THAT(refused("K\2", "K\0"s, "K\3\x85", "K\1\x85"), Contains("tensor 'w' of shape [3]"));
  CHECK_THAT(refused("K\2", "K\1", "K\2\x85", "K\1\x85"), Contains("from element 1 on"));
  CHECK_THAT(refused("K\2", large, "K\1\x85", "K\1\x85"), Contains("does not lie in its storage"));
  CHECK_THAT(refused("K\2", "K\0"s, "K\2\x85", large + "\x85"), Contains("does not lie"));
  CHECK_THAT(refused("K\2", "K\0"s, large + large + "\x86", "K\0K\0\x86"s), Contains("not lie"));
  CHECK_THAT(refused("K\2", "K\0"s, "K\2\x85", "K\1K\1\x86"), Contains("1 sizes, but 2 strides"));
  CHECK_THAT(refused("K\2", "K\0"s, "J\xff\xff\xff\xff\x85", "K\1\x85"),
             Contains("holds a value that is not a size"));
  CHECK_THAT(refused(large, "K\0"s, "K\1\x85", "K\1\x85"), Contains("more than 2^31 elements"));
  CHECK_THAT(refused("K\2", "K\0"s, "K\2\x85", "K\1\x85"), Contains("storage 'k'"));
}

TEST_CASE("torch.save: wrong magic, version or storages of the legacy layout are refused") {
  const TempFolder folder;
  const auto refused = [&](const std::string& bytes) {
    const std::string path = folder.write("x.pth", bytes);
    return data_error_of([&] { return read_torch_weights(path); });
  };
  const std::string good = legacy("\x80\x02}.");
  CHECK_THAT(refused(std::string(good).replace(4, 1, "\x6d")), Contains("its magic number"));
  CHECK_THAT(refused("\x80\x02}."), Contains("its magic number"));
  CHECK_THAT(refused(std::string(good).replace(18, 1, "\xea")), Contains("another version"));
  CHECK_THAT(refused(good.substr(0, good.size() - 1) + "U\1ka."),
             Contains("storage 'k', which no tensor refers to"));
  CHECK_THAT(refused("\x80\x02"
                     "cos\nsystem\n."),
             Contains("x.pth") && Contains("os.system"));
  CHECK_THAT(refused("PK\x03\x04 no archive"), Contains("x.pth") && Contains("cannot open"));
  CHECK_THAT(refused(""), Contains("neither a zip archive nor a pickle"));
}

}  // namespace
}  // namespace musicrep
