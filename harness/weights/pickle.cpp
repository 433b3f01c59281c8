#include "weights/pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <unordered_map>

#include "core/bytes.h"
#include "core/utf8.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

using Kind = PickleValue::Kind;
using Place = std::uint32_t;

constexpr std::size_t kMostValues = 2'000'000;
constexpr std::size_t kMostStack = 8'000'000;
constexpr std::string_view kOrderedDict = "collections.OrderedDict";

/// The stack machine. Where CPython would import and call, it notes what was asked for.
class Machine {
 public:
  Machine(std::string_view bytes, std::span<const std::string_view> allowed,
          const std::string& where)
      : bytes_(bytes), allowed_(allowed), where_(where) {}

  Pickle run() {
    while (!done_) {
      at_ = next_;
      step(number(1));
    }
    pickle_.n_bytes = next_;
    return std::move(pickle_);
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) const {
    throw DataError(fmt::format("'{}': pickle, byte {}: {}", where_, at_, problem));
  }

  // ---- bytes ----

  std::string_view take(std::uint64_t n) {
    const std::size_t left = bytes_.size() - next_;
    if (n > left) refuse(fmt::format("is cut short: {} bytes expected, {} left", n, left));
    const std::string_view out = bytes_.substr(next_, n);
    next_ += n;
    return out;
  }
  std::uint64_t number(std::size_t n) { return little_endian(take(n), n); }
  std::string_view line() {
    const std::size_t end = bytes_.find('\n', next_);
    if (end == std::string_view::npos) refuse("is cut short: a line does not end");
    const std::string_view out = take(end - next_);
    next_ = end + 1;
    return out;
  }

  // ---- values and stack ----

  PickleValue& value(Place place) { return pickle_.values[place]; }

