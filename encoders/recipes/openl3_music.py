"""OpenL3 on music, frames of 512 (Cramer et al., ICASSP 2019). The package brings its weights."""
import musicrep
import openl3


class OpenL3:
    sample_rate_hz = 48000

    def __init__(self):
        self.model = openl3.models.load_audio_embedding_model(input_repr="mel256", content_type="music", embedding_size=512)

    def __call__(self, audio):
        frames, times = openl3.get_audio_embedding(audio, self.sample_rate_hz, model=self.model, hop_size=0.5, verbose=0)
        return frames


musicrep.serve(OpenL3)
