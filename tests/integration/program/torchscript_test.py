"""TorchScript models: what they are given, what is read from their file, and what is refused with its own row alone."""
import json
import unittest
import zipfile

import h5py
import numpy
import torch

from foreign_test import ForeignTest


class Mean(torch.nn.Module):
    def forward(self, x):
        return torch.stack([x.mean(), x.abs().mean(), x.std(), torch.tensor(float(x.dim()))])


class Shapes(torch.nn.Module):
    def forward(self, x):
        return torch.tensor([float(s) for s in x.shape]).double()


class Cube(torch.nn.Module):
    def forward(self, x):
        return x[None, None]


class Pair(torch.nn.Module):
    def forward(self, x):
        return x, x


class Named(torch.nn.Module):
    def forward(self, x):
        return {"embedding": x[:, 0, :6].unflatten(1, [2, 3]), "logits": x[:, 0, :5]}


class OnlyTensor(torch.nn.Module):
    def forward(self, x):
        return x[0, :3], "a note"


class Half(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(8, 4)

    def forward(self, x):
        return self.layer(x[:, :8])


class Nan(torch.nn.Module):
    def forward(self, x):
        return x[0, :4] / 0 * 0


class Loop(torch.nn.Module):
    def forward(self, x):
        while bool(x.sum() < 1e9):
            x = x * 0
        return x[0]


class Bad(torch.nn.Module):
    def forward(self, x):
        return x @ torch.zeros(3, 3)


def save(path, model, **about):
    extra = {"musicrep.json": json.dumps(about)} if about else {}
    torch.jit.save(torch.jit.script(model.eval()), str(path), _extra_files=extra)


def with_entry(path, ending, content, out):
    """The archive with one entry's content another."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for item in old.infolist():
            data = old.read(item)
            new.writestr(item.filename, content if item.filename.endswith(ending) else data)


AUDIO = {"input": "audio", "sample_rate_hz": 8000}


class Torchscript(ForeignTest):
    def test_batches_of_one_parts_and_half_precision(self):
        import scipy.io.wavfile
        samples = (scipy.io.wavfile.read(self.dir / "clips/c0.wav")[1] / 32768).astype("f4")
        batch = {"input": "audio_batch", "sample_rate_hz": 8000}
        save(self.dir / "named.pt", Named(), **batch, output="embedding")
        save(self.dir / "tuple.pt", OnlyTensor(), **AUDIO)
        torch.manual_seed(1)
        half = Half().half()
        save(self.dir / "half.pt", half, **AUDIO)
        expected = torch.nn.functional.linear(torch.from_numpy(samples[:8]), *(p.float() for p in half.parameters()))
        for settings, vector in ((["model=named.pt"], samples[:6].reshape(2, 3).mean(0)),
                                 (["model=named.pt", "output=logits"], samples[:5]),
                                 (["model=tuple.pt"], samples[:3]),
                                 (["model=half.pt"], expected.detach().numpy())):
            arguments = [a for setting in settings for a in ("--set", setting)]
            self.run_program("encode", "torchscript", "clips/c0.wav", "--out", "x.npy", *arguments)
            numpy.testing.assert_allclose(numpy.load(self.dir / "x.npy")[0], vector, rtol=1e-6)
        for settings, reason in ((["model=named.pt", "output=x"], "the parts embedding, logits of which 0 are tensors called 'x'"),
                                 (["model=named.pt", "output=0"], "called '0'")):
            arguments = [a for setting in settings for a in ("--set", setting)]
            done = self.run_program("encode", "torchscript", "clips/c0.wav", "--out", "y.npy", *arguments, expect=3)
            self.assertIn(reason, done.stderr)

    def test_inputs(self):
        save(self.dir / "audio.pt", Shapes(), **AUDIO, channels=2, hop_s=0.5, torch=torch.__version__)
        save(self.dir / "plain.pt", Shapes())
        self.write({
            "audio": 'kind = "torchscript"\nmodel = "audio.pt"',
            "mono": 'kind = "torchscript"\nmodel = "audio.pt"\nchannels = 1\nsample_rate_hz = 16000',
            "mel": 'kind = "torchscript"\nmodel = "plain.pt"\ninput = "log_mel"\npreset = "vggish"',
            "stereo_mel": 'kind = "torchscript"\nmodel = "plain.pt"\ninput = "log_mel"\npreset = "mtlmr"',
        })
        self.run_e("out")
        rows = self.rows("out")
        vectors = {}
        for label, n in (("audio", 2), ("mono", 2), ("mel", 3), ("stereo_mel", 3)):
            self.assertEqual((rows[label]["failure"], rows[label]["dim"]), ("", n))
        for name, settings, expected in [
            ("audio", ["model=audio.pt"], (2, 4000)),
            ("mono", ["model=audio.pt", "channels=1", "sample_rate_hz=16000"], (1, 8000)),
            ("mel", ["model=plain.pt", "input=log_mel", "preset=vggish"], (1, 48, 64)),
            ("stereo_mel", ["model=plain.pt", "input=log_mel", "preset=mtlmr"], (2, 1 + 11025 // 256, 128)),
        ]:
            arguments = [a for setting in settings for a in ("--set", setting)]
            self.run_program("encode", "torchscript", "clips/c0.wav", "--out", f"{name}.npy", *arguments)
            vectors[name] = tuple(int(v) for v in numpy.load(self.dir / f"{name}.npy")[0])
            self.assertEqual(vectors[name], expected, name)

    def test_values_are_torchs_whatever_the_jobs(self):
        save(self.dir / "m.pt", Mean(), **AUDIO)
        self.write({"m": 'kind = "torchscript"\nmodel = "m.pt"'})
        self.run_e("one", "--jobs", 1)
        self.run_e("three", "--jobs", 3, "--overwrite-strategy", "always")
        self.assertEqual(self.digest("one"), self.digest("three"))
        self.run_program("encode", "torchscript", "clips", "--set", "model=m.pt", "--out", "x.h5")
        import scipy.io.wavfile
        with h5py.File(self.dir / "x.h5") as file:
            for vector, name in zip(file["X"][:], file["IDS"].asstr()[:]):
                _, samples = scipy.io.wavfile.read(self.dir / f"clips/{name}.wav")
                x = torch.from_numpy(samples[None].astype("f4") / 32768)
                numpy.testing.assert_allclose(vector, Mean()(x).numpy(), rtol=1e-5, atol=1e-7)

    def test_what_a_model_does_wrong_costs_its_own_row(self):
        for name, model in (("cube", Cube()), ("pair", Pair()), ("nan", Nan()), ("loop", Loop()), ("bad", Bad())):
            save(self.dir / f"{name}.pt", model, **AUDIO)
        save(self.dir / "good.pt", Mean(), **AUDIO, torch="9.1")
        with_entry(self.dir / "good.pt", "/version", "99\n", self.dir / "newer.pt")
        code = "class Mean(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n" \
               "  def forward(self, x: Tensor) -> Tensor:\n    return torch.an_operator_of_tomorrow(x)\n"
        with_entry(self.dir / "good.pt", "__torch__.py", code, self.dir / "tomorrow.pt")
        torch.save(Mean().state_dict(), self.dir / "weights.pt")
        (self.dir / "text.pt").write_text("no archive")
        whole = (self.dir / "good.pt").read_bytes()
        (self.dir / "cut.pt").write_bytes(whole[:-100])
        save(self.dir / "typo.pt", Mean(), input="audio", sample_rate_herz=8000)
        expected = {
            "cube": "returned one of shape [1, 1, 1, ",
            "pair": "returned Tuple with the parts 0, 1 of which 2 are tensors, expected one: option `output` names it",
            "nan": "a value that is not finite",
            "loop": "did not return within 2 s",
            "bad": "failed: RuntimeError: mat1 and mat2 shapes cannot be multiplied",
            "newer": "written by Torch 9.1, in format 99; this program has Torch "
                     + ".".join(torch.__version__.split(".")[:2]) + ".",
            "tomorrow": "an_operator_of_tomorrow",
            "weights": "torch.jit.save(torch.jit.script(model), path), not torch.save",
            "text": "text.pt",
            "cut": "cut.pt",
            "typo": "Did you mean 'sample_rate_hz'?",
        }
        self.write({**{name: f'kind = "torchscript"\nmodel = "{name}.pt"\ntime_limit_s = {2 if name == "loop" else 60}'
                       for name in expected},
                    "mfcc": 'kind = "mfcc"', "good": 'kind = "torchscript"\nmodel = "good.pt"'})
        self.run_e("out", expect=5)
        rows = self.rows("out")
        for name, reason in expected.items():
            self.assertIn(reason, rows[name]["failure"], name)
            self.assertNotIn("frame #", rows[name]["failure"])
        self.assertEqual((rows["mfcc"]["failure"], rows["good"]["failure"]), ("", ""))

    def test_options_that_cannot_be(self):
        save(self.dir / "m.pt", Mean())
        for text, fragment in [
            ('model = "nothere.pt"', "nothere.pt"),
            ('model = "m.pt"', "input is given neither here nor in the file"),
            ('model = "m.pt"\ninput = "audoi"', "Did you mean 'audio'?"),
            ('model = "m.pt"\ninput = "audio"', "sample_rate_hz: found 0"),
            ('model = "m.pt"\ninput = "log_mel"\npreset = "vgish"', "Did you mean 'vggish'?"),
            ('model = "m.pt"\ninput = "audio"\nsample_rate_hz = 8000\nchannels = 3', "channels: found 3"),
        ]:
            self.write({"m": f'kind = "torchscript"\n{text}'})
            self.assertIn(fragment, self.run_e("out", expect=2).stderr)
        self.assertFalse((self.dir / "out").exists())


if __name__ == "__main__":
    unittest.main()
