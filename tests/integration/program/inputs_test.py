"""Inputs that people have: folders with links and leftovers, names and tables of other systems, options
that belong elsewhere. What can be read is read; the rest is said before the work, by name."""
import csv
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import wave

import numpy

from program import MUSICREP, TWO_FOLDS, ProgramTest


def write_wav(path, seconds=1.0, rate_hz=22050, tone_hz=440.0):
    path = pathlib.Path(os.fsdecode(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    t = numpy.arange(int(seconds * rate_hz)) / rate_hz
    samples = (8000 * numpy.sin(2 * numpy.pi * tone_hz * t)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate_hz, 0, "NONE", ""))
        file.writeframes(samples.tobytes())


class Inputs(ProgramTest):
    def ids(self, name="x.csv"):
        with open(self.dir / name, newline="") as file:
            return [row[0] for row in csv.reader(file)][1:]

    def encode(self, *arguments, expect=0):
        return self.run_program("encode", "mfcc", *arguments, "--out", "x.csv", expect=expect)


class Folders(Inputs):
    def test_links_are_followed_once_or_said(self):
        write_wav(self.dir / "music/real/a.wav")
        write_wav(self.dir / "store/rock/b.wav")
        write_wav(self.dir / "store/jazz/c.wav")
        music = self.dir / "music"
        (music / "rock").symlink_to("../store/rock")
        (music / "jazz").symlink_to("../store/jazz")
        (music / "real/d.wav").symlink_to("../../store/rock/b.wav")
        (music / "real/loop").symlink_to("..")
        (music / "real/e.wav").symlink_to("/nowhere/gone.wav")
        done = self.encode("music", expect=5)
        self.assertEqual(sorted(self.ids()), ["a", "b", "c", "d"])
        self.assertIn("real/e.wav' is a link to '/nowhere/gone.wav', which does not exist", done.stderr)
        self.assertIn("real/loop' is the folder 'music' again", done.stderr)
        (music / "real/e.wav").unlink()
        self.encode("music")
        done = self.run_program("duplicates", "music")
        self.assertIn("4 clips", done.stdout)

    def test_leftovers_are_passed_over_and_counted(self):
        write_wav(self.dir / "music/a/one.wav")
        write_wav(self.dir / "music/a/two.WAV")
        (self.dir / "music/System Volume Information").mkdir()
        for name in (".DS_Store", "list.m3u", "a/._one.wav", "a/cover.jpg", "a/Thumbs.db"):
            (self.dir / "music" / name).write_bytes(b"\0\5\26\7")
        done = self.encode("music")
        self.assertEqual(self.ids(), ["one", "two"])
        self.assertIn("skipped 6 that hold no audio", done.stderr)
        self.assertIn(".DS_Store", done.stderr)
        self.assertIn("2 clips", self.run_program("duplicates", "music").stdout)
        (self.dir / "empty").mkdir()
        (self.dir / "empty/.DS_Store").write_text("x")
        done = self.encode("empty", expect=3)
        self.assertIn("holds no files of audio (skipped 1 that holds no audio: .DS_Store)", done.stderr)

    def test_bad_files_are_said_before_the_work_all_at_once(self):
        write_wav(self.dir / "music/good.wav")
        (self.dir / "music/text.wav").write_text("no audio")
        (self.dir / "music/strange.xyz").write_text("no audio")
        done = self.encode("music", expect=3)
        self.assertIn("text.wav", done.stderr)
        self.assertIn("strange.xyz", done.stderr)
        self.assertNotIn("encode 3 files", done.stderr)
        self.assertFalse((self.dir / "x.csv").exists())
        done = self.encode("music", "--skip-bad", expect=5)
        self.assertEqual(self.ids(), ["good"])
        self.assertIn("text.wav", done.stderr)

    def test_what_fails_later_costs_no_other_file_its_vectors(self):
        for k in range(3):
            write_wav(self.dir / f"music/{k}.wav", seconds=1 + k)
        (self.dir / "mine.py").write_text("""
import pathlib, sys, numpy
for clip in pathlib.Path(sys.argv[1]).glob("*.wav"):
    wide = 3 if clip.stat().st_size > 400000 else 2
    numpy.save(pathlib.Path(sys.argv[2]) / (clip.stem + ".npy"), numpy.ones((1, wide)))
""")
        command = "command=/usr/bin/python3 mine.py {in} {out}"
        done = self.run_program("encode", "command", "music", "--set", command, "--set", "items_a_call=1", "--out", "x.csv",
                                "--jobs", 1, expect=5)
        self.assertEqual(self.ids(), ["0", "1"])
        self.assertIn("item '2'", done.stderr)

    @unittest.skipIf(os.geteuid() == 0 and not pathlib.Path("/usr/bin/setpriv").exists(), "root reads everything")
    def test_what_is_silent_to_the_encoder_is_said(self):
        """Channels that cancel each other leave a mono encoder nothing: its vector is that of silence."""
        write_wav(self.dir / "tone.wav")
        with wave.open(str(self.dir / "tone.wav")) as file:
            left = numpy.frombuffer(file.readframes(file.getnframes()), "<i2")
        for name, right in (("anti", -left), ("both", left), ("zero", None)):
            samples = numpy.stack([left, right], 1) if right is not None else numpy.zeros((len(left), 2))
            with wave.open(str(self.dir / f"{name}.wav"), "wb") as file:
                file.setparams((2, 2, 22050, 0, "NONE", ""))
                file.writeframes(samples.astype("<i2").tobytes())
        for arguments in ((), ("--skip-bad",)):
            done = self.encode("anti.wav", "both.wav", "zero.wav", *arguments)
            said = " ".join(done.stderr.split())
            self.assertIn("'anti.wav' is silent when mixed to one channel", said)
            self.assertIn("'zero.wav' is silent: every sample is 0", said)
            self.assertNotIn("'both.wav'", said)

    def test_folders_that_cannot_be_read(self):
        write_wav(self.dir / "d/open/a.wav")
        (self.dir / "d/shut").mkdir()
        (self.dir / "d/shut").chmod(0)
        self.dir.chmod(0o777)
        command = [MUSICREP, "encode", "mfcc", "d", "--out", str(self.dir / "x.csv")]
        if os.geteuid() == 0:
            command = ["/usr/bin/setpriv", "--reuid=65534", "--clear-groups", *command]
        env = dict(os.environ, MUSICREP_CACHE=str(self.dir / "cache"), HOME=str(self.dir))
        done = subprocess.run(command, cwd=self.dir, env=env, capture_output=True, text=True)
        if "setpriv" in done.stderr or "musicrep" not in done.stderr:
            self.skipTest("no other user can run the program: " + done.stderr)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("cannot read 'd/shut': Permission denied", done.stderr)
        self.assertNotIn("internal error", done.stderr)
        (self.dir / "d/shut").chmod(0o755)

    def test_names_that_are_not_utf8_are_said_before_the_work(self):
        write_wav(os.fsencode(self.dir) + b"/music/caf\xe9.wav")
        write_wav(self.dir / "music/good.wav")
        for name in ("x.h5", "x.csv", "x.npy"):
            done = self.run_program("encode", "mfcc", "music", "--out", name, expect=3)
            self.assertIn("music/caf\\xE9.wav' is not UTF-8", done.stderr)
            self.assertNotIn("encode 2 files", done.stderr)
            self.assertFalse((self.dir / name).exists())
        self.encode("music", "--skip-bad", expect=5)
        self.assertEqual(self.ids(), ["good"])

    def test_gtzan_in_another_case(self):
        write_wav(self.dir / "gtzan/genres/Rock/rock.00000.WAV")
        write_wav(self.dir / "gtzan/genres/Rock/strange.wav")
        write_wav(self.dir / "gtzan/genres/blues/blues.00000.wav", tone_hz=300)
        done = self.run_program("validate", "data", "gtzan", "--set", "audio=gtzan")
        self.assertIn("blues 1, rock 1", done.stdout)
        self.assertIn("left out: 1 files", done.stdout)


class Tables(Inputs):
    def features(self, text, name="f.csv"):
        (self.dir / name).write_text(text, newline="") if isinstance(text, str) else (self.dir / name).write_bytes(text)
        return self.write_experiment(files=[name])

    def test_features_as_scripts_write_them(self):
        x, _ = self.make_data()
        ids = [f"t{i}" for i in range(len(x))]
        columns = ["id"] + [f"f{k}" for k in range(x.shape[1])]

        def text(separator, number):
            rows = [separator.join(columns)] + [separator.join([i, *map(number, row)]) for i, row in zip(ids, x)]
            return "\n".join(rows) + "\n"
        self.run_program("run", self.features(text(",", repr)), "--out", "plain")
        plain = self.digest("plain")
        for separator, number in ((", ", "{:.18e}".format), (";", repr), ("\t", repr), (",", "{:+.18e}".format)):
            e = self.features(text(separator, number))
            self.run_program("run", e, "--out", "other")
            rows = [line.split(",")[9] for line in (self.dir / "other/table.csv").read_text().splitlines()]
            self.assertEqual(rows, [line.split(",")[9] for line in (self.dir / "plain/table.csv").read_text().splitlines()])
        self.assertEqual(len(plain), 64)

    def test_features_that_cannot_be_read_say_why(self):
        self.make_data()
        for text, fragments in [
            ("id,f\nt0,\"0,5\"\n", ["line 2, column 'f': found '0,5'", "decimal point"]),
            ("id,f\nt0,\n", ["line 2, column 'f': found an empty field"]),
            ("id,f\nt0,\u0661\n", ["line 2, column 'f'", "ASCII digits"]),
            ("id,f\nt0,1'000\n", ["nothing between its digits"]),
            (",f\nnot here,1\n", ["found no features for", "found 1 ids that the data set lacks: 'not here'"]),
            ("id|f\nt0|1\n", ["expected ',' between fields"]),
            ("id,f\nt0,1\n".encode("utf-16"), ["UTF-16"]),
            ("id,f\nt\u00df,1\n".encode("latin-1"), ["line 2, column 'id'", "t\\xDF"]),
            ("id,f\rt0,1\r", ["carriage return"]),
            ("id,f\nt0,1.7976931348623157e308\nt1,2\n", ["column 0: found 1.797", "infinity"]),
        ]:
            done = self.run_program("validate", "experiment", self.features(text), expect=3)
            for fragment in fragments:
                self.assertIn(fragment, done.stderr)

    def test_rows_in_order_are_noted(self):
        self.make_data()
        e = self.write_experiment()
        self.assertIn("matched by order: 'x.npy' has no ids", self.run_program("validate", "experiment", e).stdout)
        self.run_program("run", e, "--out", "out")
        self.assertIn("matched by order: 'x.npy' has no ids", (self.dir / "out/report.md").read_text())

    def test_absurd_values_lose_no_accuracy_in_silence(self):
        x, _ = self.make_data()
        spoilt = x.copy()
        spoilt[7, 3] = numpy.inf
        wide, narrow = numpy.nan_to_num(spoilt), numpy.nan_to_num(spoilt.astype("f4"))
        once = x.copy()
        once[7, 3] = 1e155
        for name, values in {"wide.npy": wide, "narrow.npy": narrow, "once.npy": once}.items():
            numpy.save(self.dir / name, values)
            done = self.run_program("run", self.write_experiment(files=[name]), "--out", "out", expect=3)
            for fragment in (name, "row 7", "item 't7'", "column 3", "expected"):
                self.assertIn(fragment, done.stderr)
        numpy.save(self.dir / "huge.npy", x * 1e100)
        self.run_program("run", self.write_experiment(), "--out", "plain")
        self.run_program("run", self.write_experiment(files=["huge.npy"]), "--out", "huge")
        score = [(self.dir / d / "table.csv").read_text().splitlines()[1].split(",")[9] for d in ("plain", "huge")]
        self.assertEqual(*score)
        done = self.run_program("run", self.write_experiment(files=["huge.npy"], protocols=["choi2017"]), "--out", "raw",
                                expect=5)
        self.assertIn("not standardised", done.stdout)


class CommandLine(Inputs):
    def test_options_belong_to_commands(self):
        for arguments, fragments in [
            (["validate", "experiment", "x", "--jobs", "3"], ["'musicrep validate experiment' has no option --jobs", "validate data"]),
            (["validate", "experiment", "x", "--as", "tlm"], ["validate weights, import"]),
            (["validate", "data", "x", "--seed", "3"], ["--seed"]),
            (["validate", "results", "x", "--data", "."], ["--data"]),
            (["plan", "generated", "--overwrite-strategy", "always"], ["run, diagnose"]),
            (["cache", "ls", "--all"], ["cache clean"]),
            (["ls", "protocols", "--plugin", "x.so"], ["ls encoders"]),
            (["run", "generated", "--jobs", "0"], ["expected a whole number, 1 or more"]),
            (["run", "generated", "--limit", "-1"], ["expected a whole number, 0 or more"]),
            (["run", "generated", "--estimate-from", "x"], ["--dry-run"]),
            (["diagnose", "smoke", "--log-level", "debug"], ["--log"]),
            (["validate", "data", "table", "--set", "cvs=x"], ["Did you mean 'csv'?"]),
            (["validate", "data", "table", "--option", "cvs=x"], ["Did you mean 'csv'?"]),
            (["encode", "mfcc", "x.wav", "--out", "x.csv", "--option", "a=b"], ["unknown option 'a'"]),
        ]:
            done = self.run_program(*arguments, expect=2)
            for fragment in fragments:
                self.assertIn(fragment, done.stderr, arguments)
            self.assertEqual(done.stdout, "")

    def test_help(self):
        whole = self.run_program("run", "--help").stdout
        self.assertEqual(self.run_program("help", "run").stdout, whole)
        for shape in ("--limit N", "--only NAME", "--data FOLDER", "--exec NAME=COMMAND", "--skip-bad"):
            self.assertIn(shape, whole)
        self.assertNotIn(" arg", whole)
        self.assertIn("(data, encoder)", self.run_program("validate", "--help").stdout)
        self.assertIn("usage: musicrep COMMAND", self.run_program("help").stdout)
        self.assertIn("Did you mean 'run'?", self.run_program("help", "rnu", expect=2).stderr)

    def test_new_encoder_leaves_nothing_beside(self):
        self.run_program("new", "encoder", "my_net", "--in", ".")
        self.assertEqual(sorted(p.name for p in self.dir.iterdir() if p.name != "cache"), ["my_net"])
        (self.dir / "file").write_text("")
        self.assertIn("is not a folder", self.run_program("new", "encoder", "x", "--in", "file", expect=3).stderr)


if __name__ == "__main__":
    unittest.main()
