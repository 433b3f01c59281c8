"""What the tests of documents share: which files they are, and their prose, code and links."""
import os
import pathlib
import re

ROOT = pathlib.Path(os.environ.get("MUSICREP_SOURCE", pathlib.Path(__file__).resolve().parents[3]))
# Written by programs: the report of a run, and tables of benchmarks.
GENERATED = ("results/reference/*/report.md", "tests/unit/report/*.approved.md", "results/reference/error-rates.md",
             "results/reference/vggish-speed.md")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def documents():
    """All Markdown files that people write, relative to the project's folder."""
    found = []
    for folder, inside, files in os.walk(ROOT):
        inside[:] = [name for name in inside if name not in ("build", "runs") and not name.startswith(".")]
        found += [pathlib.Path(folder, name).relative_to(ROOT) for name in files if name.endswith(".md")]
    return sorted(path for path in found if not any(path.match(pattern) for pattern in GENERATED))


def without_code(text):
    """The text with fenced blocks, inline code and comments blanked; line numbers stay."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))

    text = FENCE.sub(blank, text)
    text = re.sub(r"<!--.*?-->", blank, text, flags=re.S)
    return re.sub(r"`[^`\n]+(?:\n[^`\n]+)?`", blank, text)


def sentences(text):
    """The sentences of the prose: paragraphs and list items; no headings, tables or code."""
    text = FENCE.sub("\n\n", text)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"!\[.*?\]\(.*?\)", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    out = []
    for block in re.split(r"\n\s*\n|\n(?=[-*] |\d+\. )", text):
        if re.match(r"\s*(#|\|)", block) or not block.strip():
            continue
        flat = re.sub(r"[*`]", "", " ".join(block.split())).lstrip("- ")
        out += [s for s in re.split(r"(?<=[.!?:])\s+(?=[A-Z0-9(\"'])", flat) if re.search(r"\w", s)]
    return out
