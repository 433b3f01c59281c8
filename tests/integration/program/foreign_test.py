"""External encoders: what they do wrong costs only their own rows, with the reason; what cannot be loaded is refused."""
import os
import pathlib
import signal
import subprocess
import time
import unittest

import h5py
import numpy
import scipy.io.wavfile

from program import MUSICREP, TWO_FOLDS, ProgramTest

PLUGINS = pathlib.Path(os.environ["MUSICREP_PLUGINS"])

# What the plugin `harm` is reported to do: what its row must say.
HARMS = {
    "throw_constructing": "std::logic_error: no such encoder today",
    "crash_constructing": "killed by signal 11 (Segmentation fault)",
    "hang_constructing": "did not return within 1 s",
    "throw": "item 'c3': it threw std::runtime_error: cannot go on; it last printed: last words of harm",
    "throw_item": "item 'c3': this item is not to my taste",
    "throw_int": "item 'c3': it threw something that is no std::exception",
    "abort": "item 'c3': its process was killed by signal 6 (Aborted); it last printed: last words of harm",
    "segfault": "item 'c3': its process was killed by signal 11 (Segmentation fault)",
    "exit": "item 'c3': its process exited with code 0; it last printed: last words of harm",
    "hang": "item 'c3': it did not return within 1 s and was stopped; it last printed: last words of harm",
    "print": "item 'c3': it did not return within 1 s and was stopped; it last printed: ...",
    "junk": "item 'c3': its process answered with something else than an answer: found bytes that are no message",
    "promise": "found a message of 9223372036854775808 bytes",
    "width": "item 'c3': found vectors of shape [1, 3], expected [1 or more, 2]",
    "no_rows": "item 'c3': found vectors of shape [0, 2], expected [1 or more, 2]",
    "too_few": "found 0 matrices, expected 1",
    "throw_bytes": "it threw std::runtime_error: ? | <b> \n?",
    "views": "the view 'all of it' has the columns [0, 3) of 2",
    "view_backwards": "being constructed: the view 'back' has the columns [2, 1)",
    "note": "being constructed: found a note or a name of a view that is no UTF-8",
    "huge": "expected -1000000000000000 to 1000000000000000",
    "nan": "item 'c3': found a value that is not finite",
}


class ForeignTest(ProgramTest):
    def setUp(self):
        super().setUp()
        (self.dir / "clips").mkdir()
        lines = ["id,label"]
        for i in range(12):
            t = numpy.arange(4000 + 400 * i) / 8000
            wave = 0.4 * numpy.sin(2 * numpy.pi * (300 + 20 * i + 700 * (i % 2)) * t)
            scipy.io.wavfile.write(self.dir / f"clips/c{i}.wav", 8000, numpy.round(wave * 32767).astype("i2"))
            lines.append(f"c{i},{('low', 'high')[i % 2]}")
        (self.dir / "items.csv").write_text("\n".join(lines) + "\n")
        (self.dir / "mine.toml").write_text(TWO_FOLDS)

    def write(self, encoders, head="", name="e.toml"):
        tables = "".join(f"[encoder.{label}]\n{text}\n" for label, text in encoders.items())
        labels = ", ".join(f'"{label}"' for label in encoders)
        (self.dir / name).write_text(f"""
name = "e"
{head}
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
encoders = [{labels}]
protocols = ["mine.toml"]
""")
        return self.dir / name

    def rows(self, out):
        with h5py.File(self.dir / out / "results.h5") as file:
            return {row.attrs["encoder"]: dict(row.attrs) for row in file["rows"].values()}

    def run_e(self, out, *arguments, expect=0):
        return self.run_program("run", "e.toml", "--out", out, *arguments, expect=expect)


