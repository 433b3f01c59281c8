"""Table 1 small on a real Slurm of two nodes, with a program and a whole node killed in the middle."""
import os
import pathlib
import signal
import subprocess
import time
import unittest

from cluster import MUSICREP, SOURCE, ClusterTest, require
from slurm import Slurm


class OnSlurm(ClusterTest):
    def setUp(self):
        super().setUp()
        self.slurm = Slurm(self.dir / "slurm")
        self.addCleanup(self.slurm.stop)
        self.slurm.start()

    def busy_program(self, node):
        """A `musicrep step` that runs on a node."""
        for pid in self.slurm.programs_on(node):
            try:
                command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if command[0] == os.fsencode(MUSICREP):
                return pid
        return None

    def requeued(self):
        """Lets what Slurm has put back into its queue begin now, not two minutes later."""
        jobs = self.slurm.ask("squeue", "-h", "-t", "PD", "-o", "%i %r").splitlines()
        waiting = [line.split()[0] for line in jobs if line.endswith("BeginTime")]
        for job in waiting:
            self.slurm.ask("scontrol", "update", f"JobId={job}", "StartTime=now")
        return waiting or None

    def wait_for(self, find, run):
        until = time.monotonic() + 600
        while time.monotonic() < until and run.poll() is None:
            if (found := find()) is not None:
                return found
            time.sleep(0.1)
        self.fail("nothing ran that could be killed")

    def test_same_bits_as_one_run_whatever_is_killed(self):
        plan = self.plan()
        run = self.snakemake("--profile", str(SOURCE / "experiments/cluster/slurm"), env=self.slurm.environment,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(run.kill)
        # One program: its job fails and Snakemake hands it in again.
        victim = self.wait_for(lambda: self.busy_program("one"), run)
        os.kill(victim, signal.SIGKILL)
        # One machine: Slurm itself puts its jobs into the queue again. A job may just have ended: once more.
        log = self.slurm.folder / "slurmctld.log"
        while "due to failure of node two" not in log.read_text():
            self.wait_for(lambda: self.busy_program("two"), run)
            self.slurm.kill_node("two")
            # Back too soon, Slurm would not miss jobs that had begun in the last 20 s until their time limit ends them.
            self.slurm.notice_death_of("two")
            self.slurm.start_node("two")
            until = time.monotonic() + 20
            while not self.requeued() and time.monotonic() < until:
                time.sleep(0.5)
        out, _ = run.communicate(timeout=3000)
        self.assertEqual(run.returncode, 0, out)
        self.assertIn("Trying to restart job", out)
        logs = "".join(path.read_text() for path in self.dir.glob("slurm-*.log"))
        self.check(plan, logs)
        nodes = set(self.slurm.ask("sh", "-c", "scontrol show jobs | sed -n 's/^ *NodeList=//p'").split())
        print(f"jobs ran on {', '.join(sorted(nodes))}; killed: process {victim} on one, the whole node two")
        self.assertEqual(nodes, set(self.slurm.nodes))


if __name__ == "__main__":
    require("snakemake", "slurm-wlm", "munge")
    unittest.main()
