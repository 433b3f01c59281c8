"""Writes keras2.hdf5 and theano.hdf5, random weights in the two published layouts (the front end's
constants are zeros: they are known), and fixture.json, the vectors of made clips by tlm_reference.py.
With $MUSICREP_DATA also real.json: the vectors of real clips of GTZAN with the published weights."""
import json
import os
import pathlib
import sys

import h5py
import numpy as np
import torch
import torch.nn.functional as F

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent / "audio"))
from resampy_literal import resample as resample_literally  # noqa: E402
from signals import music  # noqa: E402
from tlm_reference import POOLS, decibels, features, read_weights, resample  # noqa: E402

rng = np.random.default_rng(1)
CLIPS = [(12000, 354000), (22050, 60000), (44100, 30000)]  # rate, samples


def round_numbers(*shape, scale):
    """Small whole numbers times a power of two: they pack well."""
    return (rng.integers(-15, 16, shape) * scale).astype(np.float32)


def network():
    """[(kernel [3, 3, in, 32], bias, gamma, beta, mean, variance)] * 5 with live units, and a head."""
    x = torch.from_numpy(decibels(music(24000, 12000) / 32768.0, False).astype(np.float32))[None, None] / 20
    out = []
    for k, pool in enumerate(POOLS):
        kernel = round_numbers(3, 3, 32 if k else 1, 32, scale=2.0 ** -6)
        bias, beta = round_numbers(32, scale=2.0 ** -4), round_numbers(32, scale=2.0 ** -5)
        gamma = round_numbers(32, scale=2.0 ** -4) + np.float32(1 / 64)
        y = F.conv2d(x, torch.from_numpy(np.ascontiguousarray(kernel.transpose(3, 2, 0, 1))), torch.from_numpy(bias), padding=1)
        mean, variance = y.mean((0, 2, 3)).numpy() + bias, y.var((0, 2, 3)).numpy() + np.float32(0.5)
        out.append((kernel, bias, gamma, beta, mean, variance))
        y = F.batch_norm(y, *map(torch.from_numpy, (mean, variance, gamma, beta)), False, 0, 1e-3)
        x = F.max_pool2d(F.elu(y), pool)
    return out, round_numbers(32, 50, scale=2.0 ** -5), round_numbers(50, scale=2.0 ** -5)


def put(group, name, values):
    packed = dict(chunks=values.shape, compression="gzip", compression_opts=9, shuffle=True) if values.size > 100 else {}
    group.create_dataset(name, data=values, **packed)


def put_zeros(group, names):
    for name, shape in zip(names, ((512, 1, 1, 257), (512, 1, 1, 257), (257, 96))):
        put(group, name, np.zeros(shape, np.float32))


def write_keras2(path, blocks, dense, bias):
    with h5py.File(path, "w", libver="latest") as file:
        root = file.create_group("model_weights")
        names = ["melgram"]
        put_zeros(root.create_group("melgram/melgram"), ("real_kernels:0", "imag_kernels:0", "Variable:0"))
        for i, (kernel, conv_bias, gamma, beta, mean, variance) in enumerate(blocks, 1):
            group = root.create_group(f"conv2d_{i}/conv2d_{i}")
            put(group, "kernel:0", kernel)
            put(group, "bias:0", conv_bias)
            group = root.create_group(f"batch_normalization_{i}/batch_normalization_{i}")
            for name, values in (("gamma", gamma), ("beta", beta), ("moving_mean", mean), ("moving_variance", variance)):
                put(group, f"{name}:0", values)
            names += [f"conv2d_{i}", f"batch_normalization_{i}"]
        group = root.create_group("dense_1/dense_1")
        put(group, "kernel:0", dense)
        put(group, "bias:0", bias)
        root.attrs["layer_names"] = [name.encode() for name in [*names, "dense_1"]]


def write_theano(path, blocks, dense, bias):
    with h5py.File(path, "w", libver="latest") as file:
        put_zeros(file.create_group("melgram"), ("param_0", "param_1", "param_2"))
        for i, (kernel, conv_bias, gamma, beta, _, _) in enumerate(blocks, 1):
            put(file, f"ConvBNEluDr/convolution2d_{i}_W", kernel.transpose(3, 2, 0, 1))
            put(file, f"ConvBNEluDr/convolution2d_{i}_b", conv_bias)
            for name, values in (("gamma", gamma), ("beta", beta), ("running_mean", np.zeros_like(beta)), ("running_std", np.ones_like(beta))):
                put(file, f"ConvBNEluDr/batchnormalization_{i}_{name}", values)
        file.create_group("flatten_1")
        put(file, "dense_1/dense_1_W", dense)
        put(file, "dense_1/dense_1_b", bias)
        file.attrs["layer_names"] = [b"melgram", b"ConvBNEluDr", b"flatten_1", b"dense_1"]


def numbers(rows):
    return [[float(f"{v:.8g}") for v in row] for row in rows]


some = music(3000, 22050) / 32768.0
assert np.abs(resample(some, 22050) - resample_literally(some, 22050, 12000)[0]).max() < 1e-6
made = []
for rate, n in CLIPS:
    x = (music(n, rate) / 32768.0).astype(np.float32)
    made.append(x if rate == 12000 else resample(x, rate))
out = {"clips": [dict(rate=rate, n=n) for rate, n in CLIPS]}
for name, write in (("keras2", write_keras2), ("theano", write_theano)):
    write(here / f"{name}.hdf5", *network())
    out[name] = numbers(features(read_weights(here / f"{name}.hdf5"), made, name == "theano"))
(here / "fixture.json").write_text(json.dumps(out) + "\n")

data = os.environ.get("MUSICREP_DATA")
if data:
    import soundfile

    data = pathlib.Path(data)
    files = [f"{genre}/{genre}.0000{i}.flac" for genre, i in (("blues", 0), ("classical", 1), ("metal", 2), ("reggae", 3))]
    clips = []
    for file in files:
        x, rate = soundfile.read(data / "gtzan/genres" / file, dtype="float32")
        assert x.ndim == 1
        clips.append(resample(x, rate))
    out = {"files": files}
    for name, file in (("keras2", "keras2_model/model_best.hdf5"), ("theano", "weights_transfer/weights_layer4_theano.hdf5")):
        out[name] = numbers(features(read_weights(data / "choi2017" / file), clips, name == "theano"))
    (here / "real.json").write_text(json.dumps(out) + "\n")
