"""Every number that a document quotes of results is the one in results/reference.

    MUSICREP_APPROVE=1 /usr/bin/python3 numbers_test.py     writes the tables' cells again

A table after a comment such as `<!-- scores reference=choi2017 rows=tlm,mfcc columns=genre/nested -->` has its cells
from that reference, row by row; names and texts of other columns are the document's own. Figures in sentences (three
decimals) are in SENTENCES below; one that is in neither fails the test.
"""
import os
import pathlib
import re
import unittest

import h5py

from documents import FENCE, ROOT, documents

FIGURE = re.compile(r"(?<![\w.])0?\.\d{3}(?!\d)")
MARKER = re.compile(r"<!-- (scores|protocols|claims|retrieval) (.*?) -->")
TLM, LAYER5, MFCC = (("tlm", "genre"), ("tlm_layer5", "genre"), ("mfcc", "genre"))

# Figures of sentences: (document, pattern with a group a figure, reference, what each figure is).
SENTENCES = [
    ("results/reference/README.md", r"under `choi2017` (\.\d{3}) \(TLM\), (\.\d{3}) \(layer 5\) and (\.\d{3}) \(MFCC\)",
     "choi2017", [(*TLM, "choi2017", None), (*LAYER5, "choi2017", None), (*MFCC, "choi2017", None)]),
    ("results/reference/README.md",
     r"emoMusic r2 (\.\d{3}) / (\.\d{3}) \(TLM, arousal / valence\) and (\.\d{3}) / (\.\d{3}) \(MFCC\)", "choi2017",
     [("tlm", "emotion", "choi2017", "label_arousal"), ("tlm", "emotion", "choi2017", "label_valence"),
      ("mfcc", "emotion", "choi2017", "label_arousal"), ("mfcc", "emotion", "choi2017", "label_valence")]),
    ("results/README.md", r"score (\.\d{3}) or (\.\d{3}) under two published ones", "choi2017",
     [(*MFCC, "choi2017", None), (*MFCC, "gtzan-fault-filtered", None)]),
]
CHANCE = ("results/reference/README.md", r"a random order gives (\.\d{3})\.", "albums-retrieval")
# Figures of no reference, with what they are.
OTHER_FIGURES = {
    "results/CHANGES.md": "history: what references were before a change",
    "CONTRIBUTING.md": "measurements behind decisions",
    "experiments/README.md": "an example",
    "harness/protocols/README.md": "values of grids",
    "experiments/development/README.md": "tries on other corpora, which are no reference",
    "experiments/cluster/README.md": "none",
}


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

    def cell(self, encoder, task, protocol):
        attributes = self.row(encoder, task, protocol).attrs
        return interval(attributes["score"], attributes["ci_low"], attributes["ci_high"])


def interval(value, low, high):
    return f"{value:.3f} [{low:.3f}, {high:.3f}]".replace("-0.000", "0.000")


def cells_of(line):
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]


def body(options, lines):
    """The lines of the table below its head, each with the row's name in `options`."""
    rows = options["rows"].split(",")
    if len(lines) != 2 + len(rows):
        raise ValueError(f"{len(lines) - 2} lines for {len(rows)} rows: {rows}")
    return zip(lines[2:], rows)


def line_of(cells):
    return ("| " + " | ".join(cells) + " |").replace("|  |", "| |")


def score_lines(options, lines):
    """The table's lines, its score cells from the reference: a line an encoder, a column a task and protocol."""
    reference = Reference(options["reference"])
    out = lines[:2]
    for line, encoder in body(options, lines):
        cells = cells_of(line)
        values = []
        for task, protocol in (column.split("/") for column in options["columns"].split(",")):
            values.append(reference.cell(encoder, task, protocol))
            if "letters" in options:
                values.append(reference.letters(encoder, task, protocol))
        cells[1:1 + len(values)] = values
        out.append(line_of(cells))
    return out


def protocol_lines(options, lines):
    """The same the other way round: a line a protocol, a column an encoder."""
    reference = Reference(options["reference"])
    out = lines[:2]
    for line, protocol in body(options, lines):
        values = [reference.cell(encoder, options["task"], protocol) for encoder in options["encoders"].split(",")]
        out.append(line_of([cells_of(line)[0], *values]))
    return out


def claim_lines(options, lines):
    """A line for each claim between rows that was measured."""
    out = lines[:2]
    for claim in Reference(options["reference"]).columns("claims"):
        if not claim["measured"] or " under " not in claim["where"]:
            continue
        verdict = claim["verdict"].replace("the margin", f"{claim['margin']:g}")
        out.append(line_of([claim["text"], f"{claim['statement']}, {claim['where'].split(' under ')[0]}",
                            f"{claim['difference']:+.3f} [{claim['low']:.3f}, {claim['high']:.3f}]", verdict]))
    return out