  void push(Place place) {
    if (stack_.size() >= kMostStack) refuse(fmt::format("more than {} places", kMostStack));
    stack_.push_back(place);
  }
  PickleValue& push_new(Kind kind) {
    if (pickle_.values.size() >= kMostValues) {
      refuse(fmt::format("more than {} values, which weights do not need", kMostValues));
    }
    push(static_cast<Place>(pickle_.values.size()));
    pickle_.values.emplace_back();
    pickle_.values.back().kind = kind;
    return pickle_.values.back();
  }
  void push_integer(std::int64_t v) { push_new(Kind::kInteger).integer = v; }
  void push_bool(bool v) { push_new(Kind::kBool).integer = v ? 1 : 0; }
  void push_text(std::string_view text, bool may_be_bytes = false) {
    const bool good = is_utf8(text);
    if (!good && !may_be_bytes) refuse("holds a text that is not UTF-8");
    push_new(good ? Kind::kText : Kind::kBytes).text = text;
  }
  void push_long(std::string_view digits) {
    if (digits.size() > 8) {
      push_new(Kind::kLong).text = digits;
      return;
    }
    std::uint64_t v = little_endian(digits, digits.size());
    const bool negative =
        !digits.empty() && (static_cast<unsigned char>(digits.back()) & 0x80) != 0;
    if (negative && digits.size() < 8) v |= ~std::uint64_t{0} << (8 * digits.size());
    push_integer(static_cast<std::int64_t>(v));
  }
  void push_decimal(std::string_view text) {
    if (text.ends_with('L')) text.remove_suffix(1);
    std::int64_t v = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), v);
    if (error != std::errc() || end != text.data() + text.size()) {
      refuse(fmt::format("found '{}', expected a whole number of 64 bits", text.substr(0, 40)));
    }
    push_integer(v);
  }

  Place pop() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) refuse("takes from an empty stack");
    const Place place = stack_.back();
    stack_.pop_back();
    return place;
  }
  Place top() {
    const Place place = pop();
    stack_.push_back(place);
    return place;
  }
  std::vector<Place> pop_to_mark() {
    if (marks_.empty()) refuse("goes back to a mark that was not set");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<Place> items(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return items;
  }
  void push_tuple(std::vector<Place> items, Kind kind = Kind::kTuple) {
    push_new(kind).items = std::move(items);
  }
  void push_last(std::size_t n) {
    std::vector<Place> items(n);
    for (std::size_t i = n; i-- > 0;) items[i] = pop();
    push_tuple(std::move(items));
  }

  /// The same items may be asked for again and again: what is copied is counted.
  std::vector<Place> copy_of(const std::vector<Place>& items) {
    n_copied_ += items.size();
    if (n_copied_ > kMostStack) refuse(fmt::format("copies more than {} items", kMostStack));
    return items;
  }

  void append(const std::vector<Place>& more) {
    PickleValue& list = value(top());
    if (list.kind != Kind::kList) refuse("appends to something that is not a list");
    list.items.insert(list.items.end(), more.begin(), more.end());
  }
  void set_items(const std::vector<Place>& more) {
    PickleValue& dict = value(top());
    if (dict.kind != Kind::kDict) refuse("sets items of something that is not a dict");
    require_pairs(more);
    dict.items.insert(dict.items.end(), more.begin(), more.end());
  }
  void require_pairs(const std::vector<Place>& items) const {
    if (items.size() % 2 != 0) refuse("a dict has a key without a value");
  }

  // ---- memo ----

  void remember(std::uint64_t key) { memo_[key] = top(); }
  void recall(std::uint64_t key) {
    const auto found = memo_.find(key);
    if (found == memo_.end()) refuse(fmt::format("asks for memo {}, which was not set", key));
    push(found->second);
  }

  // ---- what CPython would execute ----

  void push_global(std::string_view module, std::string_view name) {
    std::string global = fmt::format("{}.{}", module, name);
    if (!is_utf8(global)) refuse("asks for a global whose name is not UTF-8");
    if (std::ranges::find(allowed_, global) == allowed_.end()) {
      refuse(fmt::format(
          "asks for '{}', which weights do not need (nothing was executed). A state dict (torch.save(model.state_dict(), file)) is expected, not a whole model",
          global.substr(0, 200)));
    }
    push_new(Kind::kGlobal).text = std::move(global);
  }
  void call() {
    const Place arguments = pop();
    const Place callee = pop();
    if (value(callee).kind != Kind::kGlobal || value(arguments).kind != Kind::kTuple) {
      refuse("calls something that is not a global, or with arguments that are not a tuple");
    }
    const std::string name = value(callee).text;
    std::vector<Place> items = copy_of(value(arguments).items);
    if (name != kOrderedDict) {
      PickleValue& made = push_new(Kind::kCall);
      made.text = name;
      made.items = std::move(items);
      return;
    }
    PickleValue& dict = push_new(Kind::kDict);
    if (items.empty()) return;
    // Python 2 gives all items at once, as a list of pairs.
    if (items.size() != 1 || value(items[0]).kind != Kind::kList)
      refuse("makes an OrderedDict of something that is not a list of pairs");
    for (const Place pair : copy_of(value(items[0]).items)) {
      const PickleValue& each = value(pair);
      if ((each.kind != Kind::kList && each.kind != Kind::kTuple) || each.items.size() != 2) {
        refuse("makes an OrderedDict of values that are not pairs");
      }
      dict.items.insert(dict.items.end(), each.items.begin(), each.items.end());
    }
  }
  void build() {
    const Place state = pop();
    PickleValue& object = value(top());
    if (object.kind == Kind::kDict) return;  // attributes of an OrderedDict, as _metadata
    if (object.kind != Kind::kCall) refuse("sets the state of something that is not an object");
    object.items.push_back(state);
  }

  void step(std::uint64_t opcode);

  std::string_view bytes_;
  std::span<const std::string_view> allowed_;
  const std::string& where_;
  std::size_t next_ = 0;  ///< the byte to read next
  std::size_t at_ = 0;    ///< the current opcode, for messages
  bool done_ = false;
  std::size_t n_copied_ = 0;
  Pickle pickle_;
  std::vector<Place> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, Place> memo_;
};

