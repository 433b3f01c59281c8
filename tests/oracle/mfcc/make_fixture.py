"""Writes fixture.json: the 120 numbers of the MFCC baseline (keunwoochoi/transfer_learning_music,
utils_featext.py, with librosa 0.5 to 0.9) by NumPy and SciPy, for 16 bit audio at several rates."""
import json
import pathlib
import sys

import numpy as np
import scipy.fft

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent / "audio"))
from resampy_literal import resample  # noqa: E402
from signals import music  # noqa: E402


def mel_bank():
    """librosa.filters.mel(12000, 2048, 128), [128, 1025]."""
    top = 15 + 27 * np.log(6000 / 1000) / np.log(6.4)
    mels = np.linspace(0, top, 130)
    corners = np.where(mels < 15, mels * 200 / 3, 1000 * 6.4 ** ((mels - 15) / 27))
    bins = np.arange(1025) * 12000 / 2048
    up = (bins - corners[:-2, None]) / np.diff(corners)[:-1, None]
    down = (corners[2:, None] - bins) / np.diff(corners)[1:, None]
    return np.maximum(0, np.minimum(up, down)) * (2 / (corners[2:] - corners[:-2]))[:, None]


def mfcc(x):
    """x at 12 kHz."""
    x = x[:348000]
    x = np.pad(x, (0, max(0, 1024 - len(x))))
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(2048) / 2048)
    padded = np.pad(x, 1024, mode="reflect")
    frames = np.stack([padded[at:at + 2048] for at in range(0, len(padded) - 2047, 512)])
    power = np.abs(np.fft.rfft(frames * window)) ** 2
    db = 10 * np.log10(np.maximum(power @ mel_bank().T, 1e-10))
    db = np.maximum(db, db.max() - 80)
    m = scipy.fft.dct(db, type=2, norm="ortho", axis=1)[:, :20]
    d = np.diff(m, axis=0)
    dd = np.diff(d, axis=0)
    return np.concatenate([f(v, axis=0) for v in (m, d, dd) for f in (np.mean, np.std)])


cases = []
for rate, seconds in ((8000, 2), (11025, 2), (12000, 2), (16000, 2), (22050, 3), (44100, 2), (48000, 2), (96000, 1),
                      (192000, 1), (22050, 0.02)):
    n = int(rate * seconds)
    x = (music(n, rate) / 32768.0).astype(np.float32)
    y = x if rate == 12000 else resample(x, rate, 12000)[0].astype(np.float32)
    cases.append(dict(rate=rate, n=n, mfcc=[float(f"{v:.9g}") for v in mfcc(y.astype(np.float64))]))
(here / "fixture.json").write_text(json.dumps(cases) + "\n")
