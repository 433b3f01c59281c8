"""From an empty folder to a row beside table1's, with the installed program and what encoders/README.md says: each way."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import h5py

from program import SOURCE

BUILD = pathlib.Path(os.environ["MUSICREP_BUILD"])
WITH_TORCH = "MUSICREP_WITH_TORCH:BOOL=ON" in (BUILD / "CMakeCache.txt").read_text()


def blocks(text):
    """{section: {file name: content}} of the document's named blocks of code."""
    out = {}
    for section in re.split(r"^## ", text, flags=re.M):
        title = section.splitlines()[0].lstrip("# ")
        found = re.findall(r"^`([\w.]+)`(, `\[encoder.mine\]`)?\n\n```\w+\n(.*?)^```", section, flags=re.M | re.S)
        out[title] = {("[encoder.mine]" if table else name): content for name, table, content in found}
    return out


class Ways(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.prefix = pathlib.Path(tempfile.mkdtemp(prefix="musicrep_installed_"))
        cls.addClassCleanup(shutil.rmtree, cls.prefix, ignore_errors=True)
        subprocess.run(["cmake", "--install", BUILD, "--prefix", cls.prefix], check=True, capture_output=True)
        cls.document = blocks((cls.prefix / "share/doc/musicrep/encoders/README.md").read_text())
        cls.cache = cls.prefix / "cache"  # the corpus is rendered once

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="musicrep_ways_"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)

    def run_in(self, *arguments, expect=0):
        env = {k: v for k, v in os.environ.items() if not k.startswith("MUSICREP")}
        env.update(PATH=f"{self.prefix}/bin:/usr/bin:/bin", CMAKE_PREFIX_PATH=str(self.prefix), PYTHONPATH=str(self.dir),
                   MUSICREP_CACHE=str(self.cache))
        done = subprocess.run([*map(str, arguments)], cwd=self.dir, env=env, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, expect, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done

    def begin(self, section):
        """The folder with the section's files, the corpus made small."""
        files = dict(self.document[section])
        experiment = self.document["Your encoder in the table"]["mine.toml"]
        experiment = experiment.replace("# one of the ways below\n", files.pop("[encoder.mine]"))
        self.assertIn("n_clips = 1000\nn_artists = 250\n", experiment)
        small = "n_clips = 80\nn_artists = 40\nclip_s = 2.0\n"
        (self.dir / "mine.toml").write_text(experiment.replace("n_clips = 1000\nn_artists = 250\n", small))
        for name, content in files.items():
            (self.dir / name).write_text(content)

    def check_row(self, n=80):
        with h5py.File(self.dir / "results/runs/mine/results.h5") as file:
            rows = {row.attrs["encoder"]: row for row in file["rows"].values()}
            self.assertEqual(set(rows), {"mfcc", "mine"})
            self.assertEqual(rows["mine"].attrs["failure"], "")
            self.assertEqual(rows["mine"].attrs["n"], n)
            self.assertGreater(rows["mine"].attrs["dim"], 1)
            self.assertNotEqual(rows["mine"].attrs["embeddings_sha256"], rows["mfcc"].attrs["embeddings_sha256"])
        report = (self.dir / "results/runs/mine/report.md").read_text()
        self.assertIn("mine", report)
        self.assertNotIn("broken contract", report)

    def test_features(self):
        self.begin("Vectors in a file")
        (self.dir / "embed.py").write_text("""
import soundfile
def embed(file):
    samples, rate = soundfile.read(file, dtype="float64")
    return [abs(samples).mean(), samples.std(), abs(samples[1:] - samples[:-1]).mean()]
""")
        self.run_in("bash", "-e", "features.sh")
        self.check_row()

    def test_python_function(self):
        self.begin("A Python function")
        self.run_in("musicrep", "run", "mine.toml")
        self.check_row()
        self.assertIn("encode mine on genres: stored", self.run_in("musicrep", "run", "mine.toml").stderr)
        # What a script may begin with instead.
        with open(self.dir / "mine.py", "a") as file:
            file.write("import musicrep\nassert musicrep.device == 'cpu'\nmusicrep.serve(Bands, sample_rate_hz=16000)\n")
        (self.dir / "mine.toml").write_text((self.dir / "mine.toml").read_text().replace('function = "Bands"\n', ""))
        self.run_in("musicrep", "run", "mine.toml")
        self.check_row()

    @unittest.skipUnless(WITH_TORCH, "built without Torch")
    def test_hear_module(self):
        self.begin("A HEAR module")
        for kind in ("scene", "timestamp"):
            self.run_in("musicrep", "run", "mine.toml")
            self.check_row()
            (self.dir / "mine.toml").write_text((self.dir / "mine.toml").read_text().replace("scene", "timestamp"))

    def test_stream_protocol(self):
        self.begin("The stream protocol")
        self.run_in("musicrep", "run", "mine.toml")
        self.check_row()

    def test_command(self):
        self.begin("A command")
        self.run_in("musicrep", "run", "mine.toml")
        self.check_row()
        self.assertIn("encode mine on genres: stored", self.run_in("musicrep", "run", "mine.toml").stderr)
        with open(self.dir / "mine.py", "a") as file:
            file.write("# another\n")
        self.assertNotIn("encode mine on genres: stored", self.run_in("musicrep", "run", "mine.toml").stderr)
        self.run_in("musicrep", "run", "mine.toml", "--exec", "other=python3 mine.py {in} {out}", "--only", "other")
        with h5py.File(self.dir / "results/runs/mine/results.h5") as file:
            self.assertEqual([row.attrs["encoder"] for row in file["rows"].values()], ["other"])
            self.assertIn("python3 mine.py", file["rows/000/notes"].asstr()[0])
        self.run_in("musicrep", "run", "mine.toml", "--exec", "mine=x {in} {out}", expect=2)
        clip = next((self.cache).glob("*/*/*.flac"))
        self.run_in("musicrep", "encode", "command", clip, "--out", "x.npy", "--set",
                    "command=python3 mine.py {in} {out}")

    @unittest.skipUnless(WITH_TORCH, "built without Torch")
    def test_pytorch_model(self):
        self.begin("A PyTorch model")
        self.run_in("/usr/bin/python3", "export.py")
        self.run_in("musicrep", "run", "mine.toml")
        self.check_row()

    def test_shared_object(self):
        self.begin("A shared object")
        self.run_in("bash", "-e", "plugin.sh")
        self.check_row()
        (self.dir / "mine.toml").write_text('plugins = ["build/mine.so"]\n' + (self.dir / "mine.toml").read_text())
        self.assertIn("encode mine on genres: stored", self.run_in("musicrep", "run", "mine.toml").stderr)

    def test_what_new_encoder_writes_builds_as_a_shared_object(self):
        self.begin("A shared object")
        self.run_in("musicrep", "new", "encoder", "mine")
        self.run_in("cmake", "-S", "mine", "-B", "build", "-DCMAKE_BUILD_TYPE=Release")
        self.run_in("cmake", "--build", "build")
        self.run_in("musicrep", "validate", "encoder", "mine", "--plugin", "build/mine.so")
        self.run_in("musicrep", "run", "mine.toml", "--plugin", "build/mine.so")
        self.check_row()

    def test_installed_experiments(self):
        self.assertIn("table1", self.run_in("musicrep", "ls", "experiments").stdout)
        self.assertIn(str(self.prefix), self.run_in("musicrep", "describe", "table1").stdout)
        self.run_in("musicrep", "run", "generated", "--out", "generated")
        experiments = self.prefix / "share/musicrep/experiments"
        for name in ("generated/items.csv", "cluster/Snakefile", "cluster/README.md", "cluster/slurm/config.yaml",
                     "README.md"):
            self.assertTrue((experiments / name).is_file(), name)


if __name__ == "__main__":
    unittest.main()
