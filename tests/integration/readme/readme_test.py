"""Every number that README.md quotes of results is the one in results/reference.

    MUSICREP_APPROVE=1 /usr/bin/python3 readme_test.py     writes the tables' cells anew

A table behind a comment such as `<!-- scores reference=choi2017 rows=tlm,mfcc columns=genre/nested -->` has its cells
from that reference, row by row: names and texts of other columns are the README's own. Figures in sentences (three
decimals) are in SENTENCES below; one that is in neither fails the test.
"""
import os
import pathlib
import re
import sys
import unittest

import h5py

ROOT = pathlib.Path(os.environ.get("MUSICREP_SOURCE", pathlib.Path(__file__).resolve().parents[3]))
README = ROOT / "README.md"
MARKER = re.compile(r"<!-- (scores|claims|retrieval) (.*?) -->")

# Figures of sentences: (pattern with a group a figure, reference, what each figure is).
SENTENCES = [
    (r"under `choi2017` (\.\d{3}) \(TLM\), (\.\d{3}) \(layer 5\) and (\.\d{3}) \(MFCC\)", "choi2017",
     [("tlm", "genre", "choi2017", None), ("tlm_layer5", "genre", "choi2017", None),
      ("mfcc", "genre", "choi2017", None)]),
    (r"emoMusic r2 (\.\d{3}) / (\.\d{3}) \(TLM, arousal / valence\) and (\.\d{3}) / (\.\d{3}) \(MFCC\)", "choi2017",
     [("tlm", "emotion", "choi2017", "label_arousal"), ("tlm", "emotion", "choi2017", "label_valence"),
      ("mfcc", "emotion", "choi2017", "label_arousal"), ("mfcc", "emotion", "choi2017", "label_valence")]),
]
CHANCE = (r"a random order gives (\.\d{3})\)", "albums-retrieval")


class Reference:
    def __init__(self, name):
        self.file = h5py.File(ROOT / "results/reference" / name / "results.h5")

    def columns(self, group):
        if group not in self.file:
            return []
        names = list(self.file[group])
        data = {n: self.file[group][n].asstr()[:] if self.file[group][n].dtype.kind in "OS"
                else self.file[group][n][:] for n in names}
        return [dict(zip(names, values)) for values in zip(*data.values())]

    def row(self, encoder, task, protocol):
        for row in self.file["rows"].values():
            attributes = row.attrs
            if (attributes["encoder"], attributes["task"], attributes["protocol"]) == (encoder, task, protocol):
                return row
        raise KeyError(f"no row of {encoder} on {task} under {protocol}")

    def score(self, encoder, task, protocol, target):
        row = self.row(encoder, task, protocol)
        if target is None:
            return row.attrs["score"]
        return next(t.attrs["score"] for t in row["targets"].values() if t.attrs["name"] == target)

    def letters(self, encoder, task, protocol):
        return next(entry["letters"] for entry in self.columns("letters")
                    if (entry["encoder"], entry["task"], entry["protocol"]) == (encoder, task, protocol))


def interval(value, low, high):
    return f"{value:.3f} [{low:.3f}, {high:.3f}]".replace("-0.000", "0.000")


def score_lines(options, lines):
    """The table's lines, its score cells from the reference."""
    reference = Reference(options["reference"])
    rows = options["rows"].split(",")
    columns = [column.split("/") for column in options["columns"].split(",")]
    out = lines[:2]
    if len(lines) != 2 + len(rows):
        raise ValueError(f"{len(lines) - 2} lines for {len(rows)} rows: {rows}")
    for line, encoder in zip(lines[2:], rows):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        values = []
        for task, protocol in columns:
            attributes = reference.row(encoder, task, protocol).attrs
            values.append(interval(attributes["score"], attributes["ci_low"], attributes["ci_high"]))
            if "letters" in options:
                values.append(reference.letters(encoder, task, protocol))
        cells[1:1 + len(values)] = values
        out.append("| " + " | ".join(cells) + " |")
    return [line.replace("|  |", "| |") for line in out]


