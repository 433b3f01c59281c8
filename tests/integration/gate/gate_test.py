"""compare, check and approve as their users meet them: exit codes, messages, files."""
import json
import shutil
import unittest
import xml.etree.ElementTree

from clips import ClipsTest
from program import SOURCE


class Gate(ClipsTest):
    def setUp(self):
        super().setUp()
        self.run_clips("first")

    def approve(self, run="first", expect=0, reference="reference"):
        return self.run_program("approve", run, "--as", reference, expect=expect)

    def edit(self, was, is_, file="clips.toml"):
        text = (self.dir / file).read_text()
        self.assertIn(was, text)
        (self.dir / file).write_text(text.replace(was, is_))

    def outcomes(self, file):
        suites = xml.etree.ElementTree.parse(self.dir / file).getroot()
        out = {}
        for suite in suites:
            cases = list(suite)
            kinds = [case[0].tag if len(case) else "passed" for case in cases]
            self.assertEqual(suite.get("tests"), str(len(cases)))
            self.assertEqual(suite.get("failures"), str(kinds.count("failure")))
            self.assertEqual(suite.get("errors"), str(kinds.count("error")))
            self.assertEqual(suite.get("skipped"), str(kinds.count("skipped")))
            out[suite.get("name").rsplit(".", 1)[1]] = kinds
        return out

    def test_the_same_run(self):
        self.approve()
        headline, text = self.check("first", "--exact", "--junit", "check.xml")
        self.assertEqual(headline, "check: same as the reference of clips: 8 rows, bit for bit")
        self.assertLessEqual(max(map(len, text.splitlines())), 100, text)
        self.assertEqual(self.outcomes("check.xml"),
                         {**{layer: ["passed"] for layer in ("consistency", "statements")},
                          **{layer: ["passed"] * 8 for layer in ("provenance", "fingerprints", "scores")}})
        done = self.run_program("compare", "first", "reference", "--out", "c.json")
        self.assertIn("8 rows: 8 with the same predictions", done.stdout)
        self.assertEqual(json.loads((self.dir / "c.json").read_text())["facts"], [])

    def test_comments_and_order_of_the_experiment_are_nothing(self):
        self.approve()
        self.edit('name = "clips"\nseed = 1\n', '# a comment\nseed = 1 # one\nname = "clips"\n')
        headline, text = self.check(self.run_clips("commented"))
        self.assertIn("8 of them with the same vectors and predictions", headline)
        self.assertIn("nothing differs", text)
        self.assertIn("experiment_sha256", self.check("commented", "--exact", expect=1)[1])

    def test_files_of_an_encoder_may_be_new_where_its_scores_are_not(self):
        self.approve()
        header, *lines = (self.dir / "x.csv").read_text().splitlines()
        (self.dir / "x.csv").write_text("\n".join([header, *[line + "0" for line in lines]]) + "\n")
        self.run_clips("same_numbers")
        headline, text = self.check("same_numbers", expect=5)
        self.assertIn("weights or files", text)
        allowed = ("--allow-new-files", "file")
        headline, text = self.check("same_numbers", *allowed)
        self.assertTrue(headline.startswith("check: same as the reference of clips: 8 rows"), headline)
        self.assertIn("weights or files", text)  # it is said all the same
        self.check("same_numbers", "--allow-new-files", "mfcc", expect=5)
        self.assertIn("Did you mean 'file'?", self.run_program("check", "same_numbers", "--against", "reference",
                                                               "--allow-new-files", "fil", expect=2).stderr)
        # Worse vectors are a regression, not another file.
        spoiled = [line.split(",")[0] + "," + other.split(",", 1)[1] for line, other in zip(lines, lines[7:] + lines[:7])]
        (self.dir / "x.csv").write_text("\n".join([header, *spoiled]) + "\n")
        self.run_clips("spoiled")
        self.assertIn("not comparable", self.check("spoiled", expect=5)[0])
        headline, _ = self.check("spoiled", *allowed, expect=1)
        self.assertRegex(headline, "caught in scores: [1-4] of 8 rows regressed: file on")
        # The reference may say it.
        self.run_program("approve", "first", "--as", "guard", *allowed)
        self.check("same_numbers", against="guard")
        self.check("spoiled", against="guard", expect=1)
        self.run_program("approve", "same_numbers", "--as", "guard")
        self.assertIn('new_files = ["file"]', (self.dir / "guard/tolerances.toml").read_text())
        self.edit('new_files = ["file"]', 'new_files = ["gone"]', "guard/tolerances.toml")
        done = self.run_program("check", "same_numbers", "--against", "guard", expect=2)
        self.assertIn("gone", done.stderr)
        self.assertIn("tolerances.toml", done.stderr)

    def test_missing_extra_and_not_measured_rows(self):
        self.approve()
        self.assertIn("4 of 8 rows missing", self.check(self.run_clips("fewer", "--only", "mfcc"), expect=5)[0])
        self.assertIn("a part of its experiment (--only mfcc)", self.approve("fewer", expect=1).stderr)
        self.edit('encoders = ["mfcc", "file"]', 'encoders = ["mfcc"]')
        self.approve(self.run_clips("small_run"), reference="small")
        self.edit('encoders = ["mfcc"]', 'encoders = ["mfcc", "file"]')
        self.assertIn("4 of 8 rows extra", self.check("first", expect=5, against="small")[0])
        # Three items of a class fewer than folds: the protocol cannot be run.
        self.edit('"nested", "hear-10fold"', '"nested", "hear-10fold", "gtzan-fault-filtered"')
        self.run_program("run", "clips.toml", "--out", "failed", "-q", expect=5)
        headline, _ = self.check("failed", "--junit", "check.xml", expect=5)
        self.assertIn("4 of 12 rows extra", headline)
        self.assertEqual(self.outcomes("check.xml")["scores"].count("skipped"), 4)

    def test_what_moves_without_a_version_is_not_approved(self):
        self.approve()
        before = (self.dir / "reference/results.h5").read_bytes()
        done = self.approve(self.mutant_run("kernel_width"), expect=1)
        self.assertIn("mfcc on kind under nested", done.stderr)
        self.assertIn("bump", done.stderr)
        done = self.approve(self.mutant_run("batch_normalised"), expect=1)
        self.assertIn("encoder mfcc depends on the others in a call", done.stderr)
        self.assertIn("(--seed)", self.approve(self.run_clips("seeded", "--seed", 2), expect=1).stderr)
        self.assertIn("(--limit)", self.approve(self.run_clips("quick", "--limit", 40), expect=1).stderr)
        self.assertEqual((self.dir / "reference/results.h5").read_bytes(), before)
        # Other data is said by its hash.
        self.edit("c0,k0", "c0,k1", "clips.csv")
        self.approve(self.run_clips("corrected"))
        self.assertNotEqual((self.dir / "reference/results.h5").read_bytes(), before)
        self.assertEqual(sorted(path.name for path in self.dir.glob(".reference*")), [])

    def test_a_reference_is_whole(self):
        self.approve()
        names = {path.name for path in (self.dir / "reference").iterdir()}
        self.assertLessEqual({"results.h5", "report.md", "table.csv", "tolerances.toml"}, names)
        (self.dir / "notes").mkdir()
        (self.dir / "notes/a.txt").write_text("mine")
        self.assertIn("'notes' holds files, but no results.h5", self.approve(reference="notes", expect=2).stderr)
        # Tolerances of another run are refused, a wider one is taken, none are derived.
        tolerances = self.dir / "reference/tolerances.toml"
        text = tolerances.read_text()
        self.edit("content_digest = \"", "content_digest = \"0", "reference/tolerances.toml")
        self.assertIn("is for results with digest", self.run_program(
            "check", "first", "--against", "reference", expect=3).stderr)
        tolerances.unlink()
        self.check("first", "--exact")
        tolerances.write_text(text.replace('protocol = "nested"', 'protocol = "other"', 1))
        self.assertIn("no tolerance for", self.run_program("check", "first", "--against", "reference", expect=3).stderr)

    def test_compare(self):
        mutant = self.mutant_run("mel_edge")
        done = self.run_program("compare", "first", mutant, "--out", "c.md")
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 100, done.stdout)
        self.assertIn("paired 95 %", done.stdout)
        self.assertIn("of its norm, all that it declares being the same", done.stdout)
        self.assertIn("| clips", (self.dir / "c.md").read_text().replace("| kind", "| clips"))
        self.run_program("compare", "first", mutant, "--out", "c.json")
        rows = json.loads((self.dir / "c.json").read_text())["rows"]
        self.assertEqual(len(rows), 8)
        for row in rows:
            if row["encoder"] == "file":
                self.assertTrue(row["same_predictions"])
            else:
                self.assertAlmostEqual(row["difference"], row["b"] - row["a"], places=12)
                self.assertLessEqual(row["ci_low"], row["difference"])
                self.assertLessEqual(row["difference"], row["ci_high"])
        # Against itself turned round the differences change sign.
        self.run_program("compare", mutant, "first", "--out", "d.json")
        for row, back in zip(rows, json.loads((self.dir / "d.json").read_text())["rows"]):
            self.assertAlmostEqual(row["difference"], -back["difference"], places=12)
            self.assertAlmostEqual(row["ci_low"], -back["ci_high"], places=12)

    def test_compare_on_common_items(self):
        done = self.run_program("compare", "first", self.run_clips("quick", "--limit", 40))
        self.assertIn("on the 40 items of both; 20 are of one alone", done.stdout)
        self.assertIn("scoring: limit: 40, was nothing", done.stdout)
        self.assertIn("data set 'clips': items: 40, was 60", done.stdout)

    def test_mistakes(self):
        self.assertIn("takes two", self.run_program("compare", "first", expect=2).stderr)
        self.assertIn("--against", self.run_program("check", "first", expect=2).stderr)
        self.assertIn("no file", self.run_program("check", "first", "--against", "none", expect=3).stderr)
        self.assertIn("--as", self.run_program("approve", "first", expect=2).stderr)
        self.assertIn("ending in .md", self.run_program("compare", "first", "first", "--out", "x.txt", expect=2).stderr)

    def test_generated_features(self):
        experiment = (SOURCE / "experiments/generated.toml").read_text()
        shutil.copytree(SOURCE / "experiments/generated", self.dir / "generated")
        all_rows = 'encoders = ["strong", "weak", "both"]'
        self.assertIn(all_rows, experiment)
        (self.dir / "weak.toml").write_text(experiment.replace(all_rows, 'encoders = ["weak"]'))
        self.run_program("run", "weak.toml", "--out", "g1", "-q", "--jobs", 1)
        self.approve("g1", reference="g_reference")
        self.run_program("run", "weak.toml", "--out", "g2", "-q", "--overwrite-strategy", "always")
        self.check("g2", "--exact", against="g_reference")

    def test_solver(self):
        self.approve()
        self.assertIn("scoring: solver: libsvm, was own", self.check(self.run_clips("s", "--solver", "libsvm"), expect=5)[0])


if __name__ == "__main__":
    unittest.main()
