"""MFCC, chroma and spectral contrast of librosa (McFee et al., SciPy 2015): frames of 39 numbers."""
import librosa
import musicrep
import numpy

RATE_HZ = 22050


def frames(audio):
    spectrum = numpy.abs(librosa.stft(audio, n_fft=2048, hop_length=512))
    return numpy.vstack([
        librosa.feature.mfcc(y=audio, sr=RATE_HZ, n_mfcc=20, hop_length=512),
        librosa.feature.chroma_stft(S=spectrum**2, sr=RATE_HZ, tuning=0.0),
        librosa.feature.spectral_contrast(S=spectrum, sr=RATE_HZ),
    ]).T


musicrep.serve(frames, sample_rate_hz=RATE_HZ)
