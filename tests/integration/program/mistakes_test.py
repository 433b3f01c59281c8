"""Mistakes of users: a clear message that names file, item and expectation, the right exit code, and
nothing half-written."""
import os
import signal
import subprocess
import time
import unittest

import h5py
import numpy

from program import MUSICREP, ProgramTest


class Mistakes(ProgramTest):
    def refused(self, experiment, *fragments, expect=3):
        done = self.run_program("run", experiment, "--out", "out", expect=expect)
        for fragment in fragments:
            self.assertIn(fragment, done.stderr)
        self.assertFalse((self.dir / "out").exists(), "something was written")
        return done

    def test_command_line(self):
        for arguments, fragment in [
            (["rnu"], "Did you mean 'run'?"),
            (["run", "--overwrite-stratgy", "always", "x"], "Did you mean '--overwrite-strategy'?"),
            (["run"], "takes one experiment"),
            (["run", "nothere.toml"], "nothere.toml"),
            (["run", "choi2071"], "Did you mean 'choi2017'?"),
            (["run", "generated", "--solver", "libvsm"], "Did you mean 'libsvm'?"),
            (["run", "generated", "--only", "strnog"], "Did you mean 'strong'?"),
            (["run", "generated", "--jobs", "many"], "--jobs"),
            (["ls", "encoder"], "Did you mean 'encoders'?"),
            (["describe", "neted"], "Did you mean 'nested'?"),
            (["fetch-help", "gtzna"], "Did you mean 'gtzan'?"),
            (["cache", "lz"], "Did you mean 'ls'?"),
        ]:
            done = self.run_program(*arguments, expect=3 if "nothere.toml" in arguments else 2)
            self.assertIn(fragment, done.stderr, arguments)
            self.assertEqual(done.stdout, "")

    def test_experiment_files(self):
        self.make_data()
        good = self.write_experiment().read_text()
        bad = self.dir / "bad.toml"
        for change, fragment in [
            (("seed = 1", "sead = 1"), "Did you mean 'seed'?"),
            (("[dataset.d]", "[[dataset]]"), "bad.toml:4: dataset is not a table, expected [dataset.NAME]"),
            (('csv = "items.csv"', 'cvs = "items.csv"'), "Did you mean 'csv'?"),
            (('kind = "table"', 'kind = "tabel"'), "Did you mean 'table'?"),
            (('kind = "features"', 'kind = "feature"'), "Did you mean 'features'?"),
            (('tasks = ["t"]', 'tasks = ["u"]'), "unknown task 'u'"),
            (('protocols = ["nested"]', 'protocols = ["netsed"]'), "Did you mean 'nested'?"),
            (('encoders = ["x"]', 'encoders = ["x", "x"]'), "encoder 'x' with task 't' and protocol 'nested' is listed twice"),
            (('targets = ["label"]', 'targets = ["lable"]'), "Did you mean 'label'?"),
            (('targets = ["label"]', 'targets = ["label", "arousal"]'), "one class target"),
            (('name = "e"', 'name = e"'), "bad.toml:2:"),
            (('files = ["x.npy"]', "files = 3"), "a list of texts"),
            (('csv = "items.csv"', 'csv = "${MUSICREP_DATA}/items.csv"'), "MUSICREP_DATA is not set"),
        ]:
            self.assertIn(change[0], good)
            bad.write_text(good.replace(change[0], change[1], 1))
            self.refused(bad, fragment, expect=2)

    def test_all_problems_at_once(self):
        self.make_data()
        e = self.write_experiment(files=["missing_one.npy", "missing_two.npy"])
        self.refused(e, "missing_one.npy", "missing_two.npy")

    def test_feature_files(self):
        x, _ = self.make_data()
        whole = (self.dir / "x.npy").read_bytes()
        (self.dir / "cut.npy").write_bytes(whole[:-8])
        numpy.save(self.dir / "object.npy", numpy.array([{}], dtype=object), allow_pickle=True)
        numpy.save(self.dir / "cube.npy", numpy.zeros((60, 2, 2, 2)))
        numpy.save(self.dir / "complex.npy", x.astype(complex))
        spoilt = x.copy()
        spoilt[7, 2] = numpy.nan
        numpy.save(self.dir / "nan.npy", spoilt)
        numpy.save(self.dir / "short.npy", x[:-1])
        numpy.save(self.dir / "same.npy", numpy.ones_like(x))
        (self.dir / "text.npy").write_text("no array")
        for name, fragments in {
            "cut.npy": ["cut.npy"], "object.npy": ["object"], "cube.npy": ["cube.npy"], "complex.npy": ["complex"],
            "nan.npy": ["nan.npy"], "short.npy": ["59", "60"], "text.npy": ["text.npy"], "absent.npy": ["absent.npy"],
        }.items():
            self.refused(self.write_experiment(files=[name]), *fragments)
        done = self.run_program("run", self.write_experiment(files=["same.npy"]), "--out", "out", expect=5)
        self.assertIn("the same vector", done.stdout)

    def test_hdf5_features(self):
        x, _ = self.make_data()
        ids = [f"t{i}".encode() for i in range(60)]
        with h5py.File(self.dir / "good.h5", "w") as file:
            file["X"], file["IDS"] = x, ids
        self.run_program("run", self.write_experiment(files=["good.h5"]), "--out", "good")
        data = (self.dir / "good.h5").read_bytes()
        (self.dir / "cut.h5").write_bytes(data[: len(data) // 2])
        self.refused(self.write_experiment(files=["cut.h5"]), "cut.h5")
        for name, fragment, change in [
            ("twice", "t1", lambda i: [b"t1" if k == 5 else v for k, v in enumerate(i)]),
            ("unknown", "unlisted", lambda i: [b"unlisted" if k == 5 else v for k, v in enumerate(i)]),
        ]:
            with h5py.File(self.dir / f"{name}.h5", "w") as file:
                file["X"], file["IDS"] = x, change(ids)
            self.refused(self.write_experiment(files=[f"{name}.h5"]), f"{name}.h5", fragment)

    def test_data_tables(self):
        self.make_data()
        e = self.write_experiment()
        good = (self.dir / "items.csv").read_text()
        for change, fragments in [
            (("t3,c0", "t2,c0"), ["t2"]),
            (("t3,c0,", "t3,,"), ["items.csv", "line 5"]),
            (("valence", "valens"), ["valence", "valens"]),
        ]:
            self.assertIn(change[0], good)
            (self.dir / "items.csv").write_text(good.replace(change[0], change[1], 1))
            done = self.run_program("run", e, "--out", "out", expect=3)
            for fragment in fragments:
                self.assertIn(fragment, done.stderr)
        lines = good.splitlines()
        number = lines[4].split(",")
        number[2] = "inf"
        (self.dir / "items.csv").write_text("\n".join([*lines[:4], ",".join(number), *lines[5:]]) + "\n")
        self.refused(e, "line 5", "inf")

    def test_folds_that_cannot_be(self):
        self.make_data()
        lines = (self.dir / "items.csv").read_text().splitlines()
        # A class of two items; then all items of one class under one artist.
        rare = [line.replace(",c0,", ",c1,") if ",c0," in line and k > 8 else line for k, line in enumerate(lines)]
        (self.dir / "items.csv").write_text("\n".join(rare) + "\n")
        e = self.write_experiment(protocols=["choi2017"])
        self.assertIn("class 'c0' has", self.run_program("run", e, "--out", "a", expect=5).stdout)
        one = []
        for line in lines:
            cells = line.split(",")
            if cells[1] == "c0":
                cells[4] = "soloist"
            one.append(",".join(cells))
        (self.dir / "items.csv").write_text("\n".join(one) + "\n")
        done = self.run_program("run", self.write_experiment(), "--out", "b", expect=5)
        self.assertIn("class 'c0' is tested but not among the training items", done.stdout)
        self.assertIn("soloist", done.stdout)

    def test_folders_that_cannot_be_written(self):
        self.make_data()
        (self.dir / "file").write_text("")
        done = self.run_program("run", self.write_experiment(), "--out", "file/out", expect=3)
        self.assertIn("file/out", done.stderr)

    def test_results_files(self):
        self.make_data()
        self.run_program("run", self.write_experiment(), "--out", "a")
        path = self.dir / "a/results.h5"
        with h5py.File(path, "r+") as file:
            file.attrs["schema_version"] = 9
        self.assertIn("schema version 9", self.run_program("report", path, expect=3).stderr)
        path.write_bytes(path.read_bytes()[:1000])
        self.assertIn("results.h5", self.run_program("report", path, expect=3).stderr)
        path.write_text("no HDF5")
        self.assertIn("results.h5", self.run_program("report", path, expect=3).stderr)

    def test_interrupt_keeps_what_is_done(self):
        self.make_data(n=600, columns=40)
        e = self.write_experiment(protocols=["choi2017", "nested", "hear-10fold", "kim2019-tuned"])
        environment = dict(os.environ, MUSICREP_CACHE=str(self.dir / "cache"))
        run = subprocess.Popen([MUSICREP, "run", e, "--out", self.dir / "out"], env=environment,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        run.stderr.readline()  # the encoding is done
        time.sleep(0.3)
        run.send_signal(signal.SIGINT)
        _, messages = run.communicate(timeout=60)
        self.assertEqual(run.returncode, 130, messages)
        self.assertIn("run the same command again to continue", messages)
        self.assertFalse((self.dir / "out/results.h5").exists())
        self.assertEqual(list(self.dir.rglob("*.tmp")), [])
        self.assertIn("stored", self.run_program("run", e, "--out", "out").stderr)


if __name__ == "__main__":
    unittest.main()