def retrieval_lines(options, lines):
    reference = Reference(options["reference"])
    out = lines[:2]
    for line, encoder in body(options, lines):
        group = next(g for g in reference.file["retrievals"].values() if g.attrs["encoder"] == encoder)
        measures = group["measures"]
        cells = []
        for direction in ("text to music", "music to text"):
            at = next(i for i in range(len(measures["name"]))
                      if measures["name"].asstr()[i] == options["measure"]
                      and measures["direction"].asstr()[i] == direction)
            cells.append(interval(measures["value"][at], measures["ci_low"][at], measures["ci_high"][at]))
        out.append(line_of([cells_of(line)[0], *cells]))
    return out


def printed_lines(lines):
    """The scores that `musicrep run NAME` and `musicrep compare … results/reference/NAME` print, from the reference."""
    name, place, out = None, None, []
    for line in lines:
        named = re.match(r"\$ musicrep (?:run |compare \S+ results/reference/)(\w+)", line)
        head = re.match(r"(\w+) under ([\w-]+)(?: \(\w+\)$|  )", line)
        row = re.match(r"  (\w+)( +)(-?\d\.\d{3})( +)(?:\[|-?\d\.\d{3})", line)
        if line.startswith("$ "):
            name, place = named and named.group(1), None
        elif head:
            place = head.groups()
        elif row and name and place:
            reference = Reference(name)
            cell = reference.cell(row.group(1), *place)
            score, between = cell.split(" ")[0], row.group(4)
            rest = line[row.end(4):]
            if rest.startswith("["):
                rest = cell[len(score) + 1:] + rest[rest.index("]") + 1:]
            else:
                rest = score + rest[len(score):]
            targets = reference.row(row.group(1), *place)["targets"].values()
            for target in (target.attrs for target in targets):
                rest = re.sub(rf"\b{target['name']} -?\d\.\d{{3}}", f"{target['name']} {target['score']:.3f}", rest)
            line = f"  {row.group(1)}{row.group(2)}{score}{between}{rest}"
        elif FIGURE.search(line):
            raise ValueError(f"a figure of no reference: {line}")
        out.append(line)
    return out


WRITERS = {"scores": score_lines, "protocols": protocol_lines, "claims": claim_lines, "retrieval": retrieval_lines}


def written(text):
    """The document's text with all cells from the references."""
    def with_printed(block):
        if block.group(1) != "console":
            return block.group(0)
        return "```console\n" + "\n".join(printed_lines(block.group(2).split("\n"))) + "```"

    lines = FENCE.sub(with_printed, text).split("\n")
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


class Numbers(unittest.TestCase):
    def test_tables_are_those_of_the_references(self):
        n = 0
        for path in map(ROOT.joinpath, documents()):
            text = path.read_text()
            expected = written(text)
            if os.environ.get("MUSICREP_APPROVE") == "1" and text != expected:
                path.write_text(expected)
                text = expected
            self.assertEqual(text.split("\n"), expected.split("\n"), path)
            n += len(MARKER.findall(text))
        self.assertGreaterEqual(n, 7)

    def test_figures_of_sentences_are_those_of_the_references(self):
        for document, pattern, name, figures in SENTENCES:
            flat = " ".join((ROOT / document).read_text().split())
            found = re.search(pattern, flat)
            self.assertIsNotNone(found, pattern)
            for stated, figure in zip(found.groups(), figures, strict=True):
                self.assertEqual(f"{Reference(name).score(*figure):.3f}".lstrip("0"), stated, figure)
        flat = " ".join((ROOT / CHANCE[0]).read_text().split())
        found = re.search(CHANCE[1], flat)
        self.assertIsNotNone(found, CHANCE[1])
        measures = next(iter(Reference(CHANCE[2]).file["retrievals"].values()))["measures"]
        at = list(measures["name"].asstr()[:]).index("R@10")
        self.assertEqual(f"{measures['chance'][at]:.3f}".lstrip("0"), found.group(1))

    def test_no_figure_is_unguarded(self):
        for document in documents():
            if str(document) in OTHER_FIGURES:
                continue
            text = (ROOT / document).read_text()
            for block in re.findall(MARKER.pattern + r"\n((?:\|.*\n)+)", text):
                text = text.replace(block[2], "")
            flat = " ".join(FENCE.sub("", text).split())
            for pattern in [s[1] for s in SENTENCES] + [CHANCE[1]]:
                flat = re.sub(pattern, "", flat)
            self.assertEqual(FIGURE.findall(flat), [], document)


if __name__ == "__main__":
    unittest.main()