void Machine::step(std::uint64_t opcode) {
  switch (opcode) {
    case 0x80:  // PROTO
      if (const std::uint64_t version = number(1); version < 1 || version > 5) {
        refuse(fmt::format("is of protocol {}, expected 1 to 5", version));
      }
      return;
    case 0x95:  // FRAME
      if (const std::uint64_t n = number(8); n > bytes_.size() - next_) {
        refuse(fmt::format("is cut short: a frame of {} bytes, {} left", n, bytes_.size() - next_));
      }
      return;
    case '.':  // STOP
      pickle_.root = pop();
      done_ = true;
      return;
    case '(':
      if (marks_.size() >= kMostStack) refuse(fmt::format("more than {} marks", kMostStack));
      marks_.push_back(stack_.size());
      return;
    case '0':  // POP, which takes a mark where one is on top
      if (!marks_.empty() && marks_.back() == stack_.size()) {
        marks_.pop_back();
      } else {
        pop();
      }
      return;
    case '1':  // POP_MARK
      pop_to_mark();
      return;
    case '2':  // DUP
      return push(top());

    case 'N':
      push_new(Kind::kNone);
      return;
    case 0x88:
      return push_bool(true);
    case 0x89:
      return push_bool(false);
    case 'I': {  // INT, and how protocol 1 writes bool
      const std::string_view text = line();
      return text == "00" || text == "01" ? push_bool(text == "01") : push_decimal(text);
    }
    case 'L':
      return push_decimal(line());
    case 'J':
      return push_integer(static_cast<std::int32_t>(number(4)));
    case 'K':
      return push_integer(static_cast<std::int64_t>(number(1)));
    case 'M':
      return push_integer(static_cast<std::int64_t>(number(2)));
    case 0x8a:  // LONG1
      return push_long(take(number(1)));
    case 0x8b:  // LONG4
      return push_long(take(number(4)));
    case 'G': {  // BINFLOAT, big endian
      std::string reversed(take(8));
      std::ranges::reverse(reversed);
      push_new(Kind::kFloat).number = std::bit_cast<double>(little_endian(reversed, 8));
      return;
    }

    // Texts. Those of Python 2 (T, U) have no encoding: bytes, where they are not UTF-8.
    case 'T':
      return push_text(take(number(4)), true);
    case 'U':
      return push_text(take(number(1)), true);
    case 'X':
      return push_text(take(number(4)));
    case 0x8c:
      return push_text(take(number(1)));
    case 0x8d:
      return push_text(take(number(8)));
    case 'B':
      push_new(Kind::kBytes).text = take(number(4));
      return;
    case 'C':
      push_new(Kind::kBytes).text = take(number(1));
      return;
    case 0x8e:
      push_new(Kind::kBytes).text = take(number(8));
      return;

    case ']':
      push_new(Kind::kList);
      return;
    case 'a': {
      const Place item = pop();
      return append({item});
    }
    case 'e':
      return append(pop_to_mark());
    case 'l':
      return push_tuple(pop_to_mark(), Kind::kList);
    case ')':
      push_new(Kind::kTuple);
      return;
    case 't':
      return push_tuple(pop_to_mark());
    case 0x85:
      return push_last(1);
    case 0x86:
      return push_last(2);
    case 0x87:
      return push_last(3);
    case '}':
      push_new(Kind::kDict);
      return;
    case 'd': {
      std::vector<Place> items = pop_to_mark();
      require_pairs(items);
      return push_tuple(std::move(items), Kind::kDict);
    }
    case 's': {
      const Place item = pop();
      const Place key = pop();
      return set_items({key, item});
    }
    case 'u':
      return set_items(pop_to_mark());

    case 'h':
      return recall(number(1));
    case 'j':
      return recall(number(4));
    case 'q':
      return remember(number(1));
    case 'r':
      return remember(number(4));
    case 0x94:  // MEMOIZE
      return remember(memo_.size());

    case 'c': {  // GLOBAL
      const std::string_view module = line();
      return push_global(module, line());
    }
    case 0x93: {  // STACK_GLOBAL
      const Place name = pop();
      const Place module = pop();
      if (value(name).kind != Kind::kText || value(module).kind != Kind::kText) {
        refuse("asks for a global whose name is not text");
      }
      return push_global(value(module).text, value(name).text);
    }
    case 'R':   // REDUCE
    case 0x81:  // NEWOBJ
      return call();
    case 'b':
      return build();
    case 'Q': {  // BINPERSID
      const Place id = pop();
      if (value(id).kind != Kind::kTuple)
        refuse("asks for a persistent object by an id that is not a tuple");
      std::vector<Place> items = copy_of(value(id).items);
      return push_tuple(std::move(items), Kind::kPersistent);
    }
    default:
      refuse(fmt::format("opcode 0x{:02x} is unknown, or is none that weights need", opcode));
  }
}

}  // namespace

Pickle read_pickle(std::string_view bytes, std::span<const std::string_view> allowed,
                   const std::string& where) {
  return Machine(bytes, allowed, where).run();
}

}  // namespace musicrep
