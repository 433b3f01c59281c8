"""TLM (Choi et al. 2017) from samples to 160 numbers by NumPy, SciPy, h5py and PyTorch, from the paper
and the authors' code (keunwoochoi/transfer_learning_music and kapre), with nothing of this project's."""
import pathlib
import sys

import h5py
import numpy as np
import scipy.signal
import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "audio"))
from resampy_literal import sinc_window  # noqa: E402

POOLS = [(2, 4), (3, 4), (2, 5), (2, 4), (4, 4)]
N = 348000


def resample(x, rate_from, rate_to=12000, chunk=2000):
    """resampy_literal.resample, many output samples at a time."""
    ratio = float(rate_to) / rate_from
    n_out = int(len(x) * ratio)
    window, num_table = sinc_window()
    window = window * min(1.0, ratio)
    delta = np.append(np.diff(window), 0.0)
    scale = min(1.0, ratio)
    step = int(scale * num_table)
    times = np.concatenate([[0.0], np.cumsum(np.full(n_out - 1, 1.0 / ratio))]) if n_out else np.empty(0)
    taps = np.arange(len(window) // step + 1)[None]
    out = np.empty(n_out)

    def side(frac, n, place, last):
        index = frac * num_table
        offset = index.astype(np.int64)[:, None]
        eta = index[:, None] - offset
        count = np.minimum(last[:, None], (len(window) - offset) // step)
        at = np.minimum(offset + taps * step, len(window) - 1)
        weights = np.where(taps < count, window[at] + eta * delta[at], 0.0)
        return (weights * x[np.clip(place, 0, len(x) - 1)]).sum(1)

    x = np.asarray(x, np.float64)
    for first in range(0, n_out, chunk):
        time = times[first:first + chunk]
        n = time.astype(np.int64)
        frac = scale * (time - n)
        out[first:first + chunk] = (side(frac, n, n[:, None] - taps, n + 1)
                                    + side(scale - frac, n, n[:, None] + taps + 1, len(x) - n - 1))
    return out.astype(np.float32)


def slaney_bank():
    """librosa.filters.mel(12000, 512, 96), [257, 96]."""
    top = 15 + 27 * np.log(6000 / 1000) / np.log(6.4)
    mels = np.linspace(0, top, 98)
    corners = np.where(mels < 15, mels * 200 / 3, 1000 * 6.4 ** ((mels - 15) / 27))
    bins = np.arange(257) * 12000 / 512
    up = (bins - corners[:-2, None]) / np.diff(corners)[:-1, None]
    down = (corners[2:, None] - bins) / np.diff(corners)[1:, None]
    return (np.maximum(0, np.minimum(up, down)) * (2 / (corners[2:] - corners[:-2]))[:, None]).T


def decibels(x, theano):
    """[96, 1360], no range yet. The kernels of kapre, as convolutions; Theano flips them."""
    x = np.tile(x, -(-N // len(x)))[:N].astype(np.float64)  # utils_featext.py repeats short clips
    n, k = np.arange(512)[:, None], np.arange(257)[None]
    window = scipy.signal.get_window("hann", 512, fftbins=True)[:, None]
    kernels = [np.cos(2 * np.pi * n * k / 512) * window, np.sin(2 * np.pi * n * k / 512) * window]
    x = np.pad(x, 256 if theano else 208)
    frames = np.lib.stride_tricks.sliding_window_view(x, 512)[::256][:1360]
    power = sum((frames @ (kernel[::-1] if theano else kernel)) ** 2 for kernel in kernels)
    return 10 * np.log10(np.maximum(power @ slaney_bank(), 1e-10)).T


def read_weights(path):
    """[(kernel [32, in, 3, 3], bias, gamma, beta, mean, variance)] * 5, float32; kernels to be correlated."""
    with h5py.File(path, "r") as file:
        theano = "ConvBNEluDr" in file
        out = []
        for i in range(1, 6):
            if theano:
                group = file["ConvBNEluDr"]
                kernel = group[f"convolution2d_{i}_W"][()][:, :, ::-1, ::-1]
                rest = [group[name][()] for name in (
                    f"convolution2d_{i}_b", f"batchnormalization_{i}_gamma", f"batchnormalization_{i}_beta",
                    f"batchnormalization_{i}_running_mean", f"batchnormalization_{i}_running_std")]
            else:
                conv = file[f"model_weights/conv2d_{i}/conv2d_{i}"]
                norm = file[f"model_weights/batch_normalization_{i}/batch_normalization_{i}"]
                kernel = conv["kernel:0"][()].transpose(3, 2, 0, 1)
                rest = [conv["bias:0"][()]] + [norm[f"{name}:0"][()] for name in (
                    "gamma", "beta", "moving_mean", "moving_variance")]
            out.append([torch.from_numpy(np.ascontiguousarray(a)) for a in [kernel, *rest]])
    return out


@torch.no_grad()
def features(weights, clips, theano):
    """[n, 160] of clips at 12 kHz; with theano they are one batch."""
    db = np.stack([decibels(x, theano) for x in clips])
    if theano:
        mel = np.maximum(db - db.max(), -80)
    else:
        db -= db.max(axis=(1, 2), keepdims=True)
        db = np.maximum(db, -80)
        mel = (db - db.mean(axis=(1, 2), keepdims=True)) / (db.std(axis=(1, 2), keepdims=True) + 1e-10)
    x = list(torch.from_numpy(mel.astype(np.float32))[:, None, None])
    out = []
    for (kernel, bias, gamma, beta, mean, variance), pool in zip(weights, POOLS):
        # A clip at a time: a batch of 100 would take 5 GB.
        if theano:
            moments = [(c.sum((0, 2, 3)), (c * c).sum((0, 2, 3)), c[0, 0].numel())
                       for c in (F.conv2d(clip, kernel, bias, padding=1).double() for clip in x)]
            n = sum(m[2] for m in moments)
            mean = (sum(m[0] for m in moments) / n)
            variance = (sum(m[1] for m in moments) / n - mean ** 2).float()
            mean = mean.float()
        y = []
        for i, clip in enumerate(x):
            a = F.elu(F.batch_norm(F.conv2d(clip, kernel, bias, padding=1), mean, variance, gamma, beta, False, 0, 1e-3))
            x[i] = F.max_pool2d(a, pool)
            y.append((x[i] if theano else a).double().mean((0, 2, 3)).numpy())
        out.append(np.stack(y))
    return np.concatenate(out, axis=1)
