"""Writes one .npy (float32) a preset: the front ends of published representations by NumPy and SciPy in
float64, from the papers and the authors' code, with nothing of this project's."""
import pathlib
import sys

import numpy as np
import scipy.fft
import scipy.signal

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent / "audio"))
from signals import music  # noqa: E402


def slaney_bank(rate, n_fft, n_mels, fmax):
    """librosa.filters.mel(htk=False, norm='slaney'), [n_mels, bins]."""
    def to_hz(mel):
        return np.where(mel < 15, mel * 200 / 3, 1000 * 6.4 ** ((mel - 15) / 27))
    top = 15 + 27 * np.log(fmax / 1000) / np.log(6.4)
    corners = to_hz(np.linspace(0, top, n_mels + 2))
    bins = np.fft.rfftfreq(n_fft, 1 / rate)
    bank = np.array([np.interp(bins, corners[m:m + 3], [0, 1, 0], left=0, right=0) for m in range(n_mels)])
    return bank * (2 / (corners[2:] - corners[:-2]))[:, None]


def frames_of(x, length, hop):
    return np.lib.stride_tricks.sliding_window_view(x, length)[::hop]


def librosa_power(x, n_fft, hop):
    """librosa.stft(center=True, pad_mode='reflect'), squared: [frames, bins]."""
    window = scipy.signal.get_window("hann", n_fft, fftbins=True)
    return np.abs(scipy.fft.rfft(frames_of(np.pad(x, n_fft // 2, "reflect"), n_fft, hop) * window)) ** 2


def decibel(x):
    return 10 * np.log10(np.maximum(x, 1e-10))


def mfcc_mel(x):
    db = decibel(librosa_power(x, 2048, 512) @ slaney_bank(12000, 2048, 128, 6000).T)
    return np.maximum(db, db.max() - 80)


def kapre_kernels():
    """kapre's get_stft_kernels: cos and sin times a periodic Hann window, [512, 257]."""
    n, k = np.arange(512)[:, None], np.arange(257)[None, :]
    window = scipy.signal.get_window("hann", 512, fftbins=True)[:, None]
    return np.cos(2 * np.pi * n * k / 512) * window, np.sin(2 * np.pi * n * k / 512) * window


def tlm(x, theano):
    """A convolution by the kernels; Theano flips them, TensorFlow does not."""
    n_frames = -(-len(x) // 256)
    if theano:
        x = np.pad(x, 256)
    else:
        total = (n_frames - 1) * 256 + 512 - len(x)
        x = np.pad(x, (total // 2, total - total // 2))
    frames = frames_of(x, 512, 256)[:n_frames]
    power = sum((frames @ (kernel[::-1] if theano else kernel)) ** 2 for kernel in kapre_kernels())
    db = decibel(power @ slaney_bank(12000, 512, 96, 6000).T)
    db = np.maximum(db - db.max(), -80)
    return db if theano else (db - db.mean()) / (db.std() + 1e-10)


def mtlmr(stereo, lasagne):
    power = np.stack([librosa_power(x, 1024, 256) for x in stereo])
    bank = slaney_bank(22050, 1024, 128, 11025).T
    if lasagne:
        db = decibel(np.sqrt(power) @ bank)
        return np.maximum(db - db.max(), -96)
    db = decibel(power @ bank)
    return np.maximum(db, db.max() - 80)


def vggish(x):
    """mel_features.py of tensorflow/models research/audioset/vggish."""
    def to_mel(hz):
        return 1127 * np.log(1 + np.asarray(hz) / 700)
    window = 0.5 - 0.5 * np.cos(2 * np.pi / 400 * np.arange(400))
    magnitude = np.abs(np.fft.rfft(frames_of(x, 400, 160) * window, 512))
    bins = to_mel(np.linspace(0, 8000, 257))
    edges = np.linspace(to_mel(125), to_mel(7500), 66)
    bank = np.empty((257, 64))
    for m in range(64):
        lower, centre, upper = edges[m:m + 3]
        bank[:, m] = np.maximum(0, np.minimum((bins - lower) / (centre - lower), (upper - bins) / (upper - centre)))
    bank[0] = 0
    return np.log(magnitude @ bank + 0.01)


def save(name, values):
    np.save(here / f"{name}.npy", values.astype(np.float32).reshape(-1, values.shape[-1]))


def pcm(n, rate, seed=1):
    return music(n, rate, seed) / 32768.0


save("mfcc_mel", mfcc_mel(pcm(9000, 12000)))
save("mfcc_dct", scipy.fft.dct(mfcc_mel(pcm(9000, 12000)), type=2, norm="ortho", axis=1)[:, :20])
save("mfcc_shortest", mfcc_mel(pcm(1024, 12000)))  # mirrored twice: 1024 samples on each side of 1024
save("tlm_theano", tlm(pcm(7000, 12000), True))
save("tlm_keras2", tlm(pcm(7001, 12000), False))
stereo = np.stack([pcm(5000, 22050), pcm(5000, 22050, 2) / 64])
save("mtlmr", mtlmr(stereo, False))
save("mtlmr_lasagne", mtlmr(stereo, True))
save("vggish", vggish(pcm(7000, 16000)))
