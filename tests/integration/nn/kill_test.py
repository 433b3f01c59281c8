"""Trainings that are killed, stopped, or run out of disk, and go on to the same bytes."""
import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

TRAIN = os.environ["TRAIN_TINY"]
STEPS = 120


class KillTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory(prefix="musicrep_kill_") as folder:
            subprocess.run([TRAIN, "w.h5", "c.h5", str(STEPS), "0"], cwd=folder, check=True, timeout=120)
            cls.expected = pathlib.Path(folder, "w.h5").read_bytes()

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="musicrep_kill_"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.weights, self.checkpoint = self.dir / "w.h5", self.dir / "c.h5"

    def start(self, steps=STEPS, wait_ms=0, **kwargs):
        arguments = [TRAIN, self.weights.name, self.checkpoint.name, str(steps), str(wait_ms)]
        return subprocess.Popen(arguments, cwd=self.dir, stderr=subprocess.PIPE, text=True, **kwargs)

    def stop_after_a_checkpoint(self, number, delay=0.0):
        """The exit code and messages of a run that gets the signal after it wrote a checkpoint."""
        before = self.checkpoint.stat().st_mtime_ns if self.checkpoint.exists() else None
        run = self.start(wait_ms=10)
        deadline = time.monotonic() + 120
        while not self.checkpoint.exists() or self.checkpoint.stat().st_mtime_ns == before:
            self.assertIsNone(run.poll(), "it ended before a checkpoint was seen")
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.002)
        time.sleep(delay)
        run.send_signal(number)
        _, errors = run.communicate(timeout=120)
        return run.returncode, errors

    def finish(self):
        run = self.start()
        _, errors = run.communicate(timeout=120)
        self.assertEqual(run.returncode, 0, errors)
        self.assertEqual(self.weights.read_bytes(), self.expected)
        self.assertFalse(self.checkpoint.exists())

    def test_killed_again_and_again(self):
        delays = random.Random(1)
        for _ in range(3):
            code, _ = self.stop_after_a_checkpoint(signal.SIGKILL, delays.uniform(0, 0.1))
            self.assertEqual(code, -signal.SIGKILL)
            self.assertFalse(self.weights.exists())
        self.finish()

    def test_asked_to_stop(self):
        code, errors = self.stop_after_a_checkpoint(signal.SIGTERM)
        self.assertEqual(code, 130)
        self.assertIn("run the same command again", errors)
        self.finish()

    def test_full_disk(self):
        self.stop_after_a_checkpoint(signal.SIGKILL)
        good = self.checkpoint.read_bytes()

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        run = self.start(preexec_fn=limit)
        _, errors = run.communicate(timeout=120)
        self.assertEqual(run.returncode, 3, errors)
        self.assertIn("c.h5", errors)
        self.assertEqual(self.checkpoint.read_bytes(), good)
        self.finish()

    def test_damaged_checkpoint(self):
        self.stop_after_a_checkpoint(signal.SIGKILL)
        self.checkpoint.write_bytes(self.checkpoint.read_bytes()[:-100])
        self.finish()
        self.assertTrue((self.dir / "c.h5.damaged").exists())

    def test_another_training(self):
        self.stop_after_a_checkpoint(signal.SIGKILL)
        run = self.start(steps=STEPS + 1)
        _, errors = run.communicate(timeout=120)
        self.assertEqual(run.returncode, 3, errors)
        self.assertIn(f"'steps': found {STEPS}, expected {STEPS + 1}", errors)
        self.finish()


if __name__ == "__main__":
    unittest.main()
