"""Trees and sandboxes: what a further attempt on a repository of Django's size waits for before its tests run."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from measure import CommandFailed

MS = 0.001
FILES = 6700
ID = "o__{}-1"
# A folder of bare mirrors with django/django in it, as `set repositories` takes it.
MIRRORS = "RAMP_MIRRORS"

# Stands for bwrap once: keeps the folder, the words and the input of a run of tests, then is bwrap.
KEEPER = """#!{python}
import json, os, shutil, sys
words = sys.argv[1:]
if "/testbed" in words:
    job = os.path.dirname(words[words.index("/testbed") - 1])
    text = sys.stdin.buffer.read()
    shutil.copytree(job, "{kept}/job", symlinks=True)
    with open("{kept}/input", "wb") as file:
        file.write(text)
    shutil.copy("/proc/self/cgroup", "{kept}/cgroup")
    with open("{kept}/words.json", "w") as file:
        json.dump([word.replace(job, "{kept}/job") for word in words], file)
    os.dup2(os.open("{kept}/input", os.O_RDONLY), 0)
os.execv("{bwrap}", ["{bwrap}", *words])
"""


def run(bench):
    """The baseline of a row whose test command is `true`, made again and again: on a large tree, a small one, without
    a sandbox, and as an ordinary user."""
    if not shutil.which("bwrap") or not shutil.which("git"):
        bench.skipped.append("trees and sandboxes: git or bubblewrap is not there")
        return
    folder = bench.folder / "trees"
    rows = [row(folder, "large", FILES), row(folder, "small", 20), *canaries(folder)]
    (folder / "rows.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    keep(bench, folder)
    before = alone(bench)
    small = again(bench, folder, "small")
    alone_ = statistics.median(before + alone(bench))
    large = again(bench, folder, "large")
    bare = again(bench, folder, "small", "set sandbox off")
    without, with_ = (again(bench, folder, name) for name in ("bare", "watched"))
    bench.lines += [
        bench.line("bwrap alone: tests that do nothing", wall=alone_,
            note="the words, files and input that ramp gave it, in a control group where ramp made one"),
        bench.line("tests that do nothing, in a sandbox", wall=small, note="a tree of 20 files, the command `true`"),
        bench.line("  what ramp adds to bwrap", wall=max(0, small - alone_), target={"wall": 2 * MS}),
        bench.line(
            "  the sandbox's part", wall=max(0, small - bare), target={"wall": 10 * MS}, note="beyond `set sandbox off`"),
        bench.line("twenty tests of unittest, without canaries", wall=without),
        bench.line(
            "  the canaries' part", wall=max(0, with_ - without), target={"wall": 30 * MS},
            note="three tests that fail, planted, run and taken out of the log"),
        bench.line(
            f"  a tree of {FILES:,} files", wall=max(0, large - small), target={"wall": 15 * MS},
            note="beyond the small one; a further attempt"),
    ]
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return
    # What an ordinary user must reach: the folder, and a home of its own.
    home = bench.folder / "nobody"
    home.mkdir()
    os.chmod(bench.folder, 0o755)
    os.chown(home, 65534, 65534)
    user = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "env", f"HOME={home}",
            f"XDG_CACHE_HOME={home}/cache", f"XDG_STATE_HOME={home}/state", "PATH=/usr/bin:/bin"]
    try:
        small, large = (again(bench, folder, name, prefix=user) for name in ("small", "large"))
    except CommandFailed as failed:
        bench.skipped.append(f"trees of an ordinary user: {failed}")
        return
    bench.lines.append(
        bench.line(
            f"  a tree of {FILES:,} files, of an ordinary user", wall=max(0, large - small), target={"wall": 15 * MS},
            note="beyond the small one; a further attempt"))


def keep(bench, folder):
    """Keeps what ramp gives bwrap for the small row in the folder `kept`."""
    kept = bench.folder / "kept"
    (kept / "bin").mkdir(parents=True)
    program = kept / "bin" / "bwrap"
    program.write_text(KEEPER.format(python=sys.executable, kept=kept, bwrap=shutil.which("bwrap")))
    program.chmod(0o755)
    path = f"{kept}/bin:{bench.environment['PATH']}"
    again(bench, folder, "small", prefix=["/usr/bin/env", f"PATH={path}"], takes=0)


def alone(bench):
    """The seconds of each run of bwrap with what was kept, from its start to its end; in a control group of its own where
    ramp gave it one."""
    kept = bench.folder / "kept"
    words = [shutil.which("bwrap"), *json.loads((kept / "words.json").read_text())]
    groups = control_groups(kept)
    if groups:
        enter = "; ".join(f"echo $$ >{group}/cgroup.procs" for group in groups)
        words = ["/bin/sh", "-c", f'{enter}; exec "$@"', "sh", *words]
    spent = []
    for _ in range(bench.runs + 1):
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, str(kept / "input"), os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        for group in groups:
            # The kernel is told beforehand that somebody will move, as ramp does.
            (group.parent / "cgroup.procs").write_text(str(os.getpid()))
        start = time.perf_counter()
        for group in groups:
            group.mkdir()
        process = os.posix_spawn(words[0], words, {"PATH": "/usr/bin:/bin"}, file_actions=actions)
        status = os.waitpid(process, 0)[1]
        for group in groups:
            leave(group)
        spent.append(time.perf_counter() - start)
        if status != 0:
            raise CommandFailed(f"bwrap alone ended with {status}")
    return spent[1:]


def leave(group):
    """Removes a control group when the last of its processes has ended, which may be after the one that was waited for."""
    for _ in range(1000):
        try:
            group.rmdir()
            return
        except OSError:
            time.sleep(0.0005)


def control_groups(kept):
    """Folders of control groups to make, beside those that ramp made; empty where it made none."""
    groups = []
    for line in (kept / "cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        parent = Path(f"/sys/fs/cgroup/{controllers}{path}").parent
        if Path(path).name.startswith("ramp-") and os.access(parent, os.W_OK):
            groups.append(parent / f"bench-{os.getpid()}")
    return groups


def patch(bench, lite):
    """The patch of a Django row's gold edits, made again and again."""
    mirrors = os.environ.get(MIRRORS)
    if not mirrors or not lite.exists():
        bench.skipped.append(f"the patch of a Django workspace: {MIRRORS} names no mirrors, or {lite} is absent")
        return
    with open(lite, encoding="utf-8") as file:
        ids = (json.loads(line)["instance_id"] for line in file)
        one = next(id_ for id_ in ids if id_.startswith("django__django-"))
    take = "rerun patch --through patch"
    lines = [f"load {lite}", f"set repositories {mirrors}", "model use gold", f"run {one} --through patch"]
    found = milliseconds(bench, lines + [take] * bench.runs, "patch")
    bench.lines.append(
        bench.line(
            "the patch of a Django workspace", wall=statistics.median(found[1:]) * MS, target={"wall": 40 * MS},
            note=f"{one}, gold"))


