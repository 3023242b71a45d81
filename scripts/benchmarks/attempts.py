"""ramp's own part of one attempt: its CPU without that of git, of the model and of the tests."""

import json
import shutil
import statistics
import subprocess

MS = 0.001
ID = "o__shop-1"
FEW, HALF, MANY = 20, 60, 100
CODE = "def total(prices):\n    result = 0\n    for price in prices:\n        result += price\n    return result\n"
EDIT = "shop.py\n```python\n<<<<<<< SEARCH\n    result = 0\n=======\n    result = {}\n>>>>>>> REPLACE\n```\n"
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
    """The CPU of an attempt within a line that makes many, less that of a bare run of the tests, which `preflight`
    repeats."""
    if not shutil.which("git"):
        bench.skipped.append("an attempt: git is not there")
        return
    folder = bench.folder / "attempts"
    prepare(folder)
    begin = f"load {folder}/rows.jsonl; set repositories {folder}/repos; set sandbox off; "
    solve = begin + f"set ladder \"feedback, feedback\"; model use scripted:{folder}/replies.ramp; run {ID} --attempts "
    commands = {f"attempts {n}": bench.ramp("-c", solve + str(n)) for n in (FEW, HALF, MANY)}
    commands.update({f"runs {n}": bench.ramp("-c", f"{begin}preflight {ID} --runs {n}") for n in (FEW, MANY)})
    found = bench.measure(commands, runs=bench.replays)

    def each(word, few, many):
        pairs = zip(found[f"{word} {few}"].runs, found[f"{word} {many}"].runs)
        return statistics.median((more.own - less.own) / (many - few) for less, more in pairs)

    tests = each("runs", FEW, MANY)
    early, late = (max(0, each("attempts", *pair) - tests) for pair in ((FEW, HALF), (HALF, MANY)))
    bench.lines += [
        bench.line("a bare run of tests, ramp's part", cpu=tests, note="repeated by `preflight`, without a sandbox"),
        bench.line(
            "ramp: an attempt", cpu=max(0, each("attempts", FEW, MANY) - tests), target={"cpu": MS},
            note=f"of {MANY} in one line, less a bare run of tests; CPU of the process itself"),
        bench.line(
            "  late ones beside early ones", cpu=late, target={"cpu": max(1.5 * early, early + 0.2 * MS) / bench.slower},
            note=f"attempts {HALF} to {MANY} beside {FEW} to {HALF}, which take {early * 1000:.2f} ms"),
    ]


def prepare(folder):
    """A repository of a few files, a row, and replies of which each is wrong in another way."""
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
    (folder / "replies.ramp").write_text(
        "# replies\n" + "".join(f"-- scripted/{ID}/{n} --\n{EDIT.format(n)}" for n in range(1, MANY + 1)))
