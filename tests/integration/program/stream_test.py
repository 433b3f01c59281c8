"""Programs that stay: Python scripts, HEAR modules and the stream protocol; one start a run, and failures of one row."""
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

import h5py
import numpy
import scipy.io.wavfile

from program import MUSICREP, TWO_FOLDS, ProgramTest

PYTHON = "/usr/bin/python3"
N = 24
RATE_HZ = 8000

# A script with what its row must say.
FAILURES = {
    "raises": ("def embed(audio):\n    raise ValueError('no such layer')", "item 'c00': ValueError: no such layer"),
    "imports": ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
    "syntax": ("def embed(audio:\n", "SyntaxError: '(' was never closed"),
    "exits": ("import sys\nsys.exit('no weights here')", "exited with code 1; it last printed: no weights here"),
    "nothing": ("x = 1", "mine.py has no function or class 'embed'"),
    "segfaults": ("import os\ndef embed(audio):\n    os.kill(os.getpid(), 11)", "was killed by signal 11 (Segmentation fault)"),
    "hangs": ("import time\ndef embed(audio):\n    time.sleep(1000)", "did not answer within 2 s"),
    "hangs_starting": ("import time\ntime.sleep(1000)", "did not answer within 2 s"),
    "forks": ("import os, time\nfor i in range(20):\n    if os.fork() == 0:\n        os.setsid()\n        time.sleep(1000)\n"
              "def embed(audio):\n    time.sleep(1000)", "did not answer within 2 s"),
    "floods": ("import sys\ndef embed(audio):\n    while True: print('x' * 10000)", "did not answer within 2 s"),
    "eats": ("def embed(audio):\n    global x\n    x = b'1' * 1000000000\n    while True: pass", "used more than 0.5 GB of memory"),
    "nan": ("def embed(audio):\n    return [1.0, float('nan')]", "item 'c00': found a value that is not finite (nan) in row 0, column 1"),
    "text": ("def embed(audio):\n    return ['a']", "expected numbers"),
    "none": ("def embed(audio):\n    return None", "TypeError"),
    "scalar": ("def embed(audio):\n    return 1.0", "returned an array of shape []"),
    "deep": ("def embed(audio):\n    return [[[[1.0]]]]", "expected [dim], [T, dim] or [layers, T, dim]"),
    "empty": ("def embed(audio):\n    return []", "item 'c00': found an array of shape [0]"),
    "ragged": ("n = 1\ndef embed(audio):\n    global n\n    n += 1\n    return [1.0] * n",
               "item 'c01': found an array of shape [3], expected vectors of 2 numbers as before"),
    "raw": ("import os\ndef embed(audio):\n    os.write(musicrep._streams[1].fileno(), b'epoch 1\\n')\n    return audio[:2]\nimport musicrep",
            "found 'epoch 1' on its standard output, expected a line of JSON"),
    "rate": ("import musicrep\ndef embed(audio):\n    return audio[:2]\nmusicrep.serve(embed, sample_rate_hz=16000)",
             "its program takes 16000 Hz and 0 channels, found 8000 Hz and 1"),
}


