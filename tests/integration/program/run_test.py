"""Runs from experiment to report: scores, the same bits again, the store, the other commands."""
import csv
import json
import subprocess
import sys
import unittest

import h5py
import numpy
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.svm import SVC

from program import SOURCE, WITH_TORCH, ProgramTest


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
        # Of two runs: vectors, a row, and what each of them cost.
        self.assertIn("8 artefacts", listing)
        self.assertIn("8 artefacts OK, 0 damaged", self.run_program("cache", "verify").stdout)
        self.assertIn("8 files removed", self.run_program("cache", "clean", "--all").stdout)

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

    def test_dry_run_judges_by_an_earlier_run(self):
        self.make_data()
        e = self.write_experiment()
        none = self.run_program("run", e, "--dry-run").stdout
        self.assertIn("no estimate: no earlier run of e with measured costs", none)
        self.run_program("run", e, "--out", "a")
        with h5py.File(self.dir / "a/results.h5") as file:
            self.assertEqual(file["costs/step"].asstr()[:].tolist(), ["encode", "evaluate"])
        done = self.run_program("run", e, "--dry-run", "--estimate-from", "a").stdout
        self.assertIn("0 of 2 steps to do", done)
        plan = self.run_program("run", e, "--dry-run", "--estimate-from", "a", "--cache", "other").stdout
        self.assertRegex(plan, r"evaluate +x .*: to do, about [0-9.]+ s")
        self.assertRegex(plan, r"2 of 2 steps to do\nabout .* of processor time\), \d+ MiB of memory")
        wrong = self.run_program("run", e, "--dry-run", "--estimate-from", "nowhere", expect=3)
        self.assertIn("nowhere", wrong.stderr)

    def test_what_is_missing_leaves_its_cells_empty_when_told(self):
        self.make_data()
        text = (self.dir / self.write_experiment()).read_text() + """
[encoder.far]
kind = "features"
files = ["not/here.npy"]
[[evaluate]]
tasks = ["t"]
encoders = ["far"]
protocols = ["nested"]
"""
        (self.dir / "far.toml").write_text(text)
        self.assertIn("not/here.npy", self.run_program("run", "far.toml", expect=3).stderr)
        (self.dir / "far.toml").write_text("skip_missing = true\n" + text)
        plan = self.run_program("run", "far.toml", "--dry-run").stdout
        self.assertRegex(plan, r"far +on t under nested: cannot be run: encoder 'far' lacks '.*not/here.npy'")
        self.run_program("run", "far.toml", "--out", "a", expect=5)
        with h5py.File(self.dir / "a/results.h5") as file:
            self.assertEqual(file["rows/000"].attrs["failure"], "")
            self.assertIn("lacks", file["rows/001"].attrs["failure"])
        # A file that is there and is damaged is no missing one.
        (self.dir / "not").mkdir()
        (self.dir / "not/here.npy").write_bytes(b"no array")
        self.run_program("run", "far.toml", expect=3)

    def test_exports(self):
        self.make_data()
        self.run_program("run", self.write_experiment(), "--out", "a")
        for name, mark in (("table.tex", "\\begin{tabular}"), ("references.bib", "@article{")):
            self.assertIn(mark, (self.dir / "a" / name).read_text())
        whole = json.loads(self.run_program("report", "a", "--format", "json").stdout)
        self.assertEqual(whole["schema"], "musicrep-results")
        self.assertEqual(len(whole["rows"][0]["item_ids"]), whole["rows"][0]["n"])
        # The three lines of pandas that results/README.md has.
        lines = (SOURCE / "results/README.md").read_text().split("```python\n")[1].split("```")[0]
        self.assertEqual(len(lines.strip().splitlines()), 3)
        read = lines + "print(repr(float(table['score'][0])))"
        done = subprocess.run([sys.executable, "-c", read], cwd=self.dir / "a", capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        self.assertEqual(float(done.stdout), whole["rows"][0]["score"])

    def test_never_overwrites_when_told(self):
        self.make_data()
        e = self.write_experiment()
        self.run_program("run", e, "--out", "a", "--overwrite-strategy", "never")
        done = self.run_program("run", e, "--out", "a", "--overwrite-strategy", "never", expect=2)
        self.assertIn("results.h5' exists already", done.stderr)

    def test_report_from_the_file_alone(self):
        self.make_data()
        self.run_program("run", self.write_experiment(), "--out", "a")
        (self.dir / "items.csv").unlink()
        (self.dir / "b").mkdir()
        self.run_program("report", "a", "--out", "b/report.md")
        self.assertEqual((self.dir / "b/report.md").read_text(), (self.dir / "a/report.md").read_text())
        self.assertEqual((self.dir / "b/costs.svg").read_bytes(), (self.dir / "a/costs.svg").read_bytes())
        self.assertNotIn("](", self.run_program("report", "a").stdout)  # no figures beside
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

    def test_the_data_folder_is_taken_from_the_working_folder(self):
        self.make_data()
        text = self.write_experiment().read_text().replace('"items.csv"', '"${MUSICREP_DATA}/items.csv"')
        for name in ("data", "elsewhere"):
            (self.dir / name).mkdir()
        for file in ("items.csv", "x.npy"):
            (self.dir / file).rename(self.dir / "data" / file)
        experiment = self.dir / "elsewhere/mine.toml"
        experiment.write_text(text.replace('"x.npy"', '"${MUSICREP_DATA}/x.npy"'))
        self.run_program("validate", "experiment", experiment, "--data", "data")
        self.run_program("plan", experiment, "--data", "data")
        self.run_program("plan", experiment, env={"MUSICREP_DATA": "data"})
        self.run_program("plan", experiment, env={"MUSICREP_DATA": ""}, expect=2)
        self.assertIn("is not a folder", self.run_program("validate", "experiment", experiment, "--data", "dat",
                                                          expect=3).stderr)

    def test_a_folder_hides_no_experiment(self):
        (self.dir / "generated").mkdir()
        self.run_program("validate", "experiment", "generated")

    def test_lists_and_descriptions(self):
        self.assertIn("features", self.run_program("ls", "encoders").stdout)
        self.assertIn("choi2017@1", self.run_program("ls", "protocols").stdout)
        self.assertIn("gtzan", self.run_program("ls", "datasets").stdout)
        self.assertIn("choi2017", self.run_program("ls", "experiments").stdout)
        self.assertIn("2^-13", self.run_program("describe", "nested").stdout)
        self.assertIn("id_column", self.run_program("describe", "features").stdout)
        self.assertIn("retrieve  all of albums's items", self.run_program("describe", "albums-retrieval").stdout)
        helps = [("gtzan", "GTZANindex.txt"), ("choi2017", "data_feats"), ("musicnn", "gtzan_musicnn"),
                 ("features", "fetch-help musicnn"), ("mfcc", "nothing to fetch")]
        if WITH_TORCH:
            helps += [("tlm", "model_best.hdf5"), ("vggish", "vggish_pca_params.npz"),
                      ("mtlmr", "mel_standard_scaler_params.npz")]
        for name, fragment in helps:
            self.assertIn(fragment, self.run_program("fetch-help", name).stdout)
        self.assertIn("--overwrite-strategy", self.run_program("run", "--help").stdout)

    def test_tasks_choose_their_metric_and_protocols_their_probe(self):
        self.make_data()
        e = self.write_experiment(protocols=("nested", "nested-knn"))
        self.run_program("run", e, "--out", "plain", "-q")
        keys = self.keys(e)
        text = e.read_text()
        e.write_text(text.replace('targets = ["label"]\n[encoder', 'targets = ["label"]\nmetric = "accuracy"\n[encoder'))
        self.assertEqual(self.keys(e), keys)  # the default by its name is the default
        e.write_text(text.replace('targets = ["label"]\n[encoder', 'targets = ["label"]\nmetric = "macro_f1"\n[encoder'))
        self.assertNotEqual(self.keys(e), keys)
        self.run_program("run", e, "--out", "out", "-q")
        table = (self.dir / "out" / "table.csv").read_text()
        self.assertEqual(table.count("macro_f1"), 2)
        report = (self.dir / "out" / "report.md").read_text()
        self.assertRegex(report, r"knn, k = \d+")
        self.run_program("check", "out", "--against", "out")
        e.write_text(text.replace('targets = ["label"]\n[encoder', 'targets = ["label"]\nmetric = "macro_f2"\n[encoder'))
        wrong = self.run_program("validate", "experiment", e, expect=2).stderr
        self.assertIn("macro_f2", wrong)
        self.assertIn("balanced_accuracy", wrong)
        e.write_text(text.replace('targets = ["label"]\n[encoder', 'targets = ["label"]\nmetric = "r2"\n[encoder'))
        self.run_program("validate", "experiment", e, expect=2)

    def keys(self, experiment):
        plan = json.loads(self.run_program("plan", experiment, "--format", "json").stdout)
        return [step["key"] for step in plan["steps"] if step["what"] == "evaluate"]


if __name__ == "__main__":
    unittest.main()
