"""What a run leaves for whoever looks for a fault: its log, and the bundle of all that."""
import re
import subprocess
import tarfile
import unittest

from program import MUSICREP, ProgramTest

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t(error|warning|info|debug)\t[^\t]+\t[^\t]+\t[^\t]+$")


class Log(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_data()
        self.write_experiment()

    def log(self, name="out/run.log"):
        lines = (self.dir / name).read_text().splitlines()
        for line in lines:
            self.assertRegex(line, LINE)
        return [line.split("\t")[1:] for line in lines]

    def test_steps_are_in_the_log_of_the_run(self):
        self.run_program("run", "e.toml", "--out", "out", "-q")
        first = self.log()
        self.assertIn("musicrep run e.toml --out out -q", first[0][3])
        self.assertIn(["info", "encode x on d", "-", "begins"], first)
        self.assertIn(["info", "encode x on d", "-", "60 items, 4 dimensions"], first)
        self.run_program("run", "e.toml", "--out", "out")
        again = self.log()
        self.assertEqual(again[: len(first)], first)  # a resumed run goes on in the same file
        self.assertIn(["info", "encode x on d", "-", "stored"], again[len(first):])

    def test_levels(self):
        self.run_program("run", "e.toml", "--out", "off", "--log-level", "off")
        self.assertFalse((self.dir / "off/run.log").exists())
        self.run_program("run", "e.toml", "--out", "debug", "--log-level", "debug", "--log", "here.log",
                         "--overwrite-strategy", "always")
        self.assertFalse((self.dir / "debug/run.log").exists())
        self.assertIn("debug", {level for level, *_ in self.log("here.log")})
        self.run_program("run", "e.toml", "--out", "error", "--log-level", "error")
        self.assertEqual(self.log("error/run.log"), [])
        done = self.run_program("run", "e.toml", "--log-level", "loud", expect=2)
        self.assertIn("warning", done.stderr)
        self.assertIn("no/such", self.run_program("run", "e.toml", "--log", "items.csv/no/such", expect=3).stderr)

    def test_faults_are_in_the_log(self):
        (self.dir / "cache").mkdir()
        self.run_program("run", "e.toml", "--out", "out", "-q")
        for path in (self.dir / "cache/embeddings").glob("*.h5"):
            path.write_bytes(path.read_bytes()[:-50])
        self.run_program("run", "e.toml", "--out", "out", "-q")
        warnings = [event for event in self.log() if event[0] == "warning"]
        self.assertEqual(len(warnings), 1, warnings)
        self.assertIn("/embeddings/", warnings[0][2])
        self.assertIn("damaged", warnings[0][3])

    def test_bundle(self):
        self.run_program("run", "e.toml", "--out", "results/mine", "-q")
        done = self.run_program("bundle", "results/mine")
        self.assertIn("mine-bundle.tar.gz", done.stdout)
        with tarfile.open(self.dir / "mine-bundle.tar.gz") as tar:
            texts = {name.split("/", 1)[1]: tar.extractfile(name).read().decode() for name in tar.getnames()
                     if "/" in name}
        self.assertEqual(set(texts), {"system.txt", "store.txt", "run.log", "experiment.toml", "report.md"})
        self.assertEqual(texts["experiment.toml"], (self.dir / "e.toml").read_text())
        self.assertIn("code_commit: ", texts["system.txt"])
        self.assertIn("hdf5: ", texts["system.txt"])
        self.assertIn("embeddings\t", texts["store.txt"])
        self.assertIn("encode x on d", texts["run.log"])
        # Nothing of the data itself.
        self.assertNotIn("t17", "".join(texts.values()))
        self.assertEqual(list(self.dir.rglob("*.tmp")), [])

    def test_bundle_of_a_run_that_failed(self):
        (self.dir / "x.npy").write_bytes(b"no array")
        self.run_program("run", "e.toml", "--out", "out", "-q", expect=3)
        self.assertIn("neither run.log nor results.h5", self.run_program("bundle", "out", expect=3).stderr)
        (self.dir / "out").mkdir(exist_ok=True)
        (self.dir / "out/run.log").write_text("2026\n")
        (self.dir / "out/results.h5").write_text("damaged")
        self.run_program("bundle", "out", "--out", "b.tar.gz")
        with tarfile.open(self.dir / "b.tar.gz") as tar:
            self.assertIn("results.h5", tar.extractfile("out-bundle/results.txt").read().decode())
        self.assertIn("one run", self.run_program("bundle", expect=2).stderr)
        done = subprocess.run([MUSICREP, "bundle", "out"], cwd=self.dir, capture_output=True, text=True,
                              env={"PATH": "", "HOME": str(self.dir)})
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("tar", done.stderr)
        self.assertFalse((self.dir / "out-bundle.tar.gz").exists())


if __name__ == "__main__":
    unittest.main()
