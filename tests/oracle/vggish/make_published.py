"""/usr/bin/python3 make_published.py FOLDER: VGGish of a quarter of the width in each published layout, with
reference.py's numbers as weights."""
import pathlib
import sys

import h5py
import numpy as np
import torch

from reference import CONVOLUTIONS, here, numbers, torch_state, weights

sys.path.insert(0, str(here.parent / "weights"))
import make_tf  # noqa: E402

folder = pathlib.Path(sys.argv[1])
values = weights(0.25)

torch.save(torch_state(values), folder / "torchvggish.pth")
torch.save(torch_state(values), folder / "legacy.pth", _use_new_zipfile_serialization=False)
broken = {name: value.clone() for name, value in torch_state(values).items()}
broken["features.0.bias"][3] = float("nan")
broken["features.3.weigth"] = broken.pop("features.3.weight")
broken["embeddings.4.bias"] = torch.zeros(100)
torch.save(broken, folder / "broken.pth")


def in_tensorflow(weight):
    """[out, in, t, f] to [t, f, in, out]; [out, in] to [in, out]."""
    return np.ascontiguousarray(weight.transpose(2, 3, 1, 0) if weight.ndim == 4 else weight.T)


def scope(layer, prefix):
    """conv3_1 to conv3/conv3_1."""
    return f"{prefix if layer.startswith('fc') else ''}{layer[:-2] + '/' if layer[-2] == '_' else ''}{layer}"


with h5py.File(folder / "vggish.h5", "w") as file:  # as Keras 2's save_weights() does
    names = [scope(layer, "vggish_") for layer in values]
    file.attrs["layer_names"] = np.array([name.encode() for name in names])
    file.attrs["backend"], file.attrs["keras_version"] = b"tensorflow", b"2.2.4"
    for name, (weight, bias) in zip(names, values.values()):
        group = file.create_group(name)
        group.attrs["weight_names"] = np.array([f"{name}/kernel:0".encode(), f"{name}/bias:0".encode()])
        group[f"{name}/kernel:0"], group[f"{name}/bias:0"] = in_tensorflow(weight), bias

TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    TABLE.append(byte)


def crc32c(data):
    """make_tf's goes bit by bit, too slow for these files."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ TABLE[crc & 0xFF ^ byte]
    return crc ^ 0xFFFFFFFF


make_tf.crc32c = crc32c
tensors = []
for layer, (weight, bias) in values.items():
    for kind, array in (("weights", in_tensorflow(weight)), ("biases", bias)):
        name = f"vggish/{scope(layer, '')}/{kind}"
        tensors.append(make_tf.whole(name, make_tf.FLOAT, list(array.shape), array.ravel().tolist()))
(folder / "vggish_model.ckpt").write_bytes(make_tf.checkpoint(tensors))

(folder / "with_pca").mkdir()
torch.save(torch_state(values), folder / "with_pca/torchvggish.pth")
np.savez(folder / "with_pca/vggish_pca_params.npz", pca_eigen_vectors=numbers((128, 128), 100, 0.4),
         pca_means=numbers((128,), 101, 0.3))
