"""ramp's own part of one attempt: its CPU without that of git, of the model and of the tests."""

import json
import shutil
import statistics
import subprocess

MS = 0.001
ID = "o__shop-1"
FEW, HALF, MANY = 20, 60, 100
CODE = "def total(prices):\n    result = 0\n    for price in prices:\n        result += price\n    return result\n"
EDIT = "shop.py\n```python\n<<<<<<< SEARCH\n    result = {}\n=======\n    result = {}\n>>>>>>> REPLACE\n```\n"
# Prints what unittest would: right with the gold patch alone.
TESTS = (
    "if grep -q 'result = 0.0' shop.py; then e=ok; else e=FAIL; fi; "
    "printf 'test_total (tests.test_shop.Shop) ... %s\\n\\n' $e; "
    "if [ $e = FAIL ]; then printf '=%.0s' $(seq 70); "
    "printf '\\nFAIL: test_total (tests.test_shop.Shop)\\n%s\\n' "
    "----------------------------------------------------------------------; "
    "printf 'Traceback (most recent call last):\\n  File \"/testbed/tests/test_shop.py\", line 7, in test_total\\n"
    "    self.assertEqual(total([5, 7]), 12)\\nAssertionError: %s != 12\\n\\n' $(sed -n 's/.*result = //p' shop.py); fi; "
    "printf '%s\\nRan 1 test in 0.001s\\n\\n' ----------------------------------------------------------------------; "
    "[ $e = ok ] && echo OK || { echo 'FAILED (failures=1)'; false; }"
)


def run(bench):
    """The CPU of an attempt within a line that makes many: one whose edit does not apply, which needs neither git nor
    tests, and one whose tests fail, less a bare run of the tests, which `preflight` repeats."""
    if not shutil.which("git"):
        bench.skipped.append("an attempt: git is not there")
        return
    folder = bench.folder / "attempts"
    prepare(folder)
    begin = f"load {folder}/rows.jsonl; set repositories {folder}/repos; set sandbox off; "
    commands = {}
    for name in ("astray", "wrong"):
        solve = f"set ladder \"feedback, feedback\"; model use scripted:{folder}/{name}.ramp; run {ID} --attempts "
        commands.update({f"{name} {n}": bench.ramp("-c", f"{begin}{solve}{n}") for n in (FEW, HALF, MANY)})
    commands.update({f"runs {n}": bench.ramp("-c", f"{begin}preflight {ID} --runs {n}") for n in (FEW, MANY)})
    found = bench.measure(commands, runs=bench.replays)

    def each(word, few=FEW, many=MANY):
        pairs = zip(found[f"{word} {few}"].runs, found[f"{word} {many}"].runs)
        return statistics.median((more.own - less.own) / (many - few) for less, more in pairs)

    early, late, tests = each("astray", FEW, HALF), each("astray", HALF, MANY), each("runs")
    bench.lines += [
        bench.line(
            "ramp: an attempt", cpu=each("astray"), target={"cpu": MS},
            note=f"of {MANY} in one line, whose edits do not apply: no git, no tests; CPU of the process itself"),
        bench.line(
            "  late ones beside early ones", cpu=late, target={"cpu": max(1.5 * early, early + 0.2 * MS) / bench.slower},
            note=f"attempts {HALF} to {MANY}; those from {FEW} to {HALF} take {early * 1000:.2f} ms"),
        bench.line(
            "  one whose tests fail", cpu=max(0, each("wrong") - tests),
            note=f"with the launch of git; without that of the tests, {tests * 1000:.2f} ms"),
    ]


def prepare(folder):
    """A repository of a few files, a row, and replies of which each is wrong in another way: edits that break the tests,
    and edits of lines that are not there."""
    repository = folder / "repos" / "o" / "shop.git"
    repository.parent.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "--bare", str(repository)], check=True)
    stream = "commit refs/heads/main\ncommitter A <a@example.org> 1000000000 +0000\ndata 6\nfirst\n"
    for path, text in {"shop.py": CODE, "door.py": "SHUT = False\n" * 40, "tests/__init__.py": ""}.items():
        stream += f"M 644 inline {path}\ndata {len(text)}\n{text}\n"
    subprocess.run(["git", "-C", str(repository), "fast-import", "--quiet"], input=stream.encode(), check=True)
    commit = subprocess.check_output(["git", "-C", str(repository), "rev-parse", "main"], text=True).strip()
    row = {
        "instance_id": ID, "repo": "o/shop", "base_commit": commit,
        "problem_statement": "total of the shop is off: total([5, 7]) should be 12.",
        "patch": "--- a/shop.py\n+++ b/shop.py\n@@ -1,3 +1,3 @@\n def total(prices):\n-    result = 0\n+    result = 0.0\n"
        "     for price in prices:\n",
        "test_patch": "--- /dev/null\n+++ b/tests/test_shop.py\n@@ -0,0 +1 @@\n+X = 1\n", "version": "1.0",
        "FAIL_TO_PASS": ["test_total (tests.test_shop.Shop)"], "PASS_TO_PASS": [], "test_command": TESTS}
    (folder / "rows.jsonl").write_text(json.dumps(row) + "\n")
    for name, search in (("wrong", "0"), ("astray", "None")):
        sections = (f"-- scripted/{ID}/{n} --\n{EDIT.format(search, n)}" for n in range(1, MANY + 1))
        (folder / f"{name}.ramp").write_text("# replies\n" + "".join(sections))
