// encoders/_template, compiled in.
#pragma once

#include <string>
#include <vector>

namespace musicrep::cli {

/// One file: its name and text, of an encoder that is called my_encoder, with the class MyEncoder.
struct TemplateFile {
  std::string name;
  std::string text;
};

const std::vector<TemplateFile>& encoder_template();

}  // namespace musicrep::cli
