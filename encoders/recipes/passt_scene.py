"""PaSST, embedding of the class tokens (Koutini et al., Interspeech 2022). hear21passt finds its weights in torch's cache."""
import musicrep
import torch
from hear21passt.base import get_basic_model


class Passt:
    sample_rate_hz = 32000

    def __init__(self):
        self.model = get_basic_model(mode="embed_only").eval().to(musicrep.device)

    @torch.no_grad()
    def __call__(self, audio):  # at most 10 s: window_s = 10 in the experiment
        return self.model.get_scene_embeddings(torch.from_numpy(audio)[None].to(musicrep.device))[0]  # [768]


musicrep.serve(Passt)
