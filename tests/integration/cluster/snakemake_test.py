"""Table 1 small through `snakemake -j2` on this machine."""
import subprocess
import unittest

from cluster import ClusterTest, require


class Snakemake(ClusterTest):
    def test_same_bits_as_one_run(self):
        plan = self.plan()
        run = self.snakemake("-j2", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        logs, messages = run.communicate()
        self.assertEqual(run.returncode, 0, messages)
        self.check(plan, logs)


if __name__ == "__main__":
    require("snakemake")
    unittest.main()
