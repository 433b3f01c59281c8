"""Plans as graphs: steps run one by one, in any order that their inputs allow, end in the bits of one run."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import time
import unittest
import wave

from program import MUSICREP, SOURCE, ProgramTest

AUDIO = """
name = "tiny"
seed = 1
[dataset.genres]
kind = "orchestrion"
corpus = "genres"
n_clips = 60
n_artists = 30
clip_s = 1.0
[task.genre]
dataset = "genres"
targets = ["genre"]
[encoder.mfcc]
kind = "mfcc"
[encoder.loud]
kind = "command"
command = "/usr/bin/python3 loud.py {in} {out}"
items_a_call = 8
[[evaluate]]
tasks = ["genre"]
encoders = ["mfcc"]
protocols = ["nested"]
[[sweep]]
task = "genre"
encoders = ["mfcc"]
protocol = "nested"
labels = [1, 2]
draws = 2
"""


class Plan(ProgramTest):
    def plan(self, experiment, *options, cache="steps"):
        self.run_program("plan", experiment, "--cache", cache, "--plan", "plan.json", "--out", "stepped", *options)
        return json.loads((self.dir / "plan.json").read_text())

    def step(self, *keys, expect=0, **more):
        return self.run_program("step", *keys, "--plan", "plan.json", expect=expect, **more)

    def run_all(self, plan, chosen=random.Random(1), expect=0):
        """Every job once all it needs has ended, otherwise in any order; the one that assembles ends with `expect`."""
        ended = set()
        open_jobs = list(plan["jobs"])
        while open_jobs:
            ready = [job for job in open_jobs if ended.issuperset(job["needs"])]
            job = chosen.choice(ready)
            self.step(*job["steps"], expect=0 if open_jobs[1:] else expect)
            ended.add(job["name"])
            open_jobs.remove(job)

    def audio_experiment(self):
        text = AUDIO.split("[encoder.loud]")[0] + "[[evaluate]]" + AUDIO.split("[[evaluate]]")[1]
        (self.dir / "tiny.toml").write_text(text)
        return self.dir / "tiny.toml"

    def whole(self, experiment, **more):
        self.run_program("run", experiment, "--cache", "whole", "--out", "whole_out", "-q", **more)
        return self.digest("whole_out")

    def artefacts(self, cache):
        return {str(path.relative_to(self.dir / cache)) for path in (self.dir / cache).rglob("*.h5")
                if path.parent.name not in ("cost", "fingerprint")}

    def test_steps_end_in_the_bits_and_the_artefacts_of_one_run(self):
        e = self.audio_experiment()
        plan = self.plan(e, "--shard-items", 7, "--job-seconds", 0)
        kinds = [step["what"] for step in plan["steps"]]
        self.assertEqual(kinds, ["make"] + ["shard"] * 9 + ["encode", "evaluate", "sweep", "fingerprint", "describe", "assemble"])
        self.assertEqual(len(plan["jobs"]), len(kinds))
        self.run_all(plan)
        self.assertEqual(self.digest("stepped"), self.whole(e))
        self.assertEqual(self.artefacts("steps"), self.artefacts("whole"))
        # Merged shards are gone, and nothing is left to do.
        again = self.plan(e, "--shard-items", 7)
        self.assertEqual({step["state"] for step in again["steps"][:-1]}, {"stored"})
        self.assertEqual(len(again["jobs"]), 1)
        done = self.run_program("run", e, "--cache", "steps", "--out", "after")
        self.assertEqual(done.stderr.count("stored"), 3, done.stderr)
        self.assertEqual(self.digest("after"), self.digest("stepped"))

    def test_a_step_done_twice_is_harmless(self):
        plan = self.plan(self.audio_experiment(), "--shard-items", 30, "--job-seconds", 0)
        make, one, two, encode = [step["key"] for step in plan["steps"]][:4]
        self.step(make)
        self.step(one, two)
        before = {path: path.stat().st_mtime_ns for path in (self.dir / "steps").rglob("*.h5")}
        self.assertIn(": stored", self.step(one).stdout)
        self.assertEqual({path: path.stat().st_mtime_ns for path in before}, before)
        both = [subprocess.Popen([MUSICREP, "step", key, "--plan", "plan.json"], cwd=self.dir) for key in (encode,) * 3]
        self.assertEqual([run.wait() for run in both], [0, 0, 0])
        self.assertIn(": stored", self.step(encode).stdout)
        self.assertIn(": stored", self.step(one).stdout)  # its vectors are part of the whole
        self.assertIn("0 damaged", self.run_program("cache", "verify", "--cache", "steps").stdout)

    def test_a_step_without_its_inputs_names_them(self):
        plan = self.plan(self.audio_experiment(), "--shard-items", 30, "--job-seconds", 0)
        keys = {step["what"]: step["key"] for step in plan["steps"]}
        shards = [step["key"] for step in plan["steps"] if step["what"] == "shard"]
        message = self.step(keys["encode"], expect=3).stderr
        for shard in shards:
            self.assertIn(shard, message)
        self.assertIn(keys["make"], self.step(shards[0], expect=3).stderr)
        self.assertIn(keys["evaluate"], self.step(keys["assemble"], expect=3).stderr)
        self.assertFalse((self.dir / "stepped").exists())

    def test_a_kill_in_the_middle_costs_that_step_alone(self):
        e = self.audio_experiment()
        plan = self.plan(e, "--shard-items", 20, "--job-seconds", 0)
        chosen = random.Random(2)
        for job in plan["jobs"]:
            run = subprocess.Popen([MUSICREP, "step", *job["steps"], "--plan", "plan.json"], cwd=self.dir,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chosen.uniform(0.1, 0.8))
            run.kill()
            run.wait()
            self.step(*job["steps"])
        self.assertEqual(self.digest("stepped"), self.whole(e))

    def test_unknown_keys_and_bad_plans_are_refused(self):
        self.make_data()
        plan = self.plan(self.write_experiment())
        self.assertIn("found 0 matching steps", self.step("abcdef", expect=2).stderr)
        self.assertIn("expected one key", self.step("", expect=2).stderr)
        text = (self.dir / "plan.json").read_text()
        key = plan["steps"][0]["key"]
        for bad in (text[:len(text) // 2], "[]", "{}", text.replace('"version": 2', '"version": 9'),
                    text.replace('"cache"', '"hoard"'), text.replace('"key"', '"kay"'), text.replace('"shard_items": {}', '"shard_items": 3')):
            (self.dir / "plan.json").write_text(bad)
            self.assertIn("plan.json' is not a valid plan", self.step(key, expect=3).stderr, bad[:80])
        (self.dir / "plan.json").unlink()
        self.assertIn("plan.json", self.step(key, expect=3).stderr)

    def test_a_plan_of_something_else_is_refused_with_what_differs(self):
        self.make_data()
        e = self.write_experiment()
        plan = self.plan(e)
        key = plan["steps"][0]["key"]
        good = (self.dir / "plan.json").read_text()
        (self.dir / "plan.json").write_text(good.replace(plan["code"]["version"], "0.0.7"))
        self.assertIn("version: found '0.1.0', the plan has '0.0.7'", self.step(key, expect=3).stderr)
        (self.dir / "plan.json").write_text(good.replace(plan["code"]["program"], "00ff"))
        self.assertIn("program: found", self.step(key, expect=3).stderr)
        (self.dir / "plan.json").write_text(good)
        experiment = e.read_text()
        e.write_text(experiment + "# another\n")
        self.assertIn("experiment file: found", self.step(key, expect=3).stderr)
        e.write_text(experiment)
        table = (self.dir / "items.csv").read_text()
        (self.dir / "items.csv").write_text(table.replace("t0,c0", "t0,c1"))
        self.assertIn("data set 'd', manifest: found", self.step(key, expect=3).stderr)
        (self.dir / "items.csv").write_text(table)
        # What keys alone know of: features under the same name.
        shutil.copy(self.dir / "x.npy", self.dir / "old.npy")
        data = bytearray((self.dir / "x.npy").read_bytes())
        data[-1] ^= 1
        (self.dir / "x.npy").write_bytes(data)
        self.assertIn("its inputs have changed since", self.step(key, expect=3).stderr)
        shutil.copy(self.dir / "old.npy", self.dir / "x.npy")
        self.run_all(plan)

    def test_a_plan_holds_what_it_was_asked_with(self):
        self.make_data()
        (self.dir / "data").mkdir()
        for name in ("items.csv", "x.npy"):
            shutil.move(self.dir / name, self.dir / "data" / name)
        e = self.write_experiment()
        e.write_text(e.read_text().replace('"items.csv"', '"${MUSICREP_DATA}/items.csv"')
                     .replace('"x.npy"', '"${MUSICREP_DATA}/x.npy"'))
        (self.dir / "elsewhere").mkdir()
        self.run_program("plan", "e.toml", "--limit", 45, "--seed", 3, "--plan", "plan.json", "--cache", "steps",
                         "--out", "stepped", env={"MUSICREP_DATA": str(self.dir / "data")})
        plan = json.loads((self.dir / "plan.json").read_text())
        environment = {k: v for k, v in os.environ.items() if k != "MUSICREP_DATA"}
        for job in plan["jobs"]:  # from another folder, without what stood in the environment
            subprocess.run([MUSICREP, "step", *job["steps"], "--plan", "../plan.json"], cwd=self.dir / "elsewhere",
                           env=environment, check=True, stdout=subprocess.DEVNULL)
        self.run_program("run", "e.toml", "--limit", 45, "--seed", 3, "--out", "whole", "--data", "data")
        self.assertEqual(self.digest("stepped"), self.digest("whole"))

    def test_what_fails_in_a_step_becomes_its_row(self):
        (self.dir / "tiny.toml").write_text(AUDIO.replace('encoders = ["mfcc"]\nprotocols', 'encoders = ["mfcc", "loud"]\nprotocols'))
        (self.dir / "loud.py").write_text("raise SystemExit('too loud')\n")
        plan = self.plan("tiny.toml", "--shard-items", 20, "--job-seconds", 0)
        shards = [step for step in plan["steps"] if step["what"] == "shard"]
        # Whole calls of 8 items.
        self.assertEqual([step["items"] for step in shards if "loud" in step["text"]], [[0, 24], [24, 48], [48, 60]])
        ended = []
        for job in plan["jobs"][:-1]:
            ended.append(self.step(*job["steps"]).stdout)
        self.assertEqual(sum("not run: " in line for line in ended), 6)  # shards, the whole, its row, its fingerprint
        self.step(*plan["jobs"][-1]["steps"], expect=5)
        self.run_program("run", "tiny.toml", "--cache", "whole", "--out", "whole_out", "-q", expect=5)
        self.assertEqual(self.digest("stepped"), self.digest("whole_out"))

    def test_bad_items_leave_all_rows(self):
        self.make_data()
        e = self.write_experiment()
        plan = self.plan(e, "--skip-bad")
        self.run_all(plan)
        self.run_program("run", e, "--skip-bad", "--cache", "whole", "--out", "whole_out")
        self.assertEqual(self.digest("stepped"), self.digest("whole_out"))

    def test_short_steps_share_jobs(self):
        e = self.audio_experiment()
        self.run_program("run", e, "--cache", "whole", "--out", "whole_out", "-q")
        judged = ["--estimate-from", "whole_out", "--shard-items", 7]
        plan = self.plan(e, *judged, "--job-seconds", 1000)
        # Of the sweep and of what merges and assembles nothing is known beforehand.
        self.assertLess(len(plan["jobs"]), 6)
        self.assertEqual(sorted(key for job in plan["jobs"] for key in job["steps"]),
                         sorted(step["key"] for step in plan["steps"]))
        self.assertGreater(plan["jobs"][0]["memory_mib"], 0)
        self.run_all(plan)
        self.assertEqual(self.digest("stepped"), self.digest("whole_out"))

    def known_files(self):
        """24 clips, and read.toml and known.toml on them: without and with their hashes. Returns the table's lines."""
        noise = random.Random(3)
        lines = ["id,label,file,sha"]
        for i in range(24):
            with wave.open(str(self.dir / f"{i}.wav"), "wb") as out:
                out.setparams((1, 2, 22050, 0, "NONE", ""))
                out.writeframes(bytes(noise.randrange(256) for _ in range(22050)))
            sha = hashlib.sha256((self.dir / f"{i}.wav").read_bytes()).hexdigest()
            lines.append(f"t{i},c{i % 2},{i}.wav,{sha}")
        (self.dir / "items.csv").write_text("\n".join(lines) + "\n")
        text = '''name = "e"
[dataset.d]
kind = "table"
csv = "items.csv"
labels = ["label"]
file = "file"
[task.t]
dataset = "d"
targets = ["label"]
[encoder.mfcc]
kind = "mfcc"
[[evaluate]]
tasks = ["t"]
encoders = ["mfcc"]
protocols = ["nested"]
'''
        (self.dir / "read.toml").write_text(text)
        (self.dir / "known.toml").write_text(text.replace('file = "file"', 'file = "file"\nfile_sha256 = "sha"'))
        return lines

    def test_files_that_a_table_knows_by_hash(self):
        lines = self.known_files()
        plan = self.plan("known.toml", "--shard-items", 10)
        self.run_all(plan)
        # The same keys as of files that are read while the plan is made.
        done = self.run_program("run", "read.toml", "--cache", "steps", "--out", "read")
        self.assertEqual(done.stderr.count("stored"), 2, done.stderr)
        (self.dir / "items.csv").write_text("\n".join(lines[:-1] + [lines[-1][:-1] + "x"]) + "\n")
        self.assertIn("expected a SHA-256", self.run_program("plan", "known.toml", expect=3).stderr)
        (self.dir / "items.csv").write_text("\n".join(lines) + "\n")
        (self.dir / "23.wav").write_bytes((self.dir / "22.wav").read_bytes())
        plan = self.plan("known.toml", "--shard-items", 10, cache="other")
        self.step(*plan["jobs"][0]["steps"])
        bad = self.step(plan["steps"][2]["key"], expect=3).stderr
        self.assertIn("item 't23'", bad)
        self.assertIn("found a file with the SHA-256", bad)

    def test_a_file_that_comes_later_is_skipped_no_longer(self):
        self.known_files()
        late = self.dir / "5.wav"
        found = late.read_bytes()
        late.unlink()
        self.run_program("run", "known.toml", "--skip-bad", "--out", "without", expect=5)
        self.assertIn("encode mfcc on d: stored",
                      self.run_program("run", "known.toml", "--skip-bad", "--out", "again", expect=5).stderr)
        late.write_bytes(found)
        self.assertRegex(self.run_program("plan", "known.toml", "--skip-bad").stdout, "encode +mfcc +on d: to do")
        self.assertIn("encode mfcc on d: 24 items", self.run_program("run", "known.toml", "--skip-bad", "--out", "with").stderr)

    def test_a_shard_may_be_left_without_good_items(self):
        self.known_files()
        for i in range(10, 20):
            (self.dir / f"{i}.wav").write_bytes(b"no audio")
        plan = self.plan("known.toml", "--skip-bad", "--shard-items", 10, "--job-seconds", 0)
        shards = [step["key"] for step in plan["steps"] if step["what"] == "shard"]
        self.assertIn("0 items, 0 dimensions, 10 skipped", self.step(shards[1]).stdout)
        self.assertIn("stored", self.step(shards[1]).stdout)
        self.run_all(plan, expect=5)  # finished, and items were skipped
        self.run_program("run", "known.toml", "--skip-bad", "--cache", "whole", "--out", "whole_out", expect=5)
        self.assertEqual(self.digest("stepped"), self.digest("whole_out"))
        self.assertEqual({path for path in self.artefacts("steps") if not path.startswith("tried/")}, self.artefacts("whole"))
        # Where none is left in any shard there is nothing to go on with.
        for i in range(24):
            (self.dir / f"{i}.wav").write_bytes(b"no audio")
        plan = self.plan("known.toml", "--skip-bad", "--shard-items", 10, "--job-seconds", 0, cache="other")
        self.step(*shards)
        encode = next(step["key"] for step in plan["steps"] if step["what"] == "encode")
        for message in (self.step(encode, expect=3).stderr,
                        self.run_program("run", "known.toml", "--skip-bad", "--cache", "no", "--out", "no_out", expect=3).stderr):
            self.assertIn("encoder 'mfcc' on data set 'd':", message)
            self.assertIn("item 't0': ", message)

    def test_text_for_people(self):
        text = self.run_program("plan", self.audio_experiment(), "--shard-items", 30).stdout
        self.assertRegex(text, r"shard +mfcc .*, items 0 to 30: to do")
        self.assertIn("9 of 9 steps to do", text)
        self.assertEqual(json.loads(self.run_program("plan", "tiny.toml", "--format", "json").stdout)["experiment"], "tiny")
        self.run_program("plan", "tiny.toml", "--overwrite-strategy", "always", expect=2)
        self.run_program("plan", "tiny.toml", "--job-seconds=-1", expect=2)


if __name__ == "__main__":
    unittest.main()