def again(bench, folder, name, first="note begin", prefix=(), takes=None):
    """The median of the seconds that the baseline takes when it is made anew."""
    take = "rerun baseline --through baseline"
    lines = [first, f"load {folder}/rows.jsonl", f"set repositories {folder}/repos"]
    lines += [f"run {ID.format(name)} --through baseline"] + [take] * (bench.runs if takes is None else takes)
    found = milliseconds(bench, lines, "baseline", prefix)
    return statistics.median(found[1:] or found) * MS


def milliseconds(bench, lines, stage, prefix=()):
    """What each making of a stage took, by ramp's own record."""
    command = [*prefix, bench.binary, "--json", "-c", "; ".join(lines)]
    done = subprocess.run(command, env=bench.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise CommandFailed(done.stderr.decode("utf-8", "replace").strip())
    spent = []
    for text in done.stdout.splitlines():
        stages = json.loads(text).get("stages", [])
        spent += [one["milliseconds"] for one in stages if one["stage"] == stage]
    return spent


def canaries(folder):
    """Two rows of the same twenty tests: one with a command of its own, which holds no canary, and one without."""
    lines = ["import unittest", "", "", "class All(unittest.TestCase):"]
    lines += [f"    def test_{number}(self):\n        self.assertEqual({number}, {number})\n" for number in range(20)]
    text = "\n".join(lines).split("\n")
    patch = f"--- /dev/null\n+++ b/tests/test_m.py\n@@ -0,0 +1,{len(text)} @@\n" + "".join(f"+{one}\n" for one in text)
    made = [dict(row(folder, name, 20), test_patch=patch) for name in ("bare", "watched")]
    made[0]["test_command"] = "{python} -m unittest -v tests.test_m"
    made[1]["test_command"] = "unittest"
    return made


def row(folder, name, count):
    """A row of a repository with `count` files, which is made in `folder`."""
    repository = folder / "repos" / "o" / f"{name}.git"
    repository.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "-q", "--bare", str(repository)], check=True)
    stream = ["commit refs/heads/main\ncommitter A <a@example.org> 1000000000 +0000\ndata 6\nfirst\n"]
    for number in range(count):
        text = f"VALUE = {number}\n" * 40
        stream.append(f"M 644 inline p{number % 200}/m{number}.py\ndata {len(text)}\n{text}\n")
    subprocess.run(
        ["git", "-C", str(repository), "fast-import", "--quiet"], input="".join(stream).encode(), check=True)
    commit = subprocess.run(
        ["git", "-C", str(repository), "rev-parse", "main"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    patch = "--- /dev/null\n+++ b/tests/test_m.py\n@@ -0,0 +1 @@\n+X = 1\n"
    return {
        "instance_id": ID.format(name), "repo": f"o/{name}", "base_commit": commit, "problem_statement": "p", "patch": "",
        "test_patch": patch, "FAIL_TO_PASS": ["t"], "PASS_TO_PASS": [], "test_command": "true"}
