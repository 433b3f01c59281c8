#include "report/encoder_looks.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "formats/toml_reader.h"
#include "musicrep/error.h"

namespace musicrep {
namespace {

struct UsualLook {
  const char* label;
  const char* name;
  const char* kind;  ///< of the encoder that `about` is true of
  const char* about;
};

/// The labels that the project's own experiments use; an entry's place is that of its look.
constexpr std::array<UsualLook, 8> kUsual = {
    {{"mfcc", "MFCC", "mfcc", "mel-frequency cepstral coefficients"},
     {"tlm", "TLM", "tlm", "features of a music tagger"},
     {"mtlmr", "MTLMR", "mtlmr", "features of a multi-task network"},
     {"vggish", "VGGish", "vggish", "features of an audio tagger"},
     {"audioset", "AudioSet", "musicbert", "MusicBERT trained on tags"},
     {"mlm", "MLM", "musicbert", "MusicBERT, masked language modelling"},
     {"mim", "MIM", "musicbert", "MusicBERT, mutual information maximisation"},
     {"tlm_layer5", "TLM, layer 5", "tlm", "features of a music tagger's last layer"}}};

/// Titles that the experiment gives, by label.
std::map<std::string, std::string> titles_of(const Results& results) {
  std::map<std::string, std::string> out;
  try {
    const TomlTable root = TomlTable::parse(results.experiment_toml, "experiment");
    const auto encoders = root.table("encoder");
    if (!encoders) return out;
    for (const std::string& label : root.table_names("encoder")) {
      const std::string title = encoders->table(label)->text("title", "");
      if (!title.empty()) out[label] = title;
    }
  } catch (const Error&) {  // results of another version: their labels are names enough
  }
  return out;
}

/// The registry name of an encoder; empty where no row has it.
std::string kind_of(const std::vector<const Results*>& runs, const std::string& label) {
  for (const Results* results : runs) {
    const auto row = std::ranges::find(results->rows, label, &ResultRow::encoder);
    if (row != results->rows.end()) return row->encoder_kind;
  }
  return "";
}

/// In order of first appearance, with repetitions.
std::vector<std::string> labels_of(const Results& results) {
  std::vector<std::string> out;
  for (const ResultRow& row : results.rows) out.push_back(row.encoder);
  for (const Retrieval& row : results.retrievals) out.push_back(row.encoder);
  for (const Diagnosis& each : results.diagnoses) out.push_back(each.encoder);
  for (const TrainingCurve& curve : results.curves) out.push_back(curve.encoder);
  for (const StepCost& cost : results.costs) out.push_back(cost.encoder);
  for (const SweepPoint& point : results.sweeps) out.push_back(point.encoder);
  return out;
}

}  // namespace

std::vector<EncoderLook> encoder_looks(const std::vector<const Results*>& runs) {
  std::vector<EncoderLook> looks;
  std::map<std::string, std::string> titles;
  for (const Results* results : runs) {
    for (const auto& [label, title] : titles_of(*results)) titles.emplace(label, title);
    for (const std::string& label : labels_of(*results)) {
      if (!label.empty() && std::ranges::find(looks, label, &EncoderLook::label) == looks.end()) {
        looks.push_back({label, label, 0, ""});
      }
    }
  }
  std::set<std::size_t> taken;
  std::vector<EncoderLook*> others;
  for (EncoderLook& look : looks) {
    const auto usual = std::ranges::find(kUsual, look.label, &UsualLook::label);
    if (usual != kUsual.end()) {
      look.name = usual->name;
      if (kind_of(runs, look.label) == usual->kind) look.about = usual->about;
      look.place = static_cast<std::size_t>(usual - kUsual.begin());
      taken.insert(look.place);
    } else {
      others.push_back(&look);
    }
    if (const auto title = titles.find(look.label); title != titles.end())
      look.name = title->second;
  }
  std::size_t place = 0;
  for (EncoderLook* look : others) {
    while (taken.contains(place)) ++place;
    look->place = place++;
  }
  return looks;
}

std::vector<EncoderLook> encoder_looks(const Results& results) {
  return encoder_looks(std::vector<const Results*>{&results});
}

EncoderLook look_of(const std::vector<EncoderLook>& looks, const std::string& label) {
  const auto at = std::ranges::find(looks, label, &EncoderLook::label);
  return at == looks.end() ? EncoderLook{label, label, 0, ""} : *at;
}

}  // namespace musicrep
