"""Time and memory of a run against the number of its items: features of 128 dimensions, or clips of half a
second with MFCC. 1,000 items are learned from and 500 validate, whatever the number of items, so that the
fits stay the same and what grows is the harness: reading, encoding, storing, predicting, resampling, reporting.

    /usr/bin/python3 tests/bench/scale/scale.py build/release/musicrep FOLDER [--items 12500 25000 50000 100000]

Writes FOLDER/scale.csv and scale.svg; the folder holds the generated items, 1.9 GB at the default sizes."""
import argparse
import csv
import os
import pathlib
import shutil
import subprocess
import time
import wave

import numpy

N_LEARNED, N_VALIDATION, N_CLASSES, RATE_HZ, CLIP_S = 1000, 500, 5, 16000, 0.5
EXPERIMENT = """
name = "scale"
seed = 1
[dataset.items]
kind = "table"
csv = "items.csv"
labels = ["kind"]
split = "split"
{audio}
[task.kind]
dataset = "items"
targets = ["kind"]
[encoder.it]
{encoder}
[[evaluate]]
tasks = ["kind"]
encoders = ["it"]
protocols = ["own-split"]
"""
KINDS = {"features": ("", 'kind = "features"\nfiles = ["x.npy"]'), "audio": ('audio = "audio"', 'kind = "mfcc"')}


def write_items(folder, kind, n):
    random = numpy.random.RandomState(1)
    folder.mkdir(parents=True)
    classes = random.randint(N_CLASSES, size=n)
    with open(folder / "items.csv", "w") as file:
        file.write("id,kind,split\n")
        for i in range(n):
            split = "train" if i < N_LEARNED else "valid" if i < N_LEARNED + N_VALIDATION else "test"
            file.write(f"i{i:07},k{classes[i]},{split}\n")
    audio, encoder = KINDS[kind]
    (folder / "scale.toml").write_text(EXPERIMENT.format(audio=audio, encoder=encoder))
    if kind == "features":
        x = random.randn(n, 128).astype("float32")
        x[numpy.arange(n), classes] += 2
        numpy.save(folder / "x.npy", x)
        return
    (folder / "audio").mkdir()
    t = numpy.arange(int(RATE_HZ * CLIP_S)) / RATE_HZ
    for i in range(n):
        clip = numpy.sin(2 * numpy.pi * 220 * 2 ** (classes[i] + random.rand()) * t) + random.randn(len(t))
        with wave.open(str(folder / f"audio/i{i:07}.wav"), "wb") as file:
            file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
            file.writeframes((4000 * clip).clip(-32768, 32767).astype("<i2").tobytes())


def run(program, folder, cache):
    """Wall and processor seconds, and the most memory in MiB, of one run."""
    began = time.monotonic()
    process = subprocess.Popen([program, "run", folder / "scale.toml", "--cache", cache, "--out", folder / "out", "-q"],
                               stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"the run in {folder} failed")
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def draw(rows, path):
    """Time and memory over the number of items, on straight axes, through gnuplot."""
    script = ["set terminal svg size 900,400 font 'DejaVu Sans,11' background 'white'", f"set output '{path}'",
              "set border 3 lw 0.5", "set tics out nomirror scale 0.5", "set grid ytics lc rgb '#dddddd'",
              "set key outside below center horizontal maxrows 2", "set bmargin 8", "set multiplot layout 1,2",
              "set xlabel 'items'", "set format x '%.0f'", f"set xrange [0:{1.08 * max(r['items'] for r in rows)}]",
              "set yrange [0:*]"]
    for title, column in (("processor time (s)", "cpu_s"), ("most memory (MiB)", "peak_mib")):
        plots, data = [], []
        for kind, grey, point in (("audio", "000000", 7), ("features", "777777", 5)):
            for state, dash, meaning in (("cold", 1, "from nothing"), ("warm", 2, "again")):
                points = [(r["items"], r[column]) for r in rows if (r["kind"], r["state"]) == (kind, state)]
                if points:
                    plots.append(f"'-' with linespoints dt {dash} pt {point} ps 0.7 lw 1.5 lc rgb '#{grey}' "
                                 f"title '{kind}, {meaning}'")
                    data += [f"{x} {y}" for x, y in points] + ["e"]
        script += [f"set title '{title}'", "plot " + ", ".join(plots)] + data
    subprocess.run(["gnuplot"], input="\n".join(script) + "\n", text=True, check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--items", type=int, nargs="+", default=[12500, 25000, 50000, 100000])
    parser.add_argument("--kinds", nargs="+", choices=sorted(KINDS), default=list(KINDS))
    arguments = parser.parse_args()
    rows = []
    for kind in arguments.kinds:
        for n in arguments.items:
            folder = arguments.folder / f"{kind}_{n}"
            if not (folder / "scale.toml").exists():
                shutil.rmtree(folder, ignore_errors=True)
                write_items(folder, kind, n)
            shutil.rmtree(folder / "cache", ignore_errors=True)
            for state in ("cold", "warm"):
                wall_s, cpu_s, peak_mib = run(arguments.program, folder, folder / "cache")
                rows.append({"kind": kind, "items": n, "state": state, "wall_s": round(wall_s, 2),
                             "cpu_s": round(cpu_s, 2), "peak_mib": round(peak_mib)})
                print(rows[-1], flush=True)
    with open(arguments.folder / "scale.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    draw(rows, arguments.folder / "scale.svg")


if __name__ == "__main__":
    main()
