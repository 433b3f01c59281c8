"""table.tex and references.bib of every reference compile: pdflatex without an error, bibtex without a warning."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

MUSICREP = os.environ["MUSICREP"]
REFERENCES = pathlib.Path(os.environ["MUSICREP_SOURCE"]) / "results" / "reference"
PAPER = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{booktabs}
\begin{document}
\nocite{*}
\input{table}
See TABLES.
\bibliographystyle{plain}
\bibliography{references}
\end{document}
"""


class Latex(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="musicrep_latex_"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)

    def run_in(self, *command, expect=0):
        done = subprocess.run(command, cwd=self.dir, capture_output=True, text=True, errors="replace", timeout=300)
        self.assertEqual(done.returncode, expect, f"{command}\n{done.stdout[-3000:]}\n{done.stderr}")
        return done.stdout

    def compile(self, results):
        for name, kind in (("table.tex", "latex"), ("references.bib", "bibtex")):
            self.run_in(MUSICREP, "report", str(results), "--format", kind, "--out", name)
        tables = (self.dir / "table.tex").read_text()
        labels = re.findall(r"\\label\{(.*?)\}", tables)
        self.assertEqual(len(labels), tables.count(r"\begin{table}"))
        self.assertEqual(len(labels), len(set(labels)))
        (self.dir / "paper.tex").write_text(PAPER.replace("TABLES", ", ".join(rf"\ref{{{each}}}" for each in labels)))
        pdflatex = ("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper")
        self.run_in(*pdflatex)
        log = self.run_in("bibtex", "paper")
        self.assertNotIn("Warning", log)
        self.run_in(*pdflatex)
        out = self.run_in(*pdflatex)
        self.assertNotIn("undefined references", out)
        self.assertGreater((self.dir / "paper.pdf").stat().st_size, 10000)

    def test_every_reference_compiles(self):
        found = sorted(REFERENCES.glob("*/results.h5"))
        self.assertGreater(len(found), 5)
        for results in found:
            with self.subTest(results.parent.name):
                self.compile(results)

    def test_hostile_labels_compile(self):
        self.run_in(os.environ["MUSICREP_PAGE_CASES"], str(self.dir))
        # pdflatex has no letters for 音楽, but no class is in these tables.
        self.compile(self.dir / "hostile.h5")


if __name__ == "__main__":
    missing = [name for name in ("pdflatex", "bibtex") if not shutil.which(name)]
    if missing:
        print(f"SKIPPED: {' and '.join(missing)} not installed (Debian: texlive-latex-base, texlive-latex-recommended)")
        sys.exit(0)
    unittest.main()
