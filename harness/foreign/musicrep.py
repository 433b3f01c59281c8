"""Makes a Python function or class an encoder of musicrep. Needs NumPy; documented in musicrep's encoders/README.md."""
import json
import os
import sys
import traceback
import types

device = os.environ.get("MUSICREP_DEVICE", "cpu")  # "cpu", "cuda", ...: for torch.device()
_streams = None
if __name__ == "__main__":  # started by musicrep: its messages alone pass through 0 and 1
    _streams = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # whatever is printed goes to standard error
try:
    import numpy
except ImportError as error:
    if _streams:
        _streams[1].write(json.dumps({"error": f"{sys.executable} cannot import NumPy ({error}): install numpy in that "
                                               "environment"}).encode() + b"\n")
    sys.exit(1)


def _send(message, arrays=()):
    _streams[1].write(json.dumps(message).encode() + b"\n")
    for array in arrays:
        _streams[1].write(array.data)
    _streams[1].flush()


def _array(value, names):
    """What a function returned as float32 or float64; names of layers, where it is a dict of them, go to `names`."""
    if isinstance(value, dict):
        names[:] = [str(name) for name in value]
        return numpy.stack([_array(layer, []) for layer in value.values()])
    if hasattr(value, "detach"):  # a tensor of PyTorch's
        value = value.detach().cpu()
        value = value.float() if str(value.dtype) in ("torch.float16", "torch.bfloat16") else value
    if hasattr(value, "numpy"):  # or TensorFlow's
        value = value.numpy()
    array = numpy.asarray(value)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"it returned {type(value).__name__} of {array.dtype}, expected numbers")
    if not 1 <= array.ndim <= 3:
        raise ValueError(f"it returned an array of shape {list(array.shape)}, expected [dim], [T, dim] or [layers, T, dim]")
    return numpy.ascontiguousarray(array, "<f4" if array.dtype in ("f2", "f4") else "<f8")


def _encode(function, batch, request):
    shapes = [item["shape"] for item in request["encode"]]
    signals = []
    for shape in shapes:
        values = bytearray(4 * shape[0] * shape[1])
        if _streams[0].readinto(values) != len(values):
            sys.exit("musicrep has ended")
        mono = request["input"] == "audio" and shape[0] == 1
        signals.append(numpy.frombuffer(values, "<f4").reshape(shape[1:] if mono else shape))
    names, vectors, item = [], [], ""
    try:
        while len(vectors) < len(signals):
            first = end = len(vectors)
            item = request["encode"][first]["id"]
            while batch and end < len(signals) and signals[end].shape == signals[first].shape:
                end += 1
            if not batch:
                vectors.append(_array(function(signals[first]), names))
                continue
            found = function(numpy.stack(signals[first:end]))
            if len(found) != end - first:
                raise ValueError(f"it returned {len(found)} arrays for a batch of {end - first}")
            vectors += [_array(one, names) for one in found]
    except Exception as error:  # of this batch: the next one may do better
        return {"error": f"{type(error).__name__}: {error}", "item": item, "trace": traceback.format_exc()}, []
    kind = "<f8" if any(vector.dtype == "<f8" for vector in vectors) else "<f4"
    vectors = [vector.astype(kind) for vector in vectors]
    return {"vectors": [vector.shape for vector in vectors], "dtype": "float64" if kind == "<f8" else "float32",
            "layers": names or None, "bytes": sum(vector.nbytes for vector in vectors)}, vectors


def serve(encoder, sample_rate_hz=None, channels=None, batch=False):
    """Answers musicrep until it has no more to ask.

    encoder: a function, an object or class that can be called; a class is made once, when the first vector is needed.
        It gets float32 [samples] in [-1, 1], [2, samples] with channels = 2, or frames [T, 128], and returns [dim],
        [T, dim], [layers, T, dim] or {layer's name: [T, dim]}: an array, a tensor or a list.
    sample_rate_hz, channels: what it takes; else attributes of `encoder`, or the experiment's options.
    batch: it gets [B, ...] and returns B of them.
    """
    if not _streams:
        print("musicrep.serve(): `musicrep run` starts this script; there is nothing to do without it", file=sys.stderr)
        return
    about = f"Python {sys.version.split()[0]}, NumPy {numpy.__version__}"
    for name in ("torch", "tensorflow", "librosa"):
        about += f", {name} {sys.modules[name].__version__}" if hasattr(sys.modules.get(name), "__version__") else ""
    _send({"musicrep": 1, "about": about, "sample_rate_hz": sample_rate_hz or getattr(encoder, "sample_rate_hz", None),
           "channels": channels or getattr(encoder, "channels", None)})
    for line in _streams[0]:
        request = json.loads(line)
        if isinstance(encoder, type):
            encoder = encoder()
        _send(*_encode(encoder, batch, request))
    sys.exit()


def _main(script, function, batch, *arguments):
    """Runs a script, whose prints are no messages, and serves the function or class of it that is named."""
    sys.modules["musicrep"] = sys.modules["__main__"]
    sys.argv, sys.path[0] = [script, *arguments], os.path.dirname(os.path.abspath(script))
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    main.__file__ = script
    with open(script, "rb") as file:
        exec(compile(file.read(), script, "exec"), main.__dict__)
    if not function:
        sys.exit(f"{os.path.basename(script)} has ended without musicrep.serve(), and no function is named")
    if not hasattr(main, function):
        sys.exit(f"{os.path.basename(script)} has no function or class '{function}'")
    serve(getattr(main, function), batch=bool(batch))


if __name__ == "__main__":
    _main(*sys.argv[1:])
