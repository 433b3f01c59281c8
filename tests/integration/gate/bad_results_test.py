"""Results that nobody should trust, or that are too small to say anything: each has its sentence and its exit code."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import h5py

MUSICREP = os.environ["MUSICREP"]
EDIT = os.environ["MUSICREP_EDIT_RESULTS"]
REFERENCES = pathlib.Path(os.environ["MUSICREP_SOURCE"]) / "results/reference"


class BadResults(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)

    def program(self, *arguments, expect):
        done = subprocess.run([MUSICREP, *map(str, arguments)], cwd=self.dir, capture_output=True, text=True)
        text = " ".join((done.stdout + done.stderr).split())
        self.assertEqual(done.returncode, expect, text)
        return text

    def check(self, run, reference, *, expect):
        return self.program("check", run, "--against", reference, expect=expect)

    def edited(self, edit, reference="table1", name=None):
        out = self.dir / (name or edit) / "results.h5"
        out.parent.mkdir()
        subprocess.run([EDIT, edit, REFERENCES / reference / "results.h5", out], check=True)
        return out

    def copied(self, reference="musicnn-gtzan"):
        """A results.h5 without the seal at its end, as another program would write it."""
        out = self.dir / "copy.h5"
        data = (REFERENCES / reference / "results.h5").read_bytes()
        self.assertIn(b"\nmusicrep-sha256:", data[-100:])
        out.write_bytes(data[:data.rindex(b"\nmusicrep-sha256:")])
        return out

    def test_edited_bytes(self):
        path = self.dir / "bytes.h5"
        data = bytearray((REFERENCES / "musicnn-gtzan/results.h5").read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        self.assertIn("bytes.h5' is damaged: its bytes have changed since it was written",
                      self.check(path, REFERENCES / "musicnn-gtzan", expect=3))
        self.assertIn("is damaged: its bytes have changed since it was written",
                      self.check(REFERENCES / "musicnn-gtzan", path, expect=3))

    def test_edited_by_hand(self):
        path = self.copied()
        with h5py.File(path, "r+") as file:
            next(iter(file["rows"].values())).attrs["score"] = 0.99
        self.assertIn("copy.h5' is damaged or was changed: its content has digest",
                      self.check(path, REFERENCES / "musicnn-gtzan", expect=3))

    def test_edited_by_a_program_that_writes_a_good_digest(self):
        text = self.check(self.edited("half_intervals"), REFERENCES / "table1", expect=1)
        self.assertIn("caught in consistency: the run is inconsistent: row", text)
        text = self.check(REFERENCES / "table1", self.dir / "half_intervals", expect=5)
        self.assertIn("caught in consistency: the reference is inconsistent: row", text)

    def test_older_schemas(self):
        path = self.copied()
        with h5py.File(path, "r+") as file:
            del file["provenance"].attrs["statistics_version"]
            file.attrs["schema_version"] = 3
        old = ("its statistics follow version 1 of the rules, and this program's follow version", "musicrep restate")
        for arguments, who in (((path, REFERENCES / "musicnn-gtzan"), "the run: "),
                               ((REFERENCES / "musicnn-gtzan", path), "the reference: ")):
            text = self.check(*arguments, expect=5)
            self.assertIn(who + old[0], text)
            self.assertIn(old[1], text)
        self.program("restate", path, "--out", "restated", expect=0)
        self.check("restated", REFERENCES / "musicnn-gtzan", expect=0)
        with h5py.File(path, "r+") as file:
            file.attrs["schema_version"] = 2
        self.assertIn("has schema version 2; this program reads versions 3 to 4. Run its experiment again.",
                      self.check(path, REFERENCES / "musicnn-gtzan", expect=3))

    def test_one_training(self):
        run = self.edited("one_training")
        self.check(run, run, expect=0)
        self.assertIn("scored with one training, the reference with 3 trainings",
                      self.check(run, REFERENCES / "table1", expect=5))
        self.assertIn("scored with 3 trainings, the reference with one training",
                      self.check(REFERENCES / "table1", run, expect=5))

    def test_one_item(self):
        run = self.edited("one_item")
        self.check(run, run, expect=0)
        self.assertIn("other items, or in another order (1, the reference has",
                      self.check(run, REFERENCES / "table1", expect=5))
        self.program("report", run, "--out", "one.md", expect=0)
        self.assertIn("not known: of a single item nothing tells how others would score",
                      (self.dir / "one.md").read_text())

    def test_one_artist(self):
        run = self.edited("one_artist")
        self.check(run, run, expect=0)
        self.program("report", run, "--out", "one.md", expect=0)
        report = (self.dir / "one.md").read_text()
        self.assertIn("not known: all items are of one artist, so that nothing tells how others would score", report)
        self.assertNotRegex(report, r"\bnan\b")

    def test_a_reference_without_tolerances(self):
        reference = self.dir / "reference"
        shutil.copytree(REFERENCES / "musicnn-gtzan", reference)
        without = "no tolerances.toml next to the reference: tolerances were derived from it"
        self.assertNotIn(without, self.check(REFERENCES / "musicnn-gtzan", reference, expect=0))
        (reference / "tolerances.toml").unlink()
        self.assertIn(without, self.check(REFERENCES / "musicnn-gtzan", reference, expect=0))

    def test_runs_without_a_common_item(self):
        run = self.edited("other_items", "musicnn-gtzan")
        self.assertIn("no item in common (", self.check(run, REFERENCES / "musicnn-gtzan", expect=5))
        text = self.program("compare", run, REFERENCES / "musicnn-gtzan", expect=5)
        self.assertIn("Not one row of the two can be compared.", text)
        self.assertIn("no item in common", text)


if __name__ == "__main__":
    unittest.main()
