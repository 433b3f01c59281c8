"""MuQ, all hidden layers (Zhu et al., 2025). Argument: a folder with the model, as huggingface_hub downloads it."""
import sys

import musicrep
import torch
from muq import MuQ


class Layers:
    sample_rate_hz = 24000

    def __init__(self):
        self.model = MuQ.from_pretrained(sys.argv[1]).eval().to(musicrep.device)

    @torch.no_grad()
    def __call__(self, audio):
        given = torch.from_numpy(audio)[None].to(musicrep.device)
        return torch.cat(self.model(given, output_hidden_states=True).hidden_states)  # 13 of [1, T, 1024]


musicrep.serve(Layers)
