"""Trees and sandboxes: what a further attempt on a repository of Django's size waits for before its tests run."""

import json
import os
import shutil
import statistics
import subprocess

from measure import CommandFailed

MS = 0.001
FILES = 6700
ID = "o__{}-1"


def run(bench):
    """The baseline of a row whose test command is `true`, made again and again: on a large tree, a small one, without
    a sandbox, and as an ordinary user."""
    if not shutil.which("bwrap") or not shutil.which("git"):
        bench.skipped.append("trees and sandboxes: git or bubblewrap is not there")
        return
    folder = bench.folder / "trees"
    rows = [row(folder, "large", FILES), row(folder, "small", 20)]
    (folder / "rows.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    small = again(bench, folder, "small")
    large = again(bench, folder, "large")
    bare = again(bench, folder, "small", "set sandbox off")
    bench.lines += [
        bench.line("tests that do nothing, in a sandbox", wall=small, note="a tree of 20 files, the command `true`"),
        bench.line(
            "  the sandbox's part", wall=max(0, small - bare), target={"wall": 10 * MS}, note="beyond `set sandbox off`"),
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


def again(bench, folder, name, first="note begin", prefix=()):
    """The median of the seconds that the baseline takes when it is made anew."""
    take = "rerun baseline --through baseline"
    lines = [first, f"load {folder}/rows.jsonl", f"set repositories {folder}/repos"]
    lines += [f"run {ID.format(name)} --through baseline"] + [take] * bench.runs
    command = [*prefix, bench.binary, "--json", "-c", "; ".join(lines)]
    done = subprocess.run(command, env=bench.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise CommandFailed(done.stderr.decode("utf-8", "replace").strip())
    spent = []
    for text in done.stdout.splitlines():
        stages = json.loads(text).get("stages", [])
        spent += [stage["milliseconds"] for stage in stages if stage["stage"] == "baseline"]
    return statistics.median(spent[1:]) * MS


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
