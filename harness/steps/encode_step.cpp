#include "steps/encode_step.h"

#include <fmt/format.h>

#include <utility>

#include "musicrep/error.h"
#include "steps/render_step.h"

namespace musicrep {
namespace {

// A script or a model is hashed when a run is planned and used much later: vectors of another one
// must not be stored under its hash.
void require_unchanged(const Encoding& encoding, Encoder& encoder) {
  if (!encoding.info.foreign || !encoding.encoder) return;
  encoder.check_items(encoding.dataset->ids);  // checks its files once more
  const auto planned = nlohmann::json::parse(encoding.key_json).at("content").get<std::string>();
  if (encoder.content_sha256() == planned) return;
  throw ForeignFailure(fmt::format(
      "encoder '{}': a file that it depends on has changed since the plan was made; run the experiment again (a command must not write to a file that it names)",
      encoding.label));
}

std::string described(const Encoded& encoded) {
  const std::string skipped =
      encoded.skipped.empty() ? "" : fmt::format(", {} skipped", encoded.skipped.size());
  return fmt::format("{} items, {} dimensions{}", encoded.embeddings.ids.size(),
                     encoded.embeddings.values.cols(), skipped);
}

StepSize size_of(const Encoded& encoded) {
  return {
      static_cast<std::int64_t>(encoded.embeddings.ids.size()),
      static_cast<double>(encoded.embeddings.values.values().size() * sizeof(double)) / (1 << 20)};
}

std::string embeddings_file(const std::string& key) { return fmt::format("embeddings/{}.h5", key); }

}  // namespace

EncodeStep::EncodeStep(Encoding encoding, const EncodingInputs& inputs, const RunSettings& settings,
                       std::shared_ptr<VectorSlot> last, const std::string& refusal)
    : encoding_(std::move(encoding)), inputs_(inputs), settings_(settings), last_(std::move(last)) {
  StepFacts& facts = mutable_facts();
  facts.kind = kEncodeStep;
  facts.text =
      fmt::format("{:<24} on {}{}", encoding_.label, encoding_.dataset->name, encoding_.seed_text);
  facts.title = fmt::format("encode {}{} on {}", encoding_.label, encoding_.seed_text,
                            encoding_.dataset->name);
  if (!encoding_.deformation.empty()) {
    facts.text += ", " + encoding_.deformation;
    facts.title += ", " + encoding_.deformation;
  }
  facts.key = encoding_.key;
  facts.key_json = encoding_.key_json;
  facts.refusal = refusal;
  if (inputs.audio != nullptr) facts.inputs.push_back(inputs.audio);
  if (inputs.training != nullptr) facts.inputs.push_back(inputs.training);
  if (inputs.frames != nullptr) facts.inputs.push_back(inputs.frames);
  facts.outputs = {embeddings_file(facts.key)};
  facts.subject = {kEncodeStep, encoding_.label, encoding_.dataset->name,
                   static_cast<std::int64_t>(encoding_.seed_index)};
  if (!encoding_.deformation.empty()) facts.subject.on += ", " + encoding_.deformation;
  facts.size = encoding_.dataset->ids.size();
}

std::vector<const Training*> EncodeStep::trainings() const {
  std::vector<const Training*> out;
  if (training() != nullptr) out.push_back(&training()->training());
  if (frames() != nullptr && frames()->training() != nullptr) {
    out.push_back(&frames()->training()->training());
  }
  return out;
}

void EncodeStep::cut(std::vector<const ShardStep*> shards) {
  shards_ = std::move(shards);
  StepFacts& facts = mutable_facts();
  facts.inputs.assign(shards_.begin(), shards_.end());
  facts.subject.kind.clear();  // laying them end to end costs next to nothing
}

std::vector<ItemRange> EncodeStep::ranges() const {
  std::vector<ItemRange> out;
  for (const ShardStep* shard : shards_) out.push_back(shard->items());
  return out;
}

bool EncodeStep::is_stored(const ArtefactStore& store) const {
  return is_encoding_stored(encoding_, settings_.skip_bad, store);
}

void EncodeStep::tidy(const ArtefactStore& store) const {
  // Shards that came twice are removed with the others.
  if (!shards_.empty())
    static_cast<void>(merge_shards(encoding_, ranges(), settings_.skip_bad, store));
}

StepOutcome EncodeStep::run(const StepContext& context) const {
  StepOutcome out{.text = {}, .key = encoding_.key};
  if (!shards_.empty()) {
    out.text = described(merge_shards(encoding_, ranges(), settings_.skip_bad, context.store));
    return out;
  }
  failure_.clear();
  Cached<Encoded> made = make_or_remember(context);
  out.was_stored = made.was_stored;
  if (!made.was_stored) out.text = described(made.value);
  keep(std::move(made.value));
  return out;
}

std::shared_ptr<const Encoded> EncodeStep::keep(Encoded encoded) const {
  auto out = std::make_shared<const Encoded>(std::move(encoded));
  const std::lock_guard lock(last_->mutex);
  last_->of = this;
  last_->vectors = out;
  return out;
}

std::shared_ptr<const Encoded> EncodeStep::vectors(const StepContext& context) const {
  if (!failure_.empty()) throw ForeignFailure(failure_);
  {
    const std::lock_guard lock(last_->mutex);
    if (last_->of == this) return last_->vectors;
    last_->of = nullptr;
    last_->vectors = nullptr;
  }
  StepContext with = context;
  with.again = false;
  return keep(make_or_remember(with).value);
}

Cached<Encoded> EncodeStep::make_or_remember(const StepContext& context) const {
  try {
    return make(encoding_, context);
  } catch (const ForeignFailure& failure) {
    failure_ = failure.what();
    throw;
  }
}

std::shared_ptr<const ItemFrames> EncodeStep::item_frames(const StepContext& context) const {
  return std::make_shared<const ItemFrames>(vectors(context)->embeddings);
}

std::shared_ptr<const ItemFrames> EncodeStep::frames_of_items(const StepContext& context) const {
  return frames() == nullptr ? nullptr : frames()->item_frames(context);
}

std::shared_ptr<Encoder> EncodeStep::encoder(const StepContext& context) const {
  if (encoding_.encoder) return encoding_.encoder;
  StepContext with = context;
  with.again = false;
  training()->run(with);
  Options options = encoding_.options;
  options["train_on"] = std::string();
  options["weights"] = context.store.weights_path(training()->facts().key).string();
  std::shared_ptr<Encoder> encoder = context.encoders.create(
      encoding_.kind, {settings_.seed, options, encoding_.frame_space, settings_.folder.string()});
  encoder->check_items(encoding_.dataset->ids);
  return encoder;
}

Cached<Encoded> EncodeStep::make(const Encoding& encoding, const StepContext& context) const {
  Recipe<Encoded> recipe;
  recipe.key = encoding.key;
  recipe.title = encoding.description;
  recipe.load = [&] { return stored_encoding(encoding, settings_.skip_bad, context.store); };
  recipe.make = [&](CostMeter& meter) {
    const auto made_by = encoder(context);
    const auto made_of = frames_of_items(context);
    if (encoding.info.input == InputKind::kPcm) render_missing_audio(*encoding.dataset, context);
    meter.restart();
    Encoded encoded = encode_items(encoding, *made_by, made_of.get(), settings_.skip_bad, context);
    require_unchanged(encoding_, *made_by);
    encoded.embeddings.notes = made_by->notes();
    encoded.embeddings.views = views_of(*made_by);
    return encoded;
  };
  recipe.size = size_of;
  recipe.keep = [&](const Encoded& encoded) { store_encoding(encoding, encoded, context.store); };
  return make_once(context, recipe);
}

ShardStep::ShardStep(const EncodeStep& whole, ItemRange items) : whole_(whole), items_(items) {
  StepFacts& facts = mutable_facts();
  facts = whole.facts();
  facts.kind = kShardStep;
  facts.text += fmt::format(", items {} to {}", items.first, items.end);
  facts.title += fmt::format(", items {} to {}", items.first, items.end);
  set_key(shard_key_json(whole.encoding(), items));
  facts.outputs = {embeddings_file(facts.key)};
  facts.size = items.end - items.first;
}

bool ShardStep::is_stored(const ArtefactStore& store) const {
  return is_shard_stored(whole_.encoding(), items_, whole_.skips_bad(), store);
}

StepOutcome ShardStep::run(const StepContext& context) const {
  const Shard shard = shard_of(whole_.encoding(), items_);
  const Cached<Encoded> made = whole_.make(shard.encoding, context);
  return {.text = described(made.value), .key = facts().key, .was_stored = made.was_stored};
}

nlohmann::json ShardStep::details() const { return {{"items", {items_.first, items_.end}}}; }

}  // namespace musicrep
