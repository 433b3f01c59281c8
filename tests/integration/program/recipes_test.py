"""encoders/recipes against stubs of their packages: the same interface, rate and shapes, without weights."""
import pathlib
import subprocess
import unittest

import numpy
import scipy.io.wavfile

from program import SOURCE, TWO_FOLDS, ProgramTest

PYTHON = "/usr/bin/python3"
RECIPES = SOURCE / "encoders/recipes"
# What each package has that its recipe uses; every stub refuses another rate or shape than its package takes.
STUBS = {
    "transformers.py": """
import torch
class BatchFeature(dict):
    def to(self, device):
        return BatchFeature({key: value.to(device) for key, value in self.items()})
class Wav2Vec2FeatureExtractor:
    def __init__(self, rate): self.rate = rate
    @classmethod
    def from_pretrained(cls, folder, local_files_only):
        assert local_files_only
        return cls(int(open(folder).read()))
    def __call__(self, audio, sampling_rate, return_tensors):
        assert sampling_rate == self.rate and return_tensors == "pt" and audio.ndim == 1
        return BatchFeature(input_values=torch.from_numpy(audio)[None])
class Output:
    pass
class Model(torch.nn.Module):
    @classmethod
    def from_pretrained(cls, folder, trust_remote_code=False, local_files_only=False):
        assert local_files_only
        return cls()
    def forward(self, input_values, output_hidden_states):
        assert output_hidden_states and not self.training and not torch.is_grad_enabled()
        frames = input_values.unfold(1, 400, 320)
        out = Output()
        out.hidden_states = tuple(frames[..., :8].abs() + layer for layer in range(13))
        return out
class AutoModel(Model): pass
class Wav2Vec2Model(Model): pass
""",
    "muq.py": """
import torch
class Output: pass
class MuQ(torch.nn.Module):
    @classmethod
    def from_pretrained(cls, folder): return cls()
    def forward(self, audio, output_hidden_states):
        assert audio.ndim == 2 and output_hidden_states and not self.training
        out = Output()
        out.hidden_states = [audio.unfold(1, 960, 960)[..., :6].abs() * layer for layer in range(1, 14)]
        return out
""",
    "laion_clap.py": """
import numpy
class CLAP_Module:
    def __init__(self, enable_fusion, amodel, device):
        assert (enable_fusion, amodel, device) == (False, "HTSAT-base", "cpu")
    def load_ckpt(self, path): assert path.endswith("weights")
    def get_audio_embedding_from_data(self, x, use_tensor):
        assert x.ndim == 2 and use_tensor is False
        return numpy.stack([x[:, :512].mean(1), x.std(1)], 1).repeat(256, 1)
""",
    "hear21passt/__init__.py": "",
    "hear21passt/base.py": """
import torch
class Wrapper(torch.nn.Module):
    def get_scene_embeddings(self, audio):
        assert audio.ndim == 2 and audio.shape[1] <= 320000
        return torch.fft.rfft(audio, 1534).abs()
def get_basic_model(mode):
    assert mode == "embed_only"
    return Wrapper()
""",
    "openl3/__init__.py": """
import numpy
from . import models
def get_audio_embedding(audio, sr, model, hop_size, verbose):
    assert audio.ndim == 1 and sr == 48000 and model == "model"
    n = max(1, int(len(audio) / sr / hop_size))
    frames = numpy.stack([numpy.full(512, abs(part).mean(), "f4") for part in numpy.array_split(audio, n)])
    return frames + numpy.arange(512, dtype="f4"), numpy.arange(n) * hop_size
""",
    "openl3/models.py": """
def load_audio_embedding_model(input_repr, content_type, embedding_size):
    assert (input_repr, content_type, embedding_size) == ("mel256", "music", 512)
    return "model"
""",
    "librosa/__init__.py": """
import numpy
from . import feature
def stft(y, n_fft, hop_length):
    frames = numpy.pad(y, n_fft // 2)
    n = 1 + len(y) // hop_length
    return numpy.stack([numpy.fft.rfft(frames[k * hop_length:k * hop_length + n_fft]) for k in range(n)], 1)
""",
    "librosa/feature.py": """
import numpy
def _some(n, frames): return numpy.abs(numpy.random.RandomState(n).randn(n, 1)) + frames
def mfcc(y, sr, n_mfcc, hop_length):
    assert sr == 22050
    return _some(n_mfcc, numpy.array([abs(y[k:k + hop_length]).mean() for k in range(0, len(y) + 1, hop_length)]))
def chroma_stft(S, sr, tuning): return _some(12, S.sum(0))
def spectral_contrast(S, sr): return _some(7, S.max(0))
""",
    "essentia/__init__.py": "",
    "essentia/standard.py": """
import numpy
class TensorflowPredictMusiCNN:
    def __init__(self, graphFilename, output):
        assert graphFilename.endswith("weights") and output == "model/dense/BiasAdd"
    def __call__(self, audio):
        assert audio.dtype == numpy.float32 and audio.ndim == 1
        n = max(1, len(audio) // 8000)
        return numpy.stack([numpy.resize(part, 200) for part in numpy.array_split(audio, n)])
""",
}
# Options besides the script, and the dimension of a row's vectors.
RECIPE = {
    "mert_layers": ("24000", "", 8),
    "wav2vec2_layers": ("16000", "", 8),
    "muq_layers": ("", "", 6),
    "clap_music": ("", "", 512),
    "passt_scene": ("", "window_s = 10", 768),
    "openl3_music": (None, "", 512),
    "librosa_features": (None, "", 39),
    "essentia_musicnn": ("", "", 200),
}
NEED_TORCH = {"mert_layers", "wav2vec2_layers", "muq_layers", "passt_scene"}
HAS_TORCH = subprocess.run([PYTHON, "-c", "import torch"], capture_output=True).returncode == 0