class StreamTest(ProgramTest):
    def setUp(self):
        super().setUp()
        (self.dir / "clips").mkdir()
        random = numpy.random.RandomState(5)
        self.audio = {}
        lines = ["id,label,artist"]
        for i in range(N):
            wave = 0.3 * numpy.sin(2 * numpy.pi * (300 + 900 * (i % 2)) * numpy.arange(RATE_HZ + 50 * i) / RATE_HZ)
            samples = numpy.round((wave + 0.1 * random.randn(len(wave))) * 20000).astype("i2")
            scipy.io.wavfile.write(self.dir / f"clips/c{i:02}.wav", RATE_HZ, samples)
            self.audio[f"c{i:02}"] = (samples / 32768).astype("f4")
            lines.append(f"c{i:02},{('low', 'high')[i % 2]},a{i // 2}")
        (self.dir / "items.csv").write_text("\n".join(lines) + "\n")
        (self.dir / "two.toml").write_text(TWO_FOLDS)

    def write(self, encoders, protocols=("two.toml",), head="", end=""):
        tables = "".join(f"[encoder.{label}]\n{text}\n" for label, text in encoders.items())
        labels = ", ".join(f'"{label}"' for label in encoders)
        (self.dir / "e.toml").write_text(f"""
name = "e"
{head}
[dataset.d]
kind = "table"
csv = "items.csv"
audio = "clips"
labels = ["label"]
group = "artist"
[task.t]
dataset = "d"
targets = ["label"]
{tables}
[[evaluate]]
tasks = ["t"]
encoders = [{labels}]
protocols = [{", ".join(f'"{p}"' for p in protocols)}]
{end}
""")

    def rows(self, out="out"):
        with h5py.File(self.dir / out / "results.h5") as file:
            return {row.attrs["encoder"]: dict(row.attrs) for row in file["rows"].values()}

    def contract(self, label, out="out"):
        with h5py.File(self.dir / out / "results.h5") as file:
            for fingerprint in file["fingerprints"].values():
                if fingerprint.attrs["encoder"] == label:
                    return fingerprint
        return None

    def run_e(self, *arguments, expect=0, out="out"):
        return self.run_program("run", "e.toml", "--out", out, *arguments, expect=expect)

    def encode(self, kind, *options, expect=0):
        """What `musicrep encode` writes of all clips, [N, dim]."""
        sets = [word for option in options for word in ("--set", option)]
        done = self.run_program("encode", kind, "clips", "--out", "x.npy", *sets, expect=expect)
        return done if expect else numpy.load(self.dir / "x.npy")


