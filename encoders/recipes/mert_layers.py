"""MERT, all hidden layers (Li et al., ICLR 2024). Argument: a folder with the model, as huggingface_hub downloads it."""
import sys

import musicrep
import torch
from transformers import AutoModel, Wav2Vec2FeatureExtractor


class Mert:
    sample_rate_hz = 24000

    def __init__(self):
        folder = sys.argv[1]
        self.processor = Wav2Vec2FeatureExtractor.from_pretrained(folder, local_files_only=True)
        model = AutoModel.from_pretrained(folder, trust_remote_code=True, local_files_only=True)
        self.model = model.eval().to(musicrep.device)

    @torch.no_grad()
    def __call__(self, audio):
        given = self.processor(audio, sampling_rate=self.sample_rate_hz, return_tensors="pt").to(musicrep.device)
        states = self.model(**given, output_hidden_states=True).hidden_states
        return torch.cat(states)  # 13 of [1, T, 768] in the model of 95 million parameters


musicrep.serve(Mert)
