"""Kills and failing disks: whatever happens to a run, the next one ends with the bits of an undisturbed
one, does no finished step again and leaves no temporary file. MUSICREP_CRASHES=N makes N kills (20)."""
import collections
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

MUSICREP = os.environ["MUSICREP"]
SHIM = os.environ["MUSICREP_SHIM"]
EXPERIMENT = pathlib.Path(__file__).parent / "crash.toml"
N_KILLS = int(os.environ.get("MUSICREP_CRASHES", 20))
KINDS = ("write", "sync", "rename")
AUDIO_STEPS = re.compile("hash and picture|-$")  # not a step of its own: pictures are stored by content
TRAIN = re.compile("train ")  # the heading over trainings, which have lines of their own
SLOWNESS = float(os.environ.get("MUSICREP_SLOWNESS", 1))  # of a machine that is busy


class Crash(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = pathlib.Path(tempfile.mkdtemp(prefix="musicrep_crash_"))
        cls.addClassCleanup(shutil.rmtree, cls.dir, ignore_errors=True)
        counts = cls.dir / "counts"
        began = time.monotonic()
        done = cls.start("whole", SHIM_COUNTS=str(counts))
        messages = done.communicate()[1]
        assert done.returncode == 0, messages
        cls.seconds = time.monotonic() - began
        cls.digest = cls.digest_of("whole")
        # The program's own process ends last and has done the most; gnuplot's are others.
        cls.counts = {kind: 0 for kind in KINDS}
        for line in counts.read_text().splitlines():
            kind, n = line.split()
            cls.counts[kind] = max(cls.counts[kind], int(n))
        assert all(cls.counts.values()), cls.counts

    @classmethod
    def start(cls, name, cache=None, **shim):
        folder = cls.dir / name
        environment = dict(os.environ, MUSICREP_CACHE=str(folder / (cache or "cache")))
        if shim:
            environment.update(shim, LD_PRELOAD=SHIM)
        return subprocess.Popen([MUSICREP, "run", EXPERIMENT, "--out", folder / "out", "--jobs", "2", "-q"],
                                env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    @classmethod
    def digest_of(cls, name):
        done = subprocess.run([MUSICREP, "validate", "results", cls.dir / name / "out/results.h5"],
                              capture_output=True, text=True, check=True)
        return done.stdout.strip().rsplit(" ", 1)[1]

    def events(self, name):
        """Of the log: level, step, item and event of each line."""
        lines = (self.dir / name / "out/run.log").read_text().splitlines()
        return [line.split("\t")[1:] for line in lines]

    def artefacts(self, name):
        """What is finished, with the time when it was: none of it may be made again. What a step costs is stored before
        what it made, so that it is never missing: of a step that is not finished there may be one."""
        return {path: path.stat().st_mtime_ns for path in (self.dir / name / "cache").rglob("*")
                if path.is_file() and not path.name.startswith(".") and path.suffix in (".h5", ".flac")
                and path.parent.name != "cost"}

    def ends_well(self, name, what):
        before = self.artefacts(name)
        done = self.start(name)
        _, messages = done.communicate()
        self.assertEqual(done.returncode, 0, f"{what}\n{messages}")
        self.assertEqual(self.digest_of(name), self.digest, what)
        after = self.artefacts(name)
        again = [path for path, when in before.items() if after.get(path) != when]
        self.assertEqual(again, [], what)
        self.assertEqual(list((self.dir / name).rglob("*.tmp")), [], what)
        self.assertEqual(list((self.dir / name).rglob("*.damaged")), [], what)
        shutil.rmtree(self.dir / name)

    def test_killed_at_any_write_sync_or_rename(self):
        chosen = random.Random(1)
        for k in range(N_KILLS - N_KILLS // 4):
            kind = KINDS[k % len(KINDS)]
            at = chosen.randint(1, self.counts[kind])
            what = f"killed at {kind} {at} of {self.counts[kind]}"
            run = self.start("killed", SHIM_KIND=kind, SHIM_AT=str(at), SHIM_DO="kill")
            run.communicate()
            # Threads share the counts, so that the last few may not come in every run.
            self.assertIn(run.returncode, (-signal.SIGKILL, 0), what)
            if at < 0.8 * self.counts[kind]:
                self.assertEqual(run.returncode, -signal.SIGKILL, what)
            self.ends_well("killed", what)

    def test_killed_at_any_time_again_and_again(self):
        chosen = random.Random(2)
        n = N_KILLS // 4
        for k in range(n):
            seconds = chosen.uniform(0.02, self.seconds)
            run = self.start("timed")
            time.sleep(seconds)
            run.kill()
            run.communicate()
            if k % 2 == 1 or k == n - 1:  # two kills one after the other, then the end
                self.ends_well("timed", f"killed after {seconds:.2f} s")

    def test_a_disk_that_fails(self):
        for kind, fault, says in (("write", "ENOSPC", "No space left on device"),
                                  ("write", "EIO", "Input/output error"),
                                  ("sync", "EIO", "Input/output error"),
                                  ("rename", "EIO", "Input/output error")):
            for share in (0.1, 0.7):
                at = max(1, int(share * self.counts[kind]))
                what = f"{fault} from {kind} {at} of {self.counts[kind]} on"
                run = self.start("failing", SHIM_KIND=kind, SHIM_AT=str(at), SHIM_DO=fault)
                _, messages = run.communicate()
                self.assertEqual(run.returncode, 3, f"{what}\n{messages}")
                self.assertIn(says, messages, what)
                self.assertIn(str(self.dir / "failing"), messages, what)
                self.ends_well("failing", what)

    def test_a_disk_that_takes_little_at_once(self):
        run = self.start("short", SHIM_KIND="write", SHIM_AT="1", SHIM_DO="short")
        _, messages = run.communicate()
        self.assertEqual(run.returncode, 0, messages)
        self.ends_well("short", "short writes")

    def test_two_runs_at_once(self):
        both = [self.start(name, cache=self.dir / "shared") for name in ("one", "two")]
        for run in both:
            _, messages = run.communicate()
            self.assertEqual(run.returncode, 0, messages)
        self.assertEqual([self.digest_of("one"), self.digest_of("two")], [self.digest] * 2)
        # What one of them made the other found stored, or waited for.
        made = collections.Counter()
        for name in ("one", "two"):
            for _, step, _, event in self.events(name):
                if event not in ("begins", "training begins") and "stored" not in event and not AUDIO_STEPS.match(step):
                    made[step, event.split(":")[0].split(",")[0]] += 1
        twice = {step: n for step, n in made.items() if n > 1 and step[1] != "waiting" and not TRAIN.match(step[0])}
        self.assertEqual(twice, {})
        self.assertGreater(len(made), 15)
        done = subprocess.run([MUSICREP, "cache", "verify", "--cache", self.dir / "shared"],
                              capture_output=True, text=True, check=True)
        self.assertIn("0 damaged", done.stdout)
        for name in ("one", "two", "shared"):
            self.assertEqual(list((self.dir / name).rglob("*.tmp")), [], name)

    def test_a_folder_that_cannot_be_written(self):
        for what in ("cache", "out"):
            folder = self.dir / "read_only" / what
            run = self.start("read_only", SHIM_READ_ONLY=str(folder))
            _, messages = run.communicate()
            self.assertEqual(run.returncode, 3, messages)
            self.assertIn(f"'{folder}'", messages)
            self.assertIn("Read-only file system", messages)
            # Reported before any work.
            self.assertEqual([path for path in (self.dir / "read_only").rglob("*") if path.is_file()], [])
        self.ends_well("read_only", "a folder that could not be written")

    def test_asked_to_stop_at_any_time(self):
        chosen = random.Random(4)
        for k in range(max(4, N_KILLS // 5)):
            number = (signal.SIGTERM, signal.SIGINT)[k % 2]
            run = self.start("stopped")
            time.sleep(chosen.uniform(0.02, 0.9 * self.seconds))
            asked = time.monotonic()
            run.send_signal(number)
            _, messages = run.communicate()
            took = time.monotonic() - asked
            if run.returncode in (0, -number):
                continue  # it was about to end, or had not begun to listen
            self.assertEqual(run.returncode, 128 + number, messages)
            self.assertIn("run the same command again to continue", messages)
            self.assertLess(took, 10 * SLOWNESS, f"after signal {number}")
        self.ends_well("stopped", "stopped many times")

    def test_asked_twice_to_stop_it_ends_at_once(self):
        run = self.start("twice")
        deadline = time.monotonic() + 60
        while not (self.dir / "twice/out/run.log").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        run.send_signal(signal.SIGSTOP)  # so that both are there before it can answer the first
        run.send_signal(signal.SIGTERM)
        run.send_signal(signal.SIGINT)
        run.send_signal(signal.SIGCONT)
        _, messages = run.communicate()
        self.assertIn(run.returncode, (130, 143))
        self.assertNotIn("musicrep: ", messages)  # it did not get to say anything
        self.ends_well("twice", "stopped at once")

    def test_any_byte_of_an_artefact_that_is_flipped_is_noticed(self):
        chosen = random.Random(3)
        shutil.copytree(self.dir / "whole", self.dir / "flipped")
        files = sorted((self.dir / "flipped/cache").rglob("*.h5"))
        for path in chosen.sample(files, min(len(files), max(8, N_KILLS // 2))):
            data = bytearray(path.read_bytes())
            place = chosen.randrange(len(data))
            data[place] ^= 1 << chosen.randrange(8)
            path.write_bytes(data)
            done = subprocess.run([MUSICREP, "cache", "verify", "--cache", self.dir / "flipped/cache"],
                                  capture_output=True, text=True)
            self.assertIn("1 damaged", done.stdout, f"{path}, byte {place} of {len(data)}")
        run = self.start("flipped")
        _, messages = run.communicate()
        self.assertEqual(run.returncode, 0, messages)
        self.assertEqual(self.digest_of("flipped"), self.digest)


if __name__ == "__main__":
    unittest.main()
