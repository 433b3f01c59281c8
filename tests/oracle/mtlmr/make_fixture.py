"""Writes fixture.npz and mel_standard_scaler_params.npz: MTLMR by SciPy and PyTorch, after Kim et al. (2019)
and the names in the authors' checkpoints; pLSA by NumPy; mixtures by scikit-learn.

The checkpoints are those of torch.save, in both its layouts, with weights that repeat a short noise, so
that they compress well. Needs Debian's python3-torch, which the tests themselves do not."""
import io
import pathlib
import sys

import numpy as np
import scipy.fft
import scipy.signal
import torch
from sklearn.mixture import GaussianMixture
from torch import nn

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent / "audio"))
from signals import music, noise  # noqa: E402

CHANNELS = [2, 16, 32, 64, 64, 128, 256, 256]
SHARED = {"null": 0, "2": 1, "4": 3, "6": 5, "fc": 7}


class Block(nn.Module):
    def __init__(self, i):
        super().__init__()
        kernel = 5 if i == 0 else 1 if i == 6 else 3
        self.conv = nn.Conv2d(CHANNELS[i], CHANNELS[i + 1], kernel, (2, 1) if i == 0 else 1, kernel // 2)
        self.bn = nn.BatchNorm2d(CHANNELS[i + 1])
        self.pool = i < 5

    def forward(self, x):
        x = torch.relu(self.bn(self.conv(x)))
        return nn.functional.max_pool2d(x, 2) if self.pool else x


class Mean(nn.Module):
    def forward(self, x):
        return x.mean(dim=(2, 3))


def layers(first, last):
    blocks = [Block(i) for i in range(first, last)]
    if first < last == 7:
        blocks += [Mean(), nn.Linear(256, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Dropout()]
    return nn.Sequential(*blocks)


class Net(nn.Module):
    def __init__(self, tasks, branch_at, n_outs):
        super().__init__()
        n = SHARED[branch_at]
        self.shared = layers(0, n)
        self.branches_feature = nn.ModuleList([layers(n, 7) for _ in tasks])
        self.branches_infer = nn.ModuleList([
            nn.Sequential(nn.Linear(512, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Dropout(), nn.Linear(128, 2))
            if task == "self_" else nn.Sequential(nn.Linear(256, n_outs)) for task in tasks])

    def feature(self, x, i):
        return self.branches_feature[i](self.shared(x))


def pattern(n, shift):
    return torch.from_numpy(np.resize(np.roll(noise(1021, 7), shift), n))


def fill(net):
    for place, (name, tensor) in enumerate(sorted(net.state_dict().items())):
        if name.endswith("num_batches_tracked"):
            tensor.fill_(1000 + place)
            continue
        x = pattern(tensor.numel(), 31 * place).reshape(tensor.shape)
        if tensor.dim() > 1:
            x = x * (6 / tensor[0].numel()) ** 0.5
        elif name.endswith("running_var"):
            x = 1 + 0.5 * x
        elif name.endswith("weight"):
            x = 1 + 0.2 * x
        else:
            x = 0.2 * x
        tensor.copy_(x)


def slaney_bank():
    top = 15 + 27 * np.log(11025 / 1000) / np.log(6.4)
    mels = np.linspace(0, top, 130)
    corners = np.where(mels < 15, mels * 200 / 3, 1000 * 6.4 ** ((mels - 15) / 27))
    bins = np.fft.rfftfreq(1024, 1 / 22050)
    bank = np.array([np.interp(bins, corners[m:m + 3], [0, 1, 0], left=0, right=0) for m in range(128)])
    return bank * (2 / (corners[2:] - corners[:-2]))[:, None]


def decibels(stereo):
    """librosa.power_to_db(librosa.feature.melspectrogram(...)) of both channels, one floor: [2, frames, 128]."""
    window = scipy.signal.get_window("hann", 1024, fftbins=True)
    power = np.stack([
        np.abs(scipy.fft.rfft(np.lib.stride_tricks.sliding_window_view(np.pad(x, 512, "reflect"), 1024)[::256]
                              * window)) ** 2 for x in stereo])
    db = 10 * np.log10(np.maximum(power @ slaney_bank().T, 1e-10))
    return np.maximum(db, db.max() - 80)


def patches(db, zero_db):
    whole, rest = divmod(db.shape[1], 216)
    if rest and (zero_db or whole == 0):
        filler = np.full((2, 216 - rest, 128), 0.0 if zero_db else db.min())
        db, whole = np.concatenate([db, filler], axis=1), whole + 1
    return db[:, :216 * whole].reshape(2, whole, 216, 128).transpose(1, 0, 2, 3)


def stereo(seconds):
    n = int(22050 * seconds)
    return np.stack([music(n, 22050), music(n, 22050, 2) // 4]) / 32768.0


def vector(net, n_features, x):
    y = torch.cat([net.feature(x, i) for i in range(n_features)], dim=1).double().numpy()
    return np.concatenate([y.mean(axis=0), y.std(axis=0)])


scaler = {"mean": -40 + 5.0 * noise(128, 3).astype(np.float64), "sd": 12 + 2.0 * noise(128, 4).astype(np.float64)}
np.savez(here / "mel_standard_scaler_params.npz", **scaler)


def scaled(x):
    return torch.from_numpy((x - scaler["mean"]) / scaler["sd"]).float()


out = {}
torch.set_grad_enabled(False)
for key, tasks, branch_at, n_outs, legacy in (("fc", ["self_", "tag"], "fc", 50, False),
                                              ("branched", ["bpm", "self_"], "4", 7, True)):
    net = Net(tasks, branch_at, n_outs).eval()
    fill(net)
    file = io.BytesIO()
    torch.save({"iters": 12, "tasks": tasks, "n_outs": n_outs, "branch_at": branch_at,
                "scaler_fn": "/home/someone/sclr_dbmel.dat.gz", "state_dict": net.state_dict(),
                "optimizer": {"shared": {"state": {}, "param_groups": [{"lr": 0.00025, "params": [0, 1]}]}}},
               file, _use_new_zipfile_serialization=not legacy)
    out[f"{key}_pth"] = np.frombuffer(file.getvalue(), np.uint8)
    n_features = 1 if branch_at == "fc" else len(tasks)
    for name, seconds in (("long", 6), ("short", 1)):
        for last in ("drop", "zero-db"):
            x = patches(decibels(stereo(seconds)), last == "zero-db")
            out[f"{key}_{name}_{last}"] = vector(net, n_features, scaled(x))
    x = scaled(-40 + 20 * noise(3 * 2 * 216 * 128, 9).astype(np.float64).reshape(3, 2, 216, 128))
    for i, task in enumerate(tasks):
        y = net.feature(x, i)
        out[f"{key}_features_{i}"] = y.numpy()
        out[f"{key}_logits_{i}"] = net.branches_infer[i](torch.cat([y, y.roll(1, 0)], 1) if task == "self_" else y).numpy()


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return ((z ^ (z >> 31)) >> 11) * 2.0 ** -53


def shares(x, axis):
    return x / x.sum(axis=axis, keepdims=True)


counts = np.maximum(0, np.floor(6 * noise(9 * 11, 21).astype(np.float64)).reshape(9, 11))
counts[:, 0] += 1  # no document without a term
random = SplitMix64(5)
p_zd = shares(np.array([random.uniform() for _ in range(9 * 4)]).reshape(9, 4), 1)
p_tz = shares(np.array([random.uniform() for _ in range(4 * 11)]).reshape(4, 11), 1)


def responsibilities(p_zd):
    return counts[:, None, :] * shares(p_zd[:, :, None] * p_tz[None], 1)  # [document, topic, term]


for _ in range(30):
    r = responsibilities(p_zd)
    p_zd, p_tz = shares(r.sum(2), 1), shares(r.sum(0), 1)
folded = np.full((9, 4), 0.25)
for _ in range(30):
    folded = shares(responsibilities(folded).sum(2), 1)
out |= {"plsa_counts": counts, "plsa_topics": p_zd, "plsa_terms": p_tz, "plsa_folded": folded}

values = 120 + 40 * noise(60, 33).astype(np.float64) ** 3
variance = values.var()
quantiles = np.sort(values)[(2 * np.arange(5) + 1) * 60 // 10]
model = GaussianMixture(5, covariance_type="spherical", max_iter=25, tol=0, reg_covar=1e-3 * variance,
                        weights_init=np.full(5, 0.2), means_init=quantiles[:, None],
                        precisions_init=np.full(5, 5 / variance)).fit(values[:, None])
out |= {"mixture_values": values, "mixture_means": model.means_[:, 0], "mixture_variances": model.covariances_,
        "mixture_weights": model.weights_, "mixture_posteriors": model.predict_proba(values[:, None])}
np.savez_compressed(here / "fixture.npz", **{k: v.astype(np.float32) if v.dtype == np.float64 and k[:2] in ("fc", "br")
                                             else v for k, v in out.items()})
