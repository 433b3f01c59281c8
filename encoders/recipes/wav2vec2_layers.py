"""wav2vec 2.0, all hidden layers (Baevski et al., NeurIPS 2020). Argument: a folder with the model."""
import sys

import musicrep
import torch
from transformers import Wav2Vec2FeatureExtractor, Wav2Vec2Model


class Wav2Vec2:
    sample_rate_hz = 16000

    def __init__(self):
        self.processor = Wav2Vec2FeatureExtractor.from_pretrained(sys.argv[1], local_files_only=True)
        model = Wav2Vec2Model.from_pretrained(sys.argv[1], local_files_only=True)
        self.model = model.eval().to(musicrep.device)

    @torch.no_grad()
    def __call__(self, audio):
        given = self.processor(audio, sampling_rate=self.sample_rate_hz, return_tensors="pt").to(musicrep.device)
        return torch.cat(self.model(**given, output_hidden_states=True).hidden_states)


musicrep.serve(Wav2Vec2)