class Recipes(ProgramTest):
    def test_all_are_tested_and_short(self):
        scripts = {path.stem: path.read_text() for path in RECIPES.glob("*.py")}
        self.assertEqual(set(scripts), set(RECIPE))
        table = (RECIPES / "README.md").read_text()
        for name, text in scripts.items():
            self.assertLessEqual(len(text.splitlines()), 40)
            self.assertIn(f"[{name}.py]({name}.py)", table)

    def test_each_makes_a_row(self):
        stubs = self.dir / "stubs"
        for name, text in STUBS.items():
            (stubs / name).parent.mkdir(parents=True, exist_ok=True)
            (stubs / name).write_text(text)
        (self.dir / "clips").mkdir()
        random = numpy.random.RandomState(1)
        lines = ["id,label"]
        for i in range(16):
            tone = 3000 * numpy.sin(numpy.arange(33075) * (0.02 + 0.1 * (i % 2)))
            scipy.io.wavfile.write(self.dir / f"clips/c{i}.wav", 22050, (tone + 500 * random.randn(33075)).astype("i2"))
            lines.append(f"c{i},{'ab'[i % 2]}")
        (self.dir / "items.csv").write_text("\n".join(lines) + "\n")
        (self.dir / "two.toml").write_text(TWO_FOLDS.replace('kind = "none"', 'kind = "folds"\nn = 2'))
        tables, labels = "", []
        for name, (weights, more, _) in RECIPE.items():
            if name in NEED_TORCH and not HAS_TORCH:
                continue
            labels.append(name)
            folder = self.dir / name
            folder.mkdir()
            (folder / "weights").write_text(weights or "")
            (folder / f"{name}.py").write_text((RECIPES / f"{name}.py").read_text())
            arguments = "" if weights is None else f'arguments = ["{folder}/weights"]\n'
            tables += (f'[encoder.{name}]\nkind = "python"\nscript = "{name}/{name}.py"\npython = "{PYTHON}"\n'
                       f'{arguments}files = ["{name}/weights"]\n{more}\n')
        (self.dir / "e.toml").write_text(f"""
name = "e"
[dataset.d]
kind = "table"
csv = "items.csv"
audio = "clips"
labels = ["label"]
[task.t]
dataset = "d"
targets = ["label"]
{tables}
[[evaluate]]
tasks = ["t"]
encoders = {labels}
protocols = ["two.toml"]
""")
        self.run_program("run", "e.toml", "--out", "out", "--log", "log", env={"PYTHONPATH": str(stubs)})
        import h5py
        with h5py.File(self.dir / "out/results.h5") as file:
            rows = {row.attrs["encoder"]: (row.attrs["failure"], row.attrs["dim"], list(row["notes"].asstr()))
                    for row in file["rows"].values()}
        for name in labels:
            failure, dim, notes = rows[name]
            self.assertEqual((failure, dim), ("", RECIPE[name][2]), name)
            self.assertNotIn("broken contract", " ".join(notes), name)


if __name__ == "__main__":
    unittest.main()
