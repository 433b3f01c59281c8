"""Weights: every published format listed and checked, mistakes reported, an import that is read back."""
import os
import pathlib
import shutil
import unittest

import h5py
import numpy

from program import SOURCE, ProgramTest

FIXTURES = SOURCE / "tests" / "oracle" / "weights"


class WeightsOfFiles(ProgramTest):
    def validate(self, *arguments, expect=0):
        return self.run_program("validate", "weights", *arguments, expect=expect)

    def test_every_format_is_listed(self):
        keras = self.dir / "keras.h5"
        with h5py.File(keras, "w") as file:
            weights = file.create_group("model_weights")
            weights.attrs["layer_names"] = numpy.array([b"conv2d_1"])
            weights["conv2d_1/conv2d_1/kernel:0"] = numpy.zeros((3, 3, 1, 32), "<f4")
            weights["conv2d_1/conv2d_1/bias:0"] = numpy.zeros(32, ">f8")
        for path, name, rows in [
            (keras, "Keras HDF5", ["conv2d_1/bias [32] 32", "conv2d_1/kernel [3, 3, 1, 32] 288", "2 in all 320"]),
            (FIXTURES / "torch_zip.pth", "PyTorch state dict", ["conv.weight [2, 2, 3, 1] 12", "16 in all 91"]),
            (FIXTURES / "torch_legacy.pth", "PyTorch state dict", ["empty [0, 5] 0", "16 in all 91"]),
            (FIXTURES / "tf_good.ckpt", "TensorFlow V1 checkpoint", ["global_step [] 1", "29 in all 209"]),
        ]:
            out = self.validate(path).stdout
            self.assertIn(f"{path}: {name}\n", out)
            lines = [" ".join(line.split()) for line in out.splitlines()]
            for row in rows:
                self.assertIn(row, lines)
            self.assertIn("OK; all values are finite", out)

    def test_mistakes(self):
        good = FIXTURES / "torch_zip.pth"
        nan = self.dir / "nan.h5"
        with h5py.File(nan, "w") as file:
            file.attrs["layer_names"] = numpy.array([b"dense_1"])
            file["dense_1/dense_1_W"] = numpy.array([0, numpy.nan], "<f4")
        for name in ("loop", "large"):
            with h5py.File(self.dir / f"{name}.h5", "w") as file:
                file.attrs["layer_names"] = numpy.array([b"a"])
                if name == "loop":
                    file["a/b"] = file.create_group("a")
                else:
                    file.create_dataset("a/w", (1 << 20, 1 << 20), "<f4", compression="gzip")[0, 0] = 1
        short = self.dir / "short.h5"
        short.write_bytes(nan.read_bytes()[:1000])
        for arguments, expect, fragments in [
            (["validate", "weights", FIXTURES / "torch_model.pth"], 3, ["torch_model.pth", "nothing was executed"]),
            (["validate", "weights", self.dir / "no.h5"], 3, ["no.h5", "there is no file"]),
            (["validate", "weights", SOURCE / "README.md"], 3, ["README.md", "no weights that are known"]),
            (["validate", "weights", nan], 3, ["nan.h5", "'dense_1/dense_1_W': value 1 is nan"]),
            (["validate", "weights", self.dir / "loop.h5"], 3, ["loop.h5", "nested more than 16 deep"]),
            (["validate", "weights", self.dir / "large.h5"], 3, ["large.h5", "'/a/w'", "but the file holds"]),
            (["validate", "weights", short], 3, ["short.h5", "cut short"]),
            (["validate", "weights", good, "--as", "mfc"], 2, ["Did you mean 'mfcc'?"]),
            (["validate", "weights", good, "--as", "mfcc"], 2, ["'mfcc' takes no weights"]),
            (["validate", "wieghts", good], 2, ["Did you mean 'weights'?"]),
            (["import", "wieghts", good, "--as", "mfcc"], 2, ["Did you mean 'weights'?"]),
            (["import", "weights", good, "--as", "mfc"], 2, ["Did you mean 'mfcc'?"]),
            (["import", "weights", good, "--as", "mfcc"], 2, ["'mfcc' takes no published weights"]),
            (["import", "weights", good, good, "--as", "mfcc"], 2, ["takes one file, 2 are given"]),
            (["import", "weights", good], 2, ["--as ENCODER"]),
        ]:
            done = self.run_program(*arguments, expect=expect)
            for fragment in fragments:
                self.assertIn(fragment, done.stderr, arguments)
            self.assertEqual(done.stdout, "")
        self.assertFalse(list(self.dir.glob("mfcc*")))


class Import(ProgramTest):
    def setUp(self):
        super().setUp()
        if "tlm" not in self.run_program("ls", "encoders").stdout.split():
            self.skipTest("built without networks")

    def test_what_is_no_tlm_is_refused_and_writes_nothing(self):
        done = self.run_program("import", "weights", FIXTURES / "torch_zip.pth", "--as", "tlm", expect=3)
        self.assertIn("torch_zip.pth", done.stderr)
        self.assertFalse((self.dir / "tlm.h5").exists())

    def test_published_weights(self):
        path = pathlib.Path(os.environ.get("MUSICREP_DATA", "")) / "choi2017/keras2_model/model_best.hdf5"
        if not path.exists():
            self.skipTest(f"SKIPPED: {path}")
        out = self.run_program("import", "weights", path, "--as", "tlm").stdout
        self.assertIn("network   tlm", out)
        self.assertIn("written: tlm.h5", out)
        out = self.run_program("validate", "weights", "tlm.h5", "--as", "tlm").stdout
        self.assertIn("OK; all values are finite, 'tlm' accepts them", out)
        done = self.run_program("import", "weights", "tlm.h5", "--as", "tlm", "--out", "x.h5", expect=3)
        self.assertIn("is already a musicrep weights file", done.stderr)
        copy = self.dir / "model.hdf5"
        shutil.copy(path, copy)
        done = self.run_program("import", "weights", copy, "--as", "tlm", "--out", copy, expect=2)
        self.assertIn("is the published file itself", done.stderr)
        damaged = bytearray((self.dir / "tlm.h5").read_bytes())
        damaged[len(damaged) // 2] ^= 1
        (self.dir / "tlm.h5").write_bytes(damaged)
        self.assertIn("is damaged", self.run_program("validate", "weights", "tlm.h5", expect=3).stderr)


if __name__ == "__main__":
    unittest.main()
