"""How long planning takes at size, and what a step costs beside its work. Not a test.

    MUSICREP=build/release/musicrep /usr/bin/python3 tests/bench/plan/plan_bench.py [items] [encoders]
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

MUSICREP = pathlib.Path(os.environ["MUSICREP"]).resolve()
N_ITEMS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
N_ENCODERS = int(sys.argv[2]) if len(sys.argv) > 2 else 20


def run(folder, *arguments):
    """(wall s, processor s, MiB) of a call."""
    began = time.monotonic()
    process = subprocess.Popen([MUSICREP, *map(str, arguments)], cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    assert status == 0, (arguments, status)
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def planning(folder):
    with open(folder / "items.csv", "w") as table:
        table.write("id,label,artist,file,sha\n")
        for i in range(N_ITEMS):
            table.write(f"track{i:07d},genre{i % 10},artist{i // 7},{i % 1000:03d}/track{i:07d}.mp3,{i:064x}\n")
    encoders = "".join(f'[encoder.e{k}]\nkind = "command"\ncommand = "encode {{in}} {{out}} --model {k}"\n' for k in range(N_ENCODERS))
    names = json.dumps([f"e{k}" for k in range(N_ENCODERS)])
    (folder / "large.toml").write_text(f"""
name = "large"
[dataset.tracks]
kind = "table"
csv = "items.csv"
labels = ["label"]
group = "artist"
file = "file"
file_sha256 = "sha"
[task.genre]
dataset = "tracks"
targets = ["label"]
{encoders}
[[evaluate]]
tasks = ["genre"]
encoders = {names}
protocols = ["nested"]
""")
    wall, cpu, mib = run(folder, "plan", "large.toml", "--cache", "cache", "--plan", "plan.json")
    plan = json.loads((folder / "plan.json").read_text())
    print(f"{N_ITEMS} items, {N_ENCODERS} encoders, {len(plan['steps'])} steps: planned in {wall:.2f} s "
          f"({cpu:.2f} s of processor time), {mib:.0f} MiB")


def steps(folder):
    n = 200
    lines = "".join(f"t{i},c{i % 2},{i % 7 * 0.1 + i % 2},{i * 0.01}\n" for i in range(n))
    (folder / "tiny.csv").write_text("id,label,a,b\n" + lines)
    (folder / "x.csv").write_text("id,a,b\n" + "".join(f"t{i},{i % 7 * 0.1 + i % 2},{i * 0.01}\n" for i in range(n)))
    (folder / "tiny.toml").write_text(f"""
name = "tiny"
[dataset.d]
kind = "table"
csv = "tiny.csv"
labels = ["label"]
[task.t]
dataset = "d"
targets = ["label"]
[encoder.x]
kind = "features"
files = ["x.csv"]
[[evaluate]]
tasks = ["t"]
encoders = ["x"]
protocols = ["nested"]
""")
    run(folder, "plan", "tiny.toml", "--cache", "cache", "--plan", "tiny.json")
    keys = [step["key"] for step in json.loads((folder / "tiny.json").read_text())["steps"]][:1]
    run(folder, "step", *keys, "--plan", "tiny.json")

    def median(*arguments):
        return [statistics.median(values) for values in list(zip(*[run(folder, *arguments) for _ in range(9)]))[:2]]

    start = median("--version")
    one = median("step", *keys, "--plan", "tiny.json")
    many = median("step", *(keys * 101), "--plan", "tiny.json")
    for what, (wall, cpu) in (("the program alone, starting", start), ("a step that is stored", one),
                              ("of it without the start", [a - b for a, b in zip(one, start)]),
                              ("each further step of a job", [(a - b) / 100 for a, b in zip(many, one)])):
        print(f"{what}: {1000 * wall:.1f} ms ({1000 * cpu:.1f} ms of processor time)")


with tempfile.TemporaryDirectory(prefix="musicrep_plan_bench_") as name:
    steps(pathlib.Path(name))
    planning(pathlib.Path(name))
