#include "report/letters.h"

namespace musicrep {

const std::string& letters_of(const Results& results, const ResultRow& row) {
  static const std::string kNone;
  for (const EncoderLetters& each : results.letters) {
    if (each.task == row.task && each.protocol == row.protocol && each.encoder == row.encoder) {
      return each.letters;
    }
  }
  return kNone;
}

}  // namespace musicrep
