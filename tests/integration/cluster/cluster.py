"""What the suites share: table1 small, planned, run by Snakemake, and compared with one run."""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

MUSICREP = os.environ["MUSICREP"]
SOURCE = pathlib.Path(os.environ["MUSICREP_SOURCE"])


def require(*packages):
    """Skips unless asked for; installs what is missing."""
    if os.environ.get("MUSICREP_CLUSTER") != "1":
        print(f"SKIPPED: needs {', '.join(packages)} and runs for minutes: MUSICREP_CLUSTER=1 asks for it")
        sys.exit(0)
    missing = [name for name in packages
               if "ok installed" not in subprocess.run(["dpkg", "-s", name], capture_output=True, text=True).stdout]
    if missing:
        root = [] if os.getuid() == 0 else ["sudo"]
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        subprocess.run([*root, "apt-get", "update", "-q"], check=True)
        subprocess.run([*root, "apt-get", "install", "-qy", "--no-install-recommends", *missing], check=True,
                       env=environment)


class ClusterTest(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="musicrep_cluster_"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)

    def program(self, *arguments):
        done = subprocess.run([MUSICREP, *map(str, arguments)], cwd=self.dir, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def plan(self):
        """Estimated from a run on this machine, which the others are compared with."""
        self.program("run", SOURCE / "experiments/smoke.toml", "--cache", "whole", "--out", "whole_out", "-q")
        self.program("plan", SOURCE / "experiments/smoke.toml", "--cache", "cache", "--out", "out", "--shard-items", 24,
                     "--job-seconds", 1, "--estimate-from", "whole_out", "--plan", "plan.json")
        return json.loads((self.dir / "plan.json").read_text())

    def snakemake(self, *arguments, **more):
        return subprocess.Popen(
            ["snakemake", "--snakefile", SOURCE / "experiments/cluster/Snakefile", *arguments,
             "--config", "plan=plan.json", f"musicrep={MUSICREP}"], cwd=self.dir, text=True, **more)

    def digest(self, folder):
        return self.program("validate", "results", f"{folder}/results.h5").strip().rsplit(" ", 1)[1]

    def check(self, plan, logs):
        """The bits of one run; every step was done once; that run finds all of it stored; no leftovers."""
        lines = collections.Counter(key for key, outcome in re.findall(r"^([0-9a-f]{12}) .*?: ([^:]*)$", logs, re.M)
                                    if outcome != "stored")
        planned = {step["key"][:12] for step in plan["steps"] if step["what"] != "assemble"}
        self.assertEqual(set(lines), planned)
        self.assertEqual(set(lines.values()), {1}, [key for key in lines if lines[key] > 1])
        digest = self.digest("out")
        self.assertEqual(digest, self.digest("whole_out"))
        self.assertEqual(self.artefacts("cache"), self.artefacts("whole"))
        before = self.artefact_times()
        self.program("run", SOURCE / "experiments/smoke.toml", "--cache", "cache", "--out", "again", "-q")
        self.assertEqual(self.digest("again"), digest)
        self.assertEqual(self.artefact_times(), before)
        self.assertEqual(list((self.dir / "cache").rglob("*.damaged")), [])
        print(f"{len(plan['steps'])} steps in {len(plan['jobs'])} jobs; content digest {digest}, as of one run")

    def artefacts(self, cache):
        return {str(path.relative_to(self.dir / cache)) for path in (self.dir / cache).rglob("*.h5")}

    def artefact_times(self):
        return {path: path.stat().st_mtime_ns for path in (self.dir / "cache").rglob("*.h5")}