class Harm(ForeignTest):
    def test_each_costs_its_own_row_alone(self):
        self.write({"mfcc": 'kind = "mfcc"'})
        self.run_e("alone")
        harmful = {how: f'kind = "harm"\nhow = "{how}"\ntime_limit_s = 1' for how in HARMS}
        harmful["constant"] = 'kind = "harm"\nhow = "constant"'
        harmful["large"] = 'kind = "harm"\nhow = "large"'
        self.write({**harmful, "mfcc": 'kind = "mfcc"', "good": 'kind = "harm"'})
        some = ["--skip-bad", "--only", "throw_item", "--only", "segfault", "--only", "mfcc", "--only", "good"]
        for arguments in ([], some):
            again = self.run_e("out", "--plugin", PLUGINS / "harm.so", "--jobs", 1, *arguments, expect=5).stderr
            rows = self.rows("out")
            for how in (some if arguments else HARMS):
                if how not in HARMS:
                    continue
                self.assertIn(HARMS[how], rows[how]["failure"])
                self.assertIn("encoder 'harm'", rows[how]["failure"])
            if not arguments:
                self.assertIn("same vector", rows["constant"]["failure"])
            self.assertEqual((rows["good"]["failure"], rows["good"]["n"]), ("", 12))
            mfcc, alone = rows["mfcc"], self.rows("alone")["mfcc"]
            self.assertEqual((mfcc["score"], mfcc["embeddings_sha256"]), (alone["score"], alone["embeddings_sha256"]))
            self.assertIn("killed by signal 11", (self.dir / "out/report.md").read_text())
        # No failure is a finished step: it is tried again, what is good is not.
        self.assertIn("encode good on d: stored", again)
        self.assertNotIn("encode segfault on d: stored", again)

    def write_with_texts(self, encoders, retrieved):
        lines = (self.dir / "items.csv").read_text().splitlines()
        texts = [f"{line},a text of its own {i},{('train', 'test')[i % 2]}" for i, line in enumerate(lines[1:])]
        (self.dir / "items.csv").write_text("\n".join([lines[0] + ",text,split", *texts]) + "\n")
        e = self.write(encoders)
        text = e.read_text().replace('labels = ["label"]', 'labels = ["label"]\ntext = "text"\nsplit = "split"')
        e.write_text(text + f'[[retrieve]]\ndataset = "d"\nencoders = {retrieved}\n')

    def test_retrieval_goes_on_too(self):
        self.write_with_texts({"bad": 'kind = "harm"\nhow = "segfault"', "good": 'kind = "harm"'}, '["bad", "good"]')
        self.run_e("out", "--plugin", PLUGINS / "harm.so", expect=5)
        with h5py.File(self.dir / "out/results.h5") as file:
            reasons = [row.attrs["failure"] for row in file["retrievals"].values()]
        self.assertIn("killed by signal 11", reasons[0])
        self.assertIn("it has no text side", reasons[1])
        self.assertEqual(self.rows("out")["good"]["failure"], "")

    def test_texts_and_dependence_on_a_batch_cross_to_the_child(self):
        self.write_with_texts({"speaker": 'kind = "speaker"'}, '["speaker"]')
        self.run_e("out", "--plugin", PLUGINS / "speaker.so")
        with h5py.File(self.dir / "out/results.h5") as file:
            row = file["retrievals/000"]
            self.assertEqual((row.attrs["failure"], row.attrs["n"], row.attrs["dim"]), ("", 6, 2))
            self.assertEqual(len(row["music_rank"]), 6)
            made_of = [attrs["batch_size"] for attrs in (f.attrs for f in file["fingerprints"].values())]
        self.assertEqual(made_of, [5])
        # Twelve items come in calls of five, five and two, and each vector says of how many.
        self.run_program("encode", "speaker", "clips", "--out", "x.npy", "--plugin", PLUGINS / "speaker.so")
        self.assertEqual(numpy.load(self.dir / "x.npy")[:, 1].tolist(), [5] * 10 + [2] * 2)

    def test_bits_do_not_depend_on_jobs(self):
        self.write({"good": 'kind = "harm"'}, head=f'plugins = ["{PLUGINS}/harm.so"]')
        self.run_e("one", "--jobs", 1)
        self.run_e("four", "--jobs", 4, "--overwrite-strategy", "always")
        self.assertEqual(self.digest("one"), self.digest("four"))
        with h5py.File(self.dir / "one/results.h5") as file:
            sha = self.run_bytes("sha256sum", PLUGINS / "harm.so").split()[0]
            self.assertEqual(file["provenance"].attrs["plugin_harm"], sha)

    def run_bytes(self, *arguments):
        return subprocess.run([*map(str, arguments)], capture_output=True, text=True, check=True).stdout

    def test_another_build_is_encoded_again(self):
        (self.dir / "p.so").write_bytes((PLUGINS / "harm.so").read_bytes())
        self.write({"good": 'kind = "harm"'}, head='plugins = ["p.so"]')
        self.run_e("one")
        self.assertIn("encode good on d: stored", self.run_e("two").stderr)
        self.write({"good": 'kind = "harm"\ntime_limit_s = 77'}, head='plugins = ["p.so"]')
        self.assertIn("encode good on d: stored", self.run_e("two").stderr)
        with open(self.dir / "p.so", "ab") as file:
            file.write(b"\0")
        self.assertNotIn("encode good on d: stored", self.run_e("three").stderr)

    def test_wrong_options_are_told_before_any_work(self):
        self.write({"mfcc": 'kind = "mfcc"', "bad": 'kind = "harm"\nhow = "options"', "typo": 'kind = "harm"\nhwo = "x"',
                    "limit": 'kind = "harm"\ntime_limit_s = 0'})
        done = self.run_e("out", "--plugin", PLUGINS / "harm.so", expect=2)
        for text in ("this option cannot be", "Did you mean 'how'?", "expected more than 0"):
            self.assertIn(text, done.stderr)
        self.assertFalse((self.dir / "out").exists())

    def test_other_commands(self):
        plugin = ["--plugin", PLUGINS / "harm.so"]
        self.assertIn("does harm", self.run_program("ls", "encoders", *plugin).stdout)
        self.assertIn("time_limit_s", self.run_program("describe", "harm", *plugin).stdout)
        self.run_program("encode", "harm", "clips", "--out", "x.npy", *plugin)
        self.assertEqual(numpy.load(self.dir / "x.npy").shape, (12, 2))
        # Item c3 is the end of the encoder; what was encoded before is kept.
        done = self.run_program("encode", "harm", "clips", "--out", "y.npy", "--set", "how=abort", *plugin,
                                "--jobs", 1, expect=5)
        self.assertIn("killed by signal 6", done.stderr)
        self.assertIn("more files not encoded, because the encoder stopped", done.stderr)
        kept = (self.dir / "y.npy.ids.txt").read_text().split()
        whole = (self.dir / "x.npy.ids.txt").read_text().split()
        self.assertEqual(kept, whole[:len(kept)])
        numpy.testing.assert_array_equal(numpy.load(self.dir / "y.npy"), numpy.load(self.dir / "x.npy")[:len(kept)])
        done = self.run_program("validate", "encoder", "harm", *plugin, expect=3)  # it takes what it should refuse
        self.assertRegex(done.stdout, r"several threads +holds")
        self.assertRegex(done.stdout, r"wrong shape +broken")
        self.write({"good": 'kind = "harm"'})
        self.assertIn("OK; 1 encodings", self.run_program("validate", "experiment", "e.toml", *plugin).stdout)

    def test_a_script_that_changes_while_it_runs_loses_its_row(self):
        (self.dir / "mine.py").write_text("""
import pathlib, sys
import numpy
for clip in pathlib.Path(sys.argv[1]).glob("0*"):
    size = clip.stat().st_size
    numpy.save(pathlib.Path(sys.argv[2]) / (clip.stem + ".npy"), numpy.array([[size, size % 7, 1.0]]))
if pathlib.Path("edit").exists():
    open("mine.py", "a").write("# another\\n")
""")
        self.write({"mine": 'kind = "command"\ncommand = "/usr/bin/python3 mine.py {in} {out}"', "mfcc": 'kind = "mfcc"'})
        (self.dir / "edit").touch()
        done = self.run_e("out", expect=5)
        self.assertIn("a file that it depends on has changed since the plan was made", done.stderr)
        self.assertEqual(self.rows("out")["mfcc"]["failure"], "")
        (self.dir / "edit").unlink()
        self.assertNotIn("encode mine on d: stored", self.run_e("out").stderr)
        self.assertIn("encode mine on d: stored", self.run_e("out").stderr)

    def test_what_cannot_be_loaded_is_refused(self):
        (self.dir / "text.so").write_text("no shared object")
        self.write({"mfcc": 'kind = "mfcc"'})
        for name, fragment in {
            PLUGINS / "wrong_stamp.so": "found the stamp 'musicrep 0.0.1; abi 0', expected 'musicrep",
            PLUGINS / "no_symbol.so": "has no function musicrep_plugin_stamp",
            PLUGINS / "info_throws.so": "std::runtime_error: no information today",
            PLUGINS / "crashes_loaded.so": "its process was killed by signal 6 (Aborted)",
            PLUGINS / "name_is_taken.so": "encoder 'mfcc' is registered already",
            "text.so": "cannot be loaded as a shared object",
        }.items():
            done = self.run_e("out", "--plugin", name, expect=2)
            self.assertIn(fragment, done.stderr)
            self.assertIn(pathlib.Path(name).name, done.stderr)
        self.assertIn("nothere.so", self.run_e("out", "--plugin", "nothere.so", expect=3).stderr)
        self.run_e("out", "--plugin", PLUGINS / "harm.so", "--plugin", PLUGINS / "../plugins/harm.so", expect=2)
        self.assertFalse((self.dir / "out").exists())
        self.run_program("encoder-host", expect=2)

    def test_interrupts_and_kills_leave_no_process(self):
        self.write({"hang": 'kind = "harm"\nhow = "hang"'})
        for number, code in ((signal.SIGINT, 130), (signal.SIGKILL, -9)):
            env = dict(os.environ, MUSICREP_CACHE=str(self.dir / "cache"))
            run = subprocess.Popen([MUSICREP, "run", "e.toml", "--out", "out", "--plugin", PLUGINS / "harm.so"],
                                   cwd=self.dir, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            children = []
            for _ in range(200):
                time.sleep(0.05)
                children = pathlib.Path(f"/proc/{run.pid}/task").glob("*/children")
                children = [int(p) for file in children for p in file.read_text().split()]
                if children and any("encode" in (pathlib.Path(f"/proc/{p}/cmdline").read_text()) for p in children):
                    break
            self.assertTrue(children)
            time.sleep(0.5)
            began = time.monotonic()
            run.send_signal(number)
            _, messages = run.communicate(timeout=30)
            self.assertEqual(run.returncode, code, messages)
            self.assertLess(time.monotonic() - began, 5)
            time.sleep(0.3)
            for child in children:
                status = pathlib.Path(f"/proc/{child}/status")
                self.assertTrue(not status.exists() or "State:\tZ" in status.read_text(), child)


if __name__ == "__main__":
    unittest.main()
