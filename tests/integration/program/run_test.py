"""Runs from experiment to report: scores, the same bits again, the store, the other commands."""
import csv
import unittest

import h5py
import numpy
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.svm import SVC

from program import SOURCE, ProgramTest


class Run(ProgramTest):
    def test_score_is_scikit_learns(self):
        x, y = self.make_data()
        self.run_program("run", self.write_experiment(protocols=["choi2017"]), "--out", "out", "-q")
        search = GridSearchCV(SVC(), [
            {"kernel": ["rbf"], "C": [0.1, 2, 8, 32], "gamma": [2.0**-k for k in (3, 5, 7, 9, 11, 13)] + ["auto"]},
            {"kernel": ["linear"], "C": [0.1, 2, 8, 32]}], cv=StratifiedKFold(10)).fit(x, y)
        with h5py.File(self.dir / "out/results.h5") as file:
            row = file["rows/000"]
            # Folds of 60 items differ by none in size, so weighting by size changes nothing.
            self.assertAlmostEqual(row.attrs["score"], search.best_score_, places=9)
            truth = row["targets/000/truth"][:]
            predicted = row["targets/000/predicted"][:]
            self.assertAlmostEqual(float((truth == predicted).mean()), row.attrs["score"], places=9)
            self.assertEqual(row["item_ids"].asstr()[0], "t0")

    def test_same_bits_again(self):
        self.make_data()
        e = self.write_experiment(protocols=["nested", "choi2017", "hear-10fold"])
        self.run_program("run", e, "--out", "one", "--jobs", 1)
        self.run_program("run", e, "--out", "two", "--jobs", 2, "--overwrite-strategy", "always")
        self.run_program("run", e, "--out", "stored")
        self.assertEqual(self.digest("one"), self.digest("two"))
        self.assertEqual(self.digest("one"), self.digest("stored"))
        self.assertEqual((self.dir / "one/table.csv").read_bytes(), (self.dir / "two/table.csv").read_bytes())
        self.run_program("run", e, "--out", "seeded", "--seed", 2)
        self.assertNotEqual(self.digest("one"), self.digest("seeded"))

    def test_solvers_agree(self):
        self.make_data()
        e = self.write_experiment(protocols=["nested", "choi2017"])
        self.run_program("run", e, "--out", "own")
        done = self.run_program("run", e, "--out", "libsvm", "--solver", "libsvm")
        self.assertNotIn("optimization finished", done.stdout + done.stderr)
        for i in ("000", "001"):
            predictions = []
            for folder in ("own", "libsvm"):
                with h5py.File(self.dir / folder / "results.h5") as file:
                    predictions.append(file[f"rows/{i}/targets/000/predicted"][:])
            numpy.testing.assert_array_equal(*predictions)

    def test_several_targets(self):
        self.make_data()
        self.run_program("run", self.write_experiment(targets=["arousal", "valence"]), "--out", "out")
        with h5py.File(self.dir / "out/results.h5") as file:
            row = file["rows/000"]
            scores = [row[f"targets/00{k}"].attrs["score"] for k in (0, 1)]
            self.assertAlmostEqual(row.attrs["score"], sum(scores) / 2, places=12)
            truth, predicted = row["targets/001/truth"][:], row["targets/001/predicted"][:]
            r2 = 1 - ((truth - predicted) ** 2).sum() / ((truth - truth.mean()) ** 2).sum()
            self.assertAlmostEqual(scores[1], r2, places=9)

    def test_second_run_takes_from_the_store(self):
        self.make_data()
        e = self.write_experiment()
        self.assertNotIn("stored", self.run_program("run", e, "--out", "a").stderr)
        self.assertEqual(self.run_program("run", e, "--out", "b").stderr.count("stored"), 2)
        # Other features under the same name are other work.
        x = numpy.load(self.dir / "x.npy")
        numpy.save(self.dir / "x.npy", x[:, ::-1] * 2)
        self.assertNotIn("stored", self.run_program("run", e, "--out", "c").stderr)
        listing = self.run_program("cache", "ls").stdout
        self.assertIn("4 artefacts", listing)
        self.assertIn("4 artefacts good, 0 damaged", self.run_program("cache", "verify").stdout)
        self.assertIn("4 files removed", self.run_program("cache", "clean", "--all").stdout)

    def test_damaged_artefact_is_made_again(self):
        self.make_data()
        e = self.write_experiment()
        self.run_program("run", e, "--out", "a")
        for path in (self.dir / "cache").rglob("*.h5"):
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 0xFF
            path.write_bytes(data)
        self.assertNotIn("stored", self.run_program("run", e, "--out", "b").stderr)
        self.assertEqual(self.digest("a"), self.digest("b"))

    def test_limit_only_and_dry_run(self):
        self.make_data()
        e = self.write_experiment()
        plan = self.run_program("run", e, "--dry-run", "--out", "none").stdout
        self.assertIn("2 of 2 steps to do", plan)
        self.assertFalse((self.dir / "none").exists())
        self.run_program("run", e, "--limit", 45, "--only", "x", "--out", "quick")
        with h5py.File(self.dir / "quick/results.h5") as file:
            self.assertEqual(file["rows/000"].attrs["n"], 45)
        self.assertIn("quick look", (self.dir / "quick/report.md").read_text())

    def test_never_overwrites_when_told(self):
        self.make_data()
        e = self.write_experiment()
        self.run_program("run", e, "--out", "a", "--overwrite-strategy", "never")
        done = self.run_program("run", e, "--out", "a", "--overwrite-strategy", "never", expect=2)
        self.assertIn("results.h5' is there already", done.stderr)

    def test_report_from_the_file_alone(self):
        self.make_data()
        self.run_program("run", self.write_experiment(), "--out", "a")
        (self.dir / "items.csv").unlink()
        text = self.run_program("report", "a").stdout
        self.assertEqual(text, (self.dir / "a/report.md").read_text())
        rows = list(csv.DictReader(self.run_program("report", "a", "--format", "csv").stdout.splitlines()))
        self.assertEqual([row["encoder"] for row in rows], ["x"])

    def test_protocol_of_ones_own(self):
        self.make_data()
        text = (SOURCE / "harness/protocols/definitions/nested.toml").read_text()
        (self.dir / "mine.toml").write_text(text.replace('name = "nested"', 'name = "mine"').replace("n = 5", "n = 4"))
        self.run_program("run", self.write_experiment(protocols=["mine.toml"]), "--out", "a")
        with h5py.File(self.dir / "a/results.h5") as file:
            self.assertEqual(file["rows/000"].attrs["protocol"], "mine")
            self.assertEqual(sorted(set(file["rows/000/item_fold"][:])), [0, 1, 2, 3])

    def test_a_cell_that_cannot_be_run_says_why_and_the_rest_goes_on(self):
        self.make_data()
        e = self.write_experiment(protocols=["gtzan-fault-filtered", "nested"])
        done = self.run_program("run", e, "--out", "a", expect=5)
        self.assertIn("'test' holds 15 items, the protocol needs its 290", done.stdout)
        self.assertIn("needs its 290", (self.dir / "a/report.md").read_text())
        with h5py.File(self.dir / "a/results.h5") as file:
            self.assertGreater(file["rows/001"].attrs["score"], 0.5)

    def test_lists_and_descriptions(self):
        self.assertIn("features", self.run_program("ls", "encoders").stdout)
        self.assertIn("choi2017@1", self.run_program("ls", "protocols").stdout)
        self.assertIn("gtzan", self.run_program("ls", "datasets").stdout)
        self.assertIn("choi2017", self.run_program("ls", "experiments").stdout)
        self.assertIn("2^-13", self.run_program("describe", "nested").stdout)
        self.assertIn("id_column", self.run_program("describe", "features").stdout)
        self.assertIn("GTZANindex.txt", self.run_program("fetch-help", "gtzan").stdout)
        self.assertIn("--overwrite-strategy", self.run_program("run", "--help").stdout)


if __name__ == "__main__":
    unittest.main()
