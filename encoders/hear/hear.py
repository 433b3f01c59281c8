"""Serves a module of the HEAR 2021 API (hearbenchmark.com/hear-api.html) to musicrep: MODULE scene|timestamp [WEIGHTS]."""
import importlib
import sys

import musicrep
import numpy

name, kind, weights = sys.argv[1], sys.argv[2], sys.argv[3:]
function = f"get_{kind}_embeddings"
module = importlib.import_module(name)
lacking = [wanted for wanted in ("load_model", function) if not callable(getattr(module, wanted, None))]
if lacking:
    sys.exit(f"module '{name}' has no {' and no '.join(lacking)}: expected the functions of the HEAR 2021 API")
model = module.load_model(*weights)
if not getattr(model, "sample_rate", 0):
    sys.exit(f"module '{name}': its model has no sample_rate, which the HEAR 2021 API asks for")


def tensor(audio):
    """A tensor of the model's own framework, on the device that the experiment asks for."""
    if "tensorflow" in sys.modules and isinstance(model, sys.modules["tensorflow"].Module):
        return sys.modules["tensorflow"].convert_to_tensor(audio)
    import torch
    return torch.from_numpy(audio).to(musicrep.device)


def array(values):
    return numpy.asarray(values.detach().cpu() if hasattr(values, "detach") else values)


def embeddings(audio):
    """[B, samples] to [B, dim], or to [B, T, dim]."""
    if kind == "scene":
        vectors = array(getattr(module, function)(tensor(audio), model))
        if vectors.ndim != 2:
            raise ValueError(f"{function} returned an array of shape {list(vectors.shape)}, expected [{len(audio)}, dim]")
        return vectors
    found = getattr(module, function)(tensor(audio), model)
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        raise ValueError(f"{function} returned {type(found).__name__}, expected embeddings and timestamps")
    vectors, times = map(array, found)
    if vectors.ndim != 3 or times.shape != vectors.shape[:2]:
        raise ValueError(f"{function} returned arrays of shape {list(vectors.shape)} and {list(times.shape)}, expected "
                         f"[{len(audio)}, T, dim] and timestamps [{len(audio)}, T]")
    if (numpy.diff(times, axis=1) <= 0).any():
        raise ValueError(f"{function} returned timestamps that do not increase")
    return vectors


if hasattr(model, "to") and "torch" in sys.modules:
    model = model.to(musicrep.device)
if hasattr(model, "eval"):
    model.eval()
if "torch" in sys.modules:
    sys.modules["torch"].set_grad_enabled(False)
musicrep.serve(embeddings, sample_rate_hz=model.sample_rate, channels=1, batch=True)
