"""Makes torch_*.pth and torch.json with PyTorch itself: /usr/bin/python3 make_torch.py (Debian 12:
torch 1.13.1, NumPy 1.24)."""
import collections
import json
import pathlib
import zipfile

import numpy as np
import torch

here = pathlib.Path(__file__).parent


def state():
    base = torch.arange(24, dtype=torch.float32) / 8 - 1
    return collections.OrderedDict([
        ("conv.weight", (torch.arange(12, dtype=torch.float32) / 4 - 1).reshape(2, 2, 3, 1)),
        ("conv.bias", torch.tensor([0.1, -0.2])),
        ("bn.num_batches_tracked", torch.tensor(7)),
        ("half", torch.tensor([1.0, -2.5, 65504.0, 6e-8, 1e-4, 0.0], dtype=torch.float16)),
        ("bfloat16", torch.tensor([1.0, -2.5, 1e30, 3.1415], dtype=torch.bfloat16)),
        ("double", torch.tensor([0.1, -1e-30, 3e38], dtype=torch.float64)),
        ("int32", torch.tensor([[-3, 4]], dtype=torch.int32)),
        ("int16", torch.tensor([-300], dtype=torch.int16)),
        ("int8", torch.tensor([-3], dtype=torch.int8)),
        ("uint8", torch.tensor([200], dtype=torch.uint8)),
        ("bool", torch.tensor([True, False])),
        ("empty", torch.zeros(0, 5)),
        ("transposed", base.reshape(4, 6).t()),        # strides (1, 6)
        ("rows", base[5:17].reshape(3, 4)),            # a part of the same storage
        ("every_other", base[1::2].reshape(2, 6)[:, 1:5]),  # and with holes
        ("tied", base[5:17].reshape(3, 4)),
    ])


def expected(tensors):
    return {name: {"shape": list(t.shape), "values": t.to(torch.float32).flatten().tolist()}
            for name, t in tensors.items()}


def checkpoint():
    return {
        "tasks": ["self", "tag"], "branch_at": "fc", "scaler_fn": "mel_standard_scaler_params.npz",
        "n_outs": [50, 2], "epoch": np.int64(-12), "loss": np.float32(0.25), "lr": 2.5e-4,
        "best": True, "nothing": None, "pair": (1, 2.5), "large": 3_000_000_000, "huge": 1 << 80,
        "config": {"width": 2, 3: "three", "deep": {"x": [[], {}]}},
        "state_dict": collections.OrderedDict([
            ("shared.0.conv.weight", torch.ones(2, 1, 1, 1)), ("shared.0.bn.eps", 1e-5)]),
        "optimizer": {"state": {0: {"exp_avg": torch.zeros(3)}}},
    }


def save(name, value, legacy=False, protocol=2):
    torch.save(value, here / f"torch_{name}.pth", pickle_protocol=protocol,
               _use_new_zipfile_serialization=not legacy)


save("zip", state())
save("zip_protocol4", state(), protocol=4)
save("legacy", state(), legacy=True)
save("legacy_protocol4", state(), legacy=True, protocol=4)
save("checkpoint_zip", checkpoint())
save("checkpoint_legacy", checkpoint(), legacy=True)
save("nested", {"net": {"a": torch.nn.Parameter(torch.ones(2)), "b": torch.zeros(1)}, "epoch": 3})
save("model", torch.nn.Linear(1, 1))
save("tensor", torch.ones(2))
save("too_large", {"x": torch.tensor([1e39], dtype=torch.float64)})
save("expanded", {"x": torch.ones(1).expand(4)})
torch.jit.script(torch.nn.Linear(1, 1)).save(here / "torch_script.pth")

# Deflated, and as a machine of the other byte order writes it.
with zipfile.ZipFile(here / "torch_zip.pth") as old:
    with zipfile.ZipFile(here / "torch_deflated.pth", "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
small = collections.OrderedDict((k, v) for k, v in state().items() if k in ("conv.bias", "double", "half"))
save("little", small)
with zipfile.ZipFile(here / "torch_little.pth") as old:
    with zipfile.ZipFile(here / "torch_big.pth", "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if "/data/" in info.filename:
                key = int(info.filename.rsplit("/", 1)[1])
                width = list(small.values())[key].element_size()
                data = b"".join(data[i:i + width][::-1] for i in range(0, len(data), width))
            new.writestr(info.filename, data)
        new.writestr("torch_little/byteorder", "big")
(here / "torch_little.pth").unlink()
(here / "torch.json").write_text(json.dumps(
    {"state": expected(state()), "small": expected(small)}, indent=1))
