"""LAION-CLAP's audio side (Wu et al., ICASSP 2023). Argument: the checkpoint music_audioset_epoch_15_esc_90.14.pt."""
import sys

import laion_clap
import musicrep


class Clap:
    sample_rate_hz = 48000

    def __init__(self):
        self.model = laion_clap.CLAP_Module(enable_fusion=False, amodel="HTSAT-base", device=musicrep.device)
        self.model.load_ckpt(sys.argv[1])

    def __call__(self, audio):
        return self.model.get_audio_embedding_from_data(x=audio[None], use_tensor=False)[0]  # [512]


musicrep.serve(Clap)