def claim_lines(options, lines):
    """A line for each claim between rows that was measured."""
    out = lines[:2]
    for claim in Reference(options["reference"]).columns("claims"):
        if not claim["measured"] or " under " not in claim["where"]:
            continue
        verdict = claim["verdict"].replace("the margin", f"{claim['margin']:g}")
        out.append(f"| {claim['text']} | {claim['statement']}, {claim['where'].split(' under ')[0]} | "
                   f"{claim['difference']:+.3f} [{claim['low']:.3f}, {claim['high']:.3f}] | {verdict} |")
    return out


def retrieval_lines(options, lines):
    reference = Reference(options["reference"])
    out = lines[:2]
    rows = options["rows"].split(",")
    if len(lines) != 2 + len(rows):
        raise ValueError(f"{len(lines) - 2} lines for {len(rows)} rows: {rows}")
    for line, encoder in zip(lines[2:], rows):
        name = line.strip().strip("|").split("|")[0].strip()
        group = next(g for g in reference.file["retrievals"].values() if g.attrs["encoder"] == encoder)
        measures = group["measures"]
        cells = []
        for direction in ("text to music", "music to text"):
            at = next(i for i in range(len(measures["name"]))
                      if measures["name"].asstr()[i] == options["measure"]
                      and measures["direction"].asstr()[i] == direction)
            cells.append(interval(measures["value"][at], measures["ci_low"][at], measures["ci_high"][at]))
        out.append(f"| {name} | " + " | ".join(cells) + " |")
    return out


WRITERS = {"scores": score_lines, "claims": claim_lines, "retrieval": retrieval_lines}


def written(text):
    """README's text with all cells from the references, and the figures of no table or sentence."""
    lines = text.split("\n")
    out = []
    at = 0
    while at < len(lines):
        out.append(lines[at])
        found = MARKER.fullmatch(lines[at].strip())
        at += 1
        if not found:
            continue
        options = dict((word.split("=") + [""])[:2] for word in found.group(2).split())
        table = []
        while at < len(lines) and lines[at].startswith("|"):
            table.append(lines[at])
            at += 1
        out += WRITERS[found.group(1)](options, table)
    return "\n".join(out)


class Readme(unittest.TestCase):
    def test_tables_are_those_of_the_references(self):
        text = README.read_text()
        expected = written(text)
        if os.environ.get("MUSICREP_APPROVE") == "1":
            README.write_text(expected)
            text = expected
        self.assertEqual(text.split("\n"), expected.split("\n"))
        self.assertGreaterEqual(len(MARKER.findall(text)), 5)

    def test_figures_of_sentences_are_those_of_the_references(self):
        flat = " ".join(README.read_text().split())
        for pattern, name, figures in SENTENCES:
            found = re.search(pattern, flat)
            self.assertIsNotNone(found, pattern)
            for stated, figure in zip(found.groups(), figures):
                self.assertEqual(f"{Reference(name).score(*figure):.3f}".lstrip("0"), stated, figure)
        found = re.search(CHANCE[0], flat)
        self.assertIsNotNone(found, CHANCE[0])
        measures = next(iter(Reference(CHANCE[1]).file["retrievals"].values()))["measures"]
        at = list(measures["name"].asstr()[:]).index("R@10")
        self.assertEqual(f"{measures['chance'][at]:.3f}".lstrip("0"), found.group(1))

    def test_no_figure_is_unguarded(self):
        text = README.read_text()
        for block in re.findall(MARKER.pattern + r"\n((?:\|.*\n)+)", text):
            text = text.replace(block[2], "")
        flat = " ".join(text.split())
        for pattern in [s[0] for s in SENTENCES] + [CHANCE[0]]:
            flat = re.sub(pattern, "", flat)
        self.assertEqual(re.findall(r"(?<![\w.])0?\.\d{3}(?!\d)", flat), [])


if __name__ == "__main__":
    unittest.main()
