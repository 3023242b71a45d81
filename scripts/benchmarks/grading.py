"""Reading test logs: what `ramp grade` adds to a process that reads an empty log, beside SWE-bench's own readers."""

import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

SIZE = 8 << 20
MB = 1e6

# Reads a log as the harness does, and prints the CPU seconds that this took.
OFFICIAL = """
import sys, time
from types import SimpleNamespace
from swebench.harness.log_parsers import MAP_REPO_TO_PARSER
parser = MAP_REPO_TO_PARSER[sys.argv[1]]
text = open(sys.argv[2]).read()
start = time.process_time()
parser(text, SimpleNamespace(instance_id='', repo=sys.argv[1], version='1'))
print(time.process_time() - start)
"""

# One repository for each of the harness's readers.
REPOSITORIES = [
    "pallets/flask", "pylint-dev/pylint", "sphinx-doc/sphinx", "matplotlib/matplotlib", "mwaskom/seaborn",
    "django/django", "sympy/sympy",
]


def logs(shared, folder):
    """A log of `SIZE` bytes for each repository: its official logs, one after the other, over and over."""
    index = shared / "swebench" / "logs" / "index.jsonl"
    entries = [json.loads(line) for line in index.read_text().splitlines()]
    made = {}
    for repo in REPOSITORIES:
        parts = [
            (index.parent / entry["dir"] / "test_output.txt").read_bytes() for entry in entries if entry["repo"] == repo
        ]
        if parts:
            whole = b"".join(parts)
            path = folder / f"{repo.replace('/', '__')}.log"
            path.write_bytes((whole * (SIZE // len(whole) + 1))[:SIZE])
            made[repo] = path
    return made


def run(bench, shared, root):
    """Adds the lines of `bench`."""
    if not (shared / "swebench" / "logs" / "index.jsonl").exists():
        bench.skipped.append(f"reading logs: {shared}/swebench/logs is absent")
    else:
        reading(bench, shared, root)
    hostile(bench)
    reports(bench)
    large_set(bench)


def hostile(bench):
    """Logs that were made to take long: the slowest of the harness's readers on each."""
    half = SIZE // 2
    made = {
        "one line of dots": b".", "one line of statuses": b"PASSED ", "one line of ok": b" ... ok", "colours": b"\x1b[1",
        "carriage returns": b"\r", "marks": b">>>>> ", "titles": b"= FAILURES =\n_ a _\n",
        "frames": b'  File "/testbed/a.py", line 3, in f\n    x\n', "open brackets": b"(' == ",
    }
    empty = bench.folder / "empty.log"
    empty.write_bytes(b"\n")
    for name, text in made.items():
        log = bench.folder / "hostile.log"
        log.write_bytes((b"= FAILURES =\n_ a _\nE   assert " if name == "open brackets" else b"")
                        + (text * (half // len(text) + 1))[:half])
        slowest = 0.0
        for repo in ("pallets/flask", "sphinx-doc/sphinx", "django/django", "sympy/sympy"):
            grade = lambda path: bench.ramp("grade", "--repo", repo, "--log", str(path))
            found = bench.measure({"log": grade(log), "base": grade(empty)}, runs=3)
            slowest = max(slowest, found["log"].cpu - found["base"].cpu)
        bench.lines.append(
            bench.line(f"hostile log, 4 MB: {name}", cpu=slowest, target={"cpu": half / (20 * MB)},
                       note=f"{half / MB / max(slowest, 1e-6):.0f} MB/s"))


def reading(bench, shared, root):
    python = root / ".build" / "swebench" / "4.1.0" / "bin" / "python"
    if not python.exists():
        bench.skipped.append("SWE-bench's own readers: scripts/grading/setup installs them")
    empty = bench.folder / "empty.log"
    empty.write_bytes(b"\n")
    for repo, log in logs(shared, bench.folder).items():
        grade = lambda path, *more: bench.ramp("grade", "--repo", repo, "--log", str(path), *more)
        # In words all failures are read and a few are told, so that printing them is not what is measured.
        commands = {"base": grade(empty, "--json"), "log": grade(log, "--json"), "failures": grade(log)}
        if python.exists():
            commands["official"] = [str(python), "-c", OFFICIAL, repo, str(log)]
        found = bench.measure(commands, runs=bench.replays)

        def beyond(name, base):
            pairs = zip(found[name].runs, found[base].runs)
            return statistics.median(one.cpu - other.cpu for one, other in pairs)

        peer = None
        if python.exists():
            spent = statistics.median(float(one.output) for one in found["official"].runs)
            peer = bench.line(f"{repo}: SWE-bench 4.1.0", cpu=spent, note=rate(spent))
            bench.lines.append(peer)
        outcomes, failures = beyond("log", "base"), beyond("failures", "log")
        bench.lines += [
            bench.line(
                f"{repo}: outcomes of 8 MB", cpu=outcomes, beside=peer, target={"cpu": SIZE / (400 * MB)},
                note=rate(outcomes)),
            bench.line(
                f"{repo}: failures of 8 MB", cpu=failures, target={"cpu": SIZE / (100 * MB)}, note=rate(failures)),
        ]


def rate(seconds):
    return f"{SIZE / MB / max(seconds, 1e-6):.0f} MB/s"


def reports(bench):
    """300 rows judged and their reports written: what they add to a run of one row. The target is of a file system in
    memory, where there is one: on a disk the same folders and files alone may take longer, which the second pair shows.
    """
    names = [f"tests/test_some_module.py::TestClass::test_method_{n}[param-{n}]" for n in range(60)]
    log = ">>>>> Start Test Output\n" + "".join(f"PASSED {name}\n" for name in names) + ">>>>> End Test Output\n"
    for count in (300, 1):
        folder = bench.folder / f"run-{count}"
        (folder / "logs").mkdir(parents=True)
        rows, predictions = [], []
        for number in range(count):
            row = f"o__r-{number}"
            rows.append({
                "instance_id": row, "repo": "pallets/flask", "base_commit": "0" * 40, "problem_statement": "p",
                "patch": "p", "test_patch": "t", "FAIL_TO_PASS": names[:5], "PASS_TO_PASS": names[5:]})
            predictions.append({"instance_id": row, "model_name_or_path": "m", "model_patch": "p"})
            (folder / "logs" / f"{row}.log").write_text(log)
        (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        (folder / "predictions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in predictions))
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK):
        with tempfile.TemporaryDirectory(dir=memory) as out:
            written(bench, Path(out), "in memory", {"wall": 0.05})
    written(bench, bench.folder, "on disk", None)


def written(bench, out, where, target):
    """Two lines: the reports, and the same files written with nothing judged, below the folder `out`."""
    found = bench.measure({str(count): grading(bench, count, out) for count in (300, 1)}, runs=bench.replays)
    peer = bench.measure({str(count): writing(count, out) for count in (300, 1)}, runs=bench.replays)

    def line(name, found, **more):
        pairs = list(zip(found["300"].runs, found["1"].runs))
        return bench.line(
            name, wall=statistics.median(all_.wall - one.wall for all_, one in pairs),
            cpu=statistics.median(all_.cpu - one.cpu for all_, one in pairs), **more)

    files = line(f"  python3, the same files {where}", peer, note="folders and files alone, nothing judged")
    bench.lines += [
        line(
            f"grade 300 rows, reports written {where}", found, beside=files, target=target,
            note="60 tests each, into a new folder; a run of 300 less a run of one"), files,
    ]


# Writes a file of so many bytes in a folder of its own, so many times: as little as can be done.
WRITER = """
import os, sys
root, count = sys.argv[1], int(sys.argv[2])
text = b'x' * 5790
os.makedirs(root)
for number in range(count):
    os.mkdir(f'{root}/{number}')
    file = os.open(f'{root}/{number}/report.json', os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    os.write(file, text)
    os.close(file)
"""


def grading(bench, count, out):
    """Grades so many rows, each time into a folder of its own."""
    folder = bench.folder / f"run-{count}"
    grade = f"grade --predictions {folder}/predictions.jsonl --logs {folder}/logs --out {out}/graded-{count}"
    return lambda turn: bench.ramp("-c", f"load {folder}/rows.jsonl; {grade}-{turn}")


def writing(count, out):
    return lambda turn: [sys.executable, "-S", "-c", WRITER, f"{out}/written-{count}-{turn}", str(count)]


def large_set(bench):
    """A set of 50,000 rows, of 200 MB: only rows that are used are kept in memory."""
    path = bench.folder / "large.jsonl"
    text = "x" * 3700
    with open(path, "w") as file:
        for number in range(50_000):
            row = {
                "instance_id": f"o__r-{number}", "repo": "o/r", "base_commit": "0" * 40, "problem_statement": text,
                "patch": "p", "test_patch": "t", "FAIL_TO_PASS": ["a"], "PASS_TO_PASS": ["b"]}
            file.write(json.dumps(row) + "\n")
    command = bench.ramp("-c", f"load {path}; info o__r-49999")
    found = bench.measure({"": command}, runs=3)[""]
    bench.lines.append(bench.of("load 50,000 rows, 200 MB", command, found, target={"memory": 200}))
    path.unlink()