class Python(StreamTest):
    def test_a_model_is_loaded_once_for_vectors_contract_and_fingerprint(self):
        (self.dir / "mine.py").write_text("""
import os, time
import numpy
class Embed:
    sample_rate_hz = 8000
    def __init__(self):
        print("loading the model")
        time.sleep(3)
        with open("loads", "a") as file: file.write(f"{os.getpid()}\\n")
    def __call__(self, audio):
        spectrum = numpy.abs(numpy.fft.rfft(audio, 256))
        return numpy.log(spectrum + 1e-6)
""")
        self.write({"mine": f'kind = "python"\nscript = "mine.py"\nfunction = "Embed"\npython = "{PYTHON}"\nbatch_size = 5'},
                   end='[dataset.again]\nkind = "table"\ncsv = "items.csv"\naudio = "clips"\nlabels = ["label"]\n'
                       '[task.u]\ndataset = "again"\ntargets = ["label"]\n'
                       '[[evaluate]]\ntasks = ["u"]\nencoders = ["mine"]\nprotocols = ["two.toml"]')
        began = time.monotonic()
        self.run_e()
        self.assertLess(time.monotonic() - began, 60)
        self.assertEqual(len((self.dir / "loads").read_text().split()), 1)
        rows = self.rows()
        self.assertEqual((rows["mine"]["failure"], rows["mine"]["n"], rows["mine"]["dim"]), ("", N, 129))
        self.assertGreater(rows["mine"]["score"], 0.8)
        with h5py.File(self.dir / "out/results.h5") as file:
            notes = "\n".join(file["rows/000/notes"].asstr())
        self.assertNotIn("broken", notes)
        self.assertIn("vectors of the script `mine.py`", notes)
        self.assertIn("computed by Python 3", notes)
        # The same bits of any batch; a change of the script is another key, one of a limit is none.
        first = rows["mine"]["embeddings_sha256"]
        text = (self.dir / "e.toml").read_text()
        (self.dir / "e.toml").write_text(text.replace("batch_size = 5", "batch_size = 1\ntime_limit_s = 99"))
        self.assertIn("encode mine on d: stored", self.run_e("--jobs", 1).stderr)
        (self.dir / "mine.py").write_text((self.dir / "mine.py").read_text().replace("sleep(3)", "sleep(0)"))
        self.assertNotIn("encode mine on d: stored", self.run_e("--jobs", 1).stderr)
        self.assertEqual(self.rows()["mine"]["embeddings_sha256"], first)

    def test_vectors_are_those_of_the_function(self):
        (self.dir / "mine.py").write_text("""
import numpy
def embed(audio):
    return numpy.fft.rfft(audio, 64).real
def frames(audio):
    return audio[:40].reshape(4, 10)
def layers(audio):
    return [audio[:6].reshape(2, 3), audio[6:12].reshape(2, 3)]
def together(audio):
    return audio[:, :7].astype("f8") / 3
""")
        script = ("script=mine.py", f"python={PYTHON}", "sample_rate_hz=8000")
        audio = list(self.audio.values())
        found = self.encode("python", *script, "function=embed")
        numpy.testing.assert_array_equal(found, [numpy.fft.rfft(one, 64).real for one in audio])
        found = self.encode("python", *script, "function=together", "batch=true")
        numpy.testing.assert_array_equal(found, [one[:7].astype("f8") / 3 for one in audio])
        found = self.encode("python", *script, "function=frames", "poolings=mean,max")
        frames = [one[:40].reshape(4, 10).astype("f8") for one in audio]
        numpy.testing.assert_allclose(found, [numpy.concatenate([f.mean(0), f.max(0)]) for f in frames], rtol=1e-12)
        found = self.encode("python", *script, "function=layers")
        layers = [one[:12].reshape(2, 2, 3).astype("f8").mean(1) for one in audio]
        numpy.testing.assert_allclose(found, [numpy.concatenate([*two, two.mean(0)]) for two in layers], atol=1e-9)

    def test_windows_are_cut_batched_and_pooled(self):
        (self.dir / "mine.py").write_text("""
import numpy
def embed(audio):
    assert audio.shape == (4000,), audio.shape
    return numpy.stack([audio[:2000], audio[2000:]])[:, :8]
""")
        for padding, n_windows in (("zeros", lambda n: max(1, 1 + -(-(n - 4000) // 2000))),
                                   ("drop", lambda n: 1 + (n - 4000) // 2000)):
            self.write({"mine": f'kind = "python"\nscript = "mine.py"\nfunction = "embed"\npython = "{PYTHON}"\nbatch_size = 3\n'
                                f'sample_rate_hz = {RATE_HZ}\nwindow_s = 0.5\nhop_s = 0.25\npadding = "{padding}"'})
            self.run_e()
            self.assertEqual(self.rows()["mine"]["failure"], "")
            found = self.encode("python", "script=mine.py", "function=embed", f"python={PYTHON}", f"sample_rate_hz={RATE_HZ}",
                                "window_s=0.5", "hop_s=0.25", f"padding={padding}", "batch_size=3")
            for vector, audio in zip(found, self.audio.values()):
                rows = []
                for k in range(n_windows(len(audio))):
                    window = numpy.zeros(4000)
                    part = audio[2000 * k:2000 * k + 4000]
                    window[:len(part)] = part
                    rows.append((window[:8] + window[2000:2008]) / 2)
                numpy.testing.assert_allclose(vector, numpy.mean(rows, axis=0), atol=1e-7)

    def test_layers_are_chosen_on_training_folds_and_diagnosed(self):
        (self.dir / "mine.py").write_text("""
import numpy, zlib
def embed(audio):
    noise = numpy.random.RandomState(zlib.crc32(audio.tobytes()))
    bands = numpy.abs(numpy.fft.rfft(audio[:8000].reshape(8, 1000)))[:, :200:25]
    return {"noise": noise.randn(8, 8), "bands": numpy.log(bands + 1e-3), "more noise": noise.randn(8, 8)}
""")
        self.write({"mine": f'kind = "python"\nscript = "mine.py"\nfunction = "embed"\npython = "{PYTHON}"\n'
                            f'sample_rate_hz = {RATE_HZ}'}, protocols=["nested"],
                   end='[[diagnose]]\ndatasets = ["d"]\nencoders = ["mine"]\nn_clips = 6')
        self.run_e()
        row = self.rows()["mine"]
        self.assertEqual((row["failure"], row["dim"]), ("", 8))  # of the view that was selected
        self.assertGreater(row["score"], 0.9)
        report = (self.dir / "out/report.md").read_text()
        self.assertIn("bands, mean", report)
        with h5py.File(self.dir / "out/results.h5") as file:
            layers = {text.decode() if isinstance(text, bytes) else text for text in file["diagnoses"]["layer"]}
        self.assertEqual(layers, {"noise", "bands", "more noise"})

    def test_each_failure_costs_its_own_row_in_one_line_and_in_time(self):
        encoders = {"mfcc": 'kind = "mfcc"'}
        for label, (script, _) in FAILURES.items():
            (self.dir / label).mkdir()
            (self.dir / label / "mine.py").write_text(script)
            encoders[label] = (f'kind = "python"\nscript = "{label}/mine.py"\nfunction = "{"" if label == "rate" else "embed"}"\n'
                               f'python = "{PYTHON}"\nsample_rate_hz = {RATE_HZ}\ntime_limit_s = 2\nmemory_limit_gb = 0.5')
        # Layers that cannot be measured end nothing, either.
        self.write(encoders, end='[[diagnose]]\ndatasets = ["d"]\nencoders = ["raises", "segfaults", "ragged"]\nn_clips = 4')
        self.run_e("--log", "log", expect=5)
        rows = self.rows()
        for label, (_, reason) in FAILURES.items():
            self.assertIn(reason, rows[label]["failure"], label)
            self.assertIn("encoder 'python'", rows[label]["failure"])
            self.assertNotIn("\n", rows[label]["failure"])
            self.assertNotIn("Traceback", rows[label]["failure"])
        self.assertEqual((rows["mfcc"]["failure"], rows["mfcc"]["n"]), ("", N))
        self.assertIn('mine.py", line 2, in embed', (self.dir / "log").read_text())
        left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
        self.assertNotIn(str(self.dir), left)

    def test_interpreters_and_options_that_cannot_be(self):
        (self.dir / "mine.py").write_text("def embed(audio):\n    return audio[:2]")
        good = f'kind = "python"\nscript = "mine.py"\nfunction = "embed"\nsample_rate_hz = {RATE_HZ}\n'
        for more, code, reason in (
                ('python = "no-such-python"', 5, "cannot run 'no-such-python'"),
                ('python = "venv/bin/python"', 2, "an environment in a folder is named by venv"),
                ('venv = "clips"', 2, "has no bin/python, expected the folder of a virtual environment"),
                ('window_s = 1\ninput = "vggish_frames"', 2, "window_s and max_s are of audio"),
                ('padding = "mirror"', 2, "padding"),
                ('poolings = ["median"]', 2, "median"),
                ('device = "my gpu"', 2, "expected a name such as cpu or cuda"),
                ('files = ["gone.bin"]', 3, "gone.bin")):
            self.write({"mine": good + more})
            done = self.run_e(expect=code)
            self.assertIn(reason, done.stderr, more)
        self.write({"mine": f'kind = "python"\nscript = "gone.py"\nfunction = "embed"\nsample_rate_hz = {RATE_HZ}\n'})
        self.assertIn("gone.py", self.run_e(expect=3).stderr)
        # Without a rate the script is asked; one that says none loses its row.
        self.write({"mine": f'kind = "python"\nscript = "mine.py"\nfunction = "embed"\npython = "{PYTHON}"', "mfcc": 'kind = "mfcc"'})
        self.run_e(expect=5)
        self.assertIn("found no sample rate", self.rows()["mine"]["failure"])

    def test_an_environment_without_numpy_says_so(self):
        subprocess.run([PYTHON, "-m", "venv", "--without-pip", self.dir / "empty"], check=True)
        (self.dir / "mine.py").write_text("def embed(audio):\n    return audio[:2]")
        self.write({"mine": f'kind = "python"\nscript = "mine.py"\nfunction = "embed"\nvenv = "empty"\nsample_rate_hz = {RATE_HZ}'})
        self.run_e(expect=5)
        self.assertIn("install numpy in that environment", self.rows()["mine"]["failure"])

    def test_device_and_arguments_are_passed_on(self):
        (self.dir / "mine.py").write_text("""
import sys
import musicrep
def embed(audio):
    return [len(musicrep.device), len(sys.argv), float(sys.argv[1]), audio[0]]
musicrep.serve(embed, sample_rate_hz=8000)
""")
        found = self.encode("python", "script=mine.py", f"python={PYTHON}", "device=cuda:1", "arguments=7,b")
        numpy.testing.assert_array_equal(found[:, :3], [[6, 3, 7]] * N)

    def test_interrupts_and_kills_leave_no_process(self):
        (self.dir / "mine.py").write_text(f"""
import os, time
def embed(audio):
    if os.fork() == 0:
        open("{self.dir}/grandchild", "w").write(str(os.getpid()))
    time.sleep(1000)
""")
        self.write({"mine": f'kind = "python"\nscript = "mine.py"\nfunction = "embed"\npython = "{PYTHON}"\nsample_rate_hz = {RATE_HZ}'})
        for number, code in ((signal.SIGINT, 130), (signal.SIGKILL, -9)):
            (self.dir / "grandchild").unlink(missing_ok=True)
            env = dict(os.environ, MUSICREP_CACHE=str(self.dir / "cache"))
            run = subprocess.Popen([MUSICREP, "run", "e.toml", "--out", "out"], cwd=self.dir, env=env,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(600):
                time.sleep(0.05)
                if (self.dir / "grandchild").exists() and (self.dir / "grandchild").read_text():
                    break
            pid = (self.dir / "grandchild").read_text()
            run.send_signal(number)
            _, messages = run.communicate(timeout=30)
            self.assertEqual(run.returncode, code, messages)
            status = pathlib.Path(f"/proc/{pid}/status")
            for _ in range(100):
                if not status.exists() or "State:\tZ" in status.read_text():
                    break
                time.sleep(0.05)
            else:
                self.fail(f"process {pid} is still there after signal {number}")


HEAR = """
import pathlib
import torch
class Model(torch.nn.Module):
    sample_rate = 8000
    scene_embedding_size = 6
    timestamp_embedding_size = 4
    def __init__(self, factor):
        super().__init__()
        self.factor = torch.nn.Parameter(torch.tensor(factor))
def load_model(model_file_path=""):
    print("loading", model_file_path)
    return Model(float(pathlib.Path(model_file_path).read_text()) if model_file_path else 1.0)
def get_scene_embeddings(audio, model):
    assert audio.ndim == 2 and audio.dtype == torch.float32
    return torch.fft.rfft(audio * model.factor, 10).abs()
def get_timestamp_embeddings(audio, model):
    frames = (audio * model.factor).unfold(1, 800, 400)
    times = (torch.arange(frames.shape[1]) * 50.0 + 50).expand(len(audio), -1)
    return torch.fft.rfft(frames, 6).abs(), times
"""
# A module in the manner of HEAR's wav2vec 2.0 baseline: a stack of convolutions, weights of its own, a scene is the
# mean of its frames. One in the manner of its CREPE baseline: padded frames that are scaled one by one.
WAV2VEC2 = """
import torch
class Wav2Vec2(torch.nn.Module):
    sample_rate = 8000
    embedding_size = scene_embedding_size = timestamp_embedding_size = 12
    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        self.layers = torch.nn.Sequential(torch.nn.Conv1d(1, 8, 10, 5), torch.nn.GELU(), torch.nn.Conv1d(8, 12, 8, 64),
                                          torch.nn.Dropout(0.5))
def load_model(model_file_path="", model_hub="stub/wav2vec2"):
    return Wav2Vec2()
def get_timestamp_embeddings(audio, model):
    with torch.no_grad():
        embeddings = model.layers(audio[:, None]).transpose(1, 2)
    step = audio.shape[1] / model.sample_rate * 1000 / embeddings.shape[1]
    return embeddings, (torch.arange(embeddings.shape[1]) * step + step / 2).expand(len(audio), -1)
def get_scene_embeddings(audio, model):
    return get_timestamp_embeddings(audio, model)[0].mean(dim=1)
"""
CREPE = """
import torch
class Crepe(torch.nn.Module):
    sample_rate, hop_size = 8000, 400
    scene_embedding_size = timestamp_embedding_size = 16
    def __init__(self):
        super().__init__()
        self.register_buffer("basis", torch.cos(torch.arange(16)[:, None] * torch.arange(512) * 0.05))
def load_model(model_file_path=""):
    return Crepe().to("cuda" if torch.cuda.is_available() else "cpu")
def get_timestamp_embeddings(audio, model):
    frames = torch.nn.functional.pad(audio, (256, 256)).unfold(1, 512, model.hop_size)
    frames = (frames - frames.mean(2, keepdim=True)) / frames.std(2, keepdim=True).clamp(min=1e-10)
    return frames @ model.basis.T, torch.arange(frames.shape[1]).tile(len(audio), 1) * 50
def get_scene_embeddings(audio, model):
    return torch.mean(get_timestamp_embeddings(audio, model)[0], 1)
"""
# TensorFlow's interface as far as it is used.
TENSORFLOW = """
import numpy
class Tensor:
    def __init__(self, values): self.values = values
    def __array__(self, *_): return self.values
    def numpy(self): return self.values
class Module: pass
def convert_to_tensor(values): return Tensor(values)
"""
TF_MODULE = """
import tensorflow
class Model(tensorflow.Module):
    sample_rate = 8000
def load_model(path=""):
    return Model()
def get_scene_embeddings(audio, model):
    assert isinstance(audio, tensorflow.Tensor)
    return tensorflow.Tensor(audio.numpy()[:, :5] * 2)
"""
# A change of that module, and what its row must say.
BAD_MODULES = {
    "no_scene": (("get_scene_embeddings", "scene_embeddings"), "module 'bad' has no get_scene_embeddings"),
    "no_rate": (("sample_rate = 8000", "rate = 8000"), "its model has no sample_rate"),
    "other_rate": (("sample_rate = 8000", "sample_rate = 16000"), "takes 16000 Hz"),
    "raises": (("print(", "raise OSError("), "OSError: [Errno loading]"),
    "wide": (("audio * model.factor, 10).abs()", "audio * model.factor, 10).abs()[0]"), "expected ["),
    "nan": (("10).abs()", "10).abs() * float('nan')"), "not finite"),
}


@unittest.skipUnless(subprocess.run([PYTHON, "-c", "import torch"], capture_output=True).returncode == 0, "needs python3-torch")
class Hear(StreamTest):
    def setUp(self):
        super().setUp()
        import torch
        torch.set_num_threads(1)  # threads that wait for each other are slow where processors are busy
        os.environ["OMP_NUM_THREADS"] = "1"
        self.addCleanup(os.environ.pop, "OMP_NUM_THREADS")

    def modules(self, folder):
        sys.path.insert(0, str(folder))
        self.addCleanup(sys.path.remove, str(folder))
        return __import__("hear_stub")

    def test_vectors_are_those_of_the_module(self):
        import torch
        (self.dir / "hear_stub.py").write_text(HEAR)
        (self.dir / "weights").write_text("0.5")
        module = self.modules(self.dir)
        options = ("module=hear_stub", f"module_folder={self.dir}", f"python={PYTHON}")
        for weights in ((), ("weights=weights",)):
            model = module.load_model(*[str(self.dir / "weights")] * len(weights))
            with torch.no_grad():
                expected = [module.get_scene_embeddings(torch.from_numpy(a)[None], model)[0].numpy() for a in self.audio.values()]
            numpy.testing.assert_array_equal(self.encode("hear", *options, *weights), expected)
        with torch.no_grad():
            expected = [module.get_timestamp_embeddings(torch.from_numpy(a)[None], model)[0][0].double().mean(0).numpy()
                        for a in self.audio.values()]
        found = self.encode("hear", *options, "weights=weights", "embeddings=timestamp", "poolings=mean")
        numpy.testing.assert_allclose(found, expected, rtol=1e-12)
        table = 'kind = "hear"\nmodule = "hear_stub"\nmodule_folder = "."\npython = "/usr/bin/python3"\n'
        self.write({"scene": table, "frames": table + 'embeddings = "timestamp"\nweights = "weights"\nhop_s = 0.05'})
        self.run_e()
        for label, row in self.rows().items():
            self.assertEqual(row["failure"], "", label)
        self.assertNotIn("broken", (self.dir / "out/report.md").read_text())

    def test_other_baselines_run_unchanged(self):
        import importlib
        import torch
        sys.path.insert(0, str(self.dir))
        self.addCleanup(sys.path.remove, str(self.dir))
        for name, text in (("wav2vec2_stub", WAV2VEC2), ("crepe_stub", CREPE)):
            (self.dir / f"{name}.py").write_text(text)
            module = importlib.import_module(name)
            model = module.load_model().eval()
            for kind in ("scene", "timestamp"):
                found = self.encode("hear", f"module={name}", f"module_folder={self.dir}", f"python={PYTHON}",
                                    f"embeddings={kind}", "poolings=mean")
                for vector, audio in list(zip(found, self.audio.values()))[:6]:
                    expected = getattr(module, f"get_{kind}_embeddings")(torch.from_numpy(audio)[None], model)
                    expected = expected[0] if kind == "scene" else expected[0][0].mean(0)
                    # Kernels of this process are not the program's: other last bits.
                    numpy.testing.assert_allclose(vector, expected.detach().numpy(), rtol=1e-4, atol=1e-5)

    def test_models_of_tensorflow_get_its_tensors(self):
        (self.dir / "tensorflow.py").write_text(TENSORFLOW)
        (self.dir / "tf_stub.py").write_text(TF_MODULE)
        found = self.encode("hear", "module=tf_stub", f"module_folder={self.dir}", f"python={PYTHON}")
        numpy.testing.assert_array_equal(found, [audio[:5] * 2 for audio in self.audio.values()])

    def test_modules_that_are_not_of_the_api_lose_their_row(self):
        encoders = {"mfcc": 'kind = "mfcc"'}
        bad = dict(BAD_MODULES, no_times=(("torch.fft.rfft(frames, 6).abs(), times", "torch.fft.rfft(frames, 6).abs()"),
                                          "expected embeddings and timestamps"),
                   backward=((" * 50.0 + 50)", " * -50.0 + 50)"), "timestamps that do not increase"),
                   missing=(("", ""), "No module named 'no_such'"))
        for label, ((old, new), _) in bad.items():
            (self.dir / label).mkdir()
            (self.dir / label / "bad.py").write_text(HEAR.replace(old, new))
            kind = "timestamp" if label in ("no_times", "backward") else "scene"
            rate = f"sample_rate_hz = {RATE_HZ}\n" if label in ("other_rate", "missing") else ""
            encoders[label] = (f'kind = "hear"\nmodule = "{"no_such" if label == "missing" else "bad"}"\nmodule_folder = "{label}"\n'
                               f'python = "{PYTHON}"\nembeddings = "{kind}"\n{rate}')
        self.write(encoders)
        self.run_e(expect=5)
        rows = self.rows()
        self.assertEqual(rows["mfcc"]["failure"], "")
        for label, (_, reason) in bad.items():
            self.assertIn(reason, rows[label]["failure"], label)
            self.assertIn("encoder 'hear'", rows[label]["failure"])


class Stream(StreamTest):
    PROGRAM = """
import json, sys
import numpy
print(json.dumps({"musicrep": 1, "sample_rate_hz": 8000}), flush=True)
for line in sys.stdin.buffer:
    vectors = []
    for item in json.loads(line)["encode"]:
        channels, samples = item["shape"]
        audio = numpy.frombuffer(sys.stdin.buffer.read(4 * channels * samples), "<f4")
        vectors.append(numpy.array([audio.mean(), audio.std(), numpy.abs(numpy.diff(audio)).mean()], "<f4"))
    answer = {"vectors": [vector.shape for vector in vectors], "bytes": 12 * len(vectors)}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\\n" + b"".join(vectors))
    sys.stdout.flush()
"""

    def test_a_command_speaks_the_protocol_without_a_helper(self):
        (self.dir / "mine.py").write_text(self.PROGRAM)
        self.write({"mine": f'kind = "command"\ncommand = "{PYTHON} mine.py"\nprotocol = "stream"\nsample_rate_hz = {RATE_HZ}'})
        self.run_e()
        row = self.rows()["mine"]
        self.assertEqual((row["failure"], row["n"], row["dim"]), ("", N, 3))
        self.run_e("--exec", f"other={PYTHON} mine.py", "--only", "other", expect=5, out="other")
        self.assertIn("takes 8000 Hz and 0 channels, found 44100 Hz", self.rows("other")["other"]["failure"])

    def test_marks_are_of_folders_alone(self):
        for protocol, command, reason in (("stream", "x {in}", "which protocol = \"stream\" does not know"),
                                          ("folder", "x", "has no {in}")):
            self.write({"mine": f'kind = "command"\ncommand = "{command}"\nprotocol = "{protocol}"'})
            self.assertIn(reason, self.run_e(expect=2).stderr)


if __name__ == "__main__":
    unittest.main()
