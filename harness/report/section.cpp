#include "report/section.h"

#include <fmt/format.h>

#include "report/markdown_text.h"

namespace musicrep {

std::string ReportInput::name(const std::string& label) const {
  return plain(look_of(encoders, label).name);
}

std::string ReportInput::name_and_label(const std::string& label) const {
  const EncoderLook look = look_of(encoders, label);
  return look.name == label ? plain(label) : fmt::format("{} ({})", plain(look.name), code(label));
}

}  // namespace musicrep
