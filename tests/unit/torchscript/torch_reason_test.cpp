#include "torchscript/torch_reason.h"

#include <catch2/catch.hpp>

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using musicrep::telling_part;

TEST_CASE("PyTorch's reason comes first, whatever trace stands before it") {
  const std::string trace =
      "The following operation failed in the TorchScript interpreter.\n"
      "Traceback of TorchScript, serialized code (most recent call last):\n"
      "  File \"code/__torch__.py\", line 9, in forward\n"
      "    c = self.c\n"
      "    _0 = torch.select((c).forward(torch.unsqueeze(a, 0), ), 0, 0)\n" +
      std::string(900, ' ') +
      "\n    b = torch.add(_0, torch.zeros([8]))\n"
      "             ~~~~~~~~~~~ <--- HERE\n"
      "    return b\n\n"
      "Traceback of TorchScript, original code (most recent call last):\n"
      "  File \"make.py\", line 38, in forward\n"
      "    return s.c(a) + torch.zeros(8, device=\"cuda:0\")\n"
      "                    ~~~~~~~~~~~ <--- HERE\n";
  CHECK_THAT(
      telling_part(trace + "RuntimeError: Could not run 'aten::empty' with arguments from "
                           "the 'CUDA' backend.\n\nCPU: registered at RegisterCPU.cpp\n"),
      StartsWith("the model's code asks for a GPU, expected a model exported on the CPU: "
                 "RuntimeError: Could not run 'aten::empty' with arguments from the 'CUDA'"));
  const std::string last = telling_part(
      trace + "RuntimeError: The size of tensor a (3) must match the size of tensor b (4)\n");
  CHECK(last == "RuntimeError: The size of tensor a (3) must match the size of tensor b (4)");
  CHECK(telling_part(trace + "Expected all tensors on one device\n") ==
        "Expected all tensors on one device");
}

TEST_CASE("messages without a trace begin with the reason, long ones are cut after it") {
  CHECK(telling_part("PytorchStreamReader failed reading zip archive\n  at x\n") ==
        "PytorchStreamReader failed reading zip archive");
  const std::string text =
      telling_part("Could not run 'aten::x' on CUDA.\n" + std::string(2000, 'y'));
  CHECK_THAT(text, StartsWith("Could not run 'aten::x' on CUDA. yyy"));
  CHECK(text.size() < 700);
  CHECK(telling_part("expected scalar type Half but found Float") ==
        "expected scalar type Half but found Float");
}
