"""Writes fixture.json: embeddings of a signal by PyTorch, and post-processing by NumPy (reference.py)."""
import json
import pathlib

import numpy as np
import torch

from reference import TorchVggish, music, numbers, patches, torch_state, weights

torch.set_num_threads(1)
signal = music(33000, 16000) / 32768.0  # two patches, and a tail that is dropped
x = torch.from_numpy(patches(signal).astype(np.float32)).unsqueeze(1)
fixture = {}
for name, width in (("quarter", 0.25), ("full", 1)):
    net = TorchVggish(width)
    net.load_state_dict(torch_state(weights(width)))
    with torch.no_grad():
        fixture[name] = [[float(f"{v:.8g}") for v in row] for row in net(x).tolist()]

# vggish_postprocess.py, in float64; torchvggish rounds instead.
vectors, means, embeddings = numbers((128, 128), 100, 0.4), numbers((128,), 101, 0.3), numbers((6, 128), 102, 1)
embeddings[4], embeddings[5] = means, means + 100  # the middle, and beyond both ends
y = (vectors.astype(np.float64) @ (embeddings.T.astype(np.float64) - means[:, None].astype(np.float64))).T
scaled = (np.clip(y, -2.0, 2.0) + 2) * (255.0 / 4)
fixture["truncated"] = scaled.astype(np.uint8).tolist()
fixture["rounded"] = np.round(scaled).astype(np.uint8).tolist()
(pathlib.Path(__file__).parent / "fixture.json").write_text(json.dumps(fixture) + "\n")
