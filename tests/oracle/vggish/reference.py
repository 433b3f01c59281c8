"""VGGish by NumPy and PyTorch, from the paper and the authors' code, with nothing of this project's: the
weights are numbers by a formula that formula.h has too, so that none need be kept."""
import pathlib
import sys

import numpy as np
import torch

here = pathlib.Path(__file__).parent
sys.path[:0] = [str(here.parent / "audio"), str(here.parent / "frontend")]
from signals import music  # noqa: E402

CONVOLUTIONS = [("conv1", "features.0", 64), ("conv2", "features.3", 128), ("conv3_1", "features.6", 256),
                ("conv3_2", "features.8", 256), ("conv4_1", "features.11", 512), ("conv4_2", "features.13", 512)]


def numbers(shape, tensor, limit):
    """Numbers in [-limit, limit): place k of tensor number `tensor`, hashed."""
    x = np.arange(np.prod(shape), dtype=np.uint32) * np.uint32(2654435761) + np.uint32(40503 * (tensor + 1))
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x ^= x >> np.uint32(shift)
        x *= np.uint32(factor)
    x ^= x >> np.uint32(16)
    return ((((x >> np.uint32(8)) / 2.0 ** 23) - 1) * limit).astype(np.float32).reshape(shape)


def weights(width):
    """{layer: (weight [out, in, 3, 3] or [out, in], bias [out])} in the order of the network."""
    out, channels, units = {}, 1, 4096 if width == 1 else int(2048 * width)

    def add(name, shape):
        limit = np.sqrt(6 / np.prod(shape[1:]))
        out[name] = numbers(shape, 2 * len(out), limit), numbers(shape[:1], 2 * len(out) + 1, 0.1)

    for name, _, full in CONVOLUTIONS:
        add(name, (int(full * width), channels, 3, 3))
        channels = int(full * width)
    add("fc1_1", (units, 24 * channels))
    add("fc1_2", (units, units))
    add("fc2", (128, units))
    return out


class TorchVggish(torch.nn.Module):
    """The modules of harritaylor/torchvggish, and its way of flattening; without the last ReLU."""

    def __init__(self, width):
        super().__init__()
        layers, channels = [], 1
        for v in (64, "M", 128, "M", 256, 256, "M", 512, 512, "M"):
            if v == "M":
                layers.append(torch.nn.MaxPool2d(2, 2))
            else:
                layers += [torch.nn.Conv2d(channels, int(v * width), 3, padding=1), torch.nn.ReLU(True)]
                channels = int(v * width)
        units = 4096 if width == 1 else int(2048 * width)
        self.features = torch.nn.Sequential(*layers)
        self.embeddings = torch.nn.Sequential(
            torch.nn.Linear(24 * channels, units), torch.nn.ReLU(True),
            torch.nn.Linear(units, units), torch.nn.ReLU(True), torch.nn.Linear(units, 128))

    def forward(self, x):
        x = torch.transpose(torch.transpose(self.features(x), 1, 3), 1, 2)
        return self.embeddings(x.contiguous().view(x.size(0), -1))


def torch_state(values):
    names = {ours: torchs for ours, torchs, _ in CONVOLUTIONS}
    names |= {"fc1_1": "embeddings.0", "fc1_2": "embeddings.2", "fc2": "embeddings.4"}
    return {f"{names[layer]}.{kind}": torch.from_numpy(value)
            for layer, pair in values.items() for kind, value in zip(("weight", "bias"), pair)}


def log_mel(x):
    """mel_features.py of tensorflow/models research/audioset/vggish."""
    def to_mel(hz):
        return 1127 * np.log(1 + np.asarray(hz) / 700)
    window = 0.5 - 0.5 * np.cos(2 * np.pi / 400 * np.arange(400))
    frames = np.lib.stride_tricks.sliding_window_view(x, 400)[::160]
    magnitude = np.abs(np.fft.rfft(frames * window, 512))
    bins, edges = to_mel(np.linspace(0, 8000, 257)), np.linspace(to_mel(125), to_mel(7500), 66)
    bank = np.empty((257, 64))
    for m in range(64):
        lower, centre, upper = edges[m:m + 3]
        bank[:, m] = np.maximum(0, np.minimum((bins - lower) / (centre - lower), (upper - bins) / (upper - centre)))
    bank[0] = 0
    return np.log(magnitude @ bank + 0.01)


def patches(x):
    mel = log_mel(x)
    n = len(mel) // 96
    return mel[:96 * n].reshape(n, 96, 64)
