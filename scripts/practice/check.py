#!/usr/bin/env python3
"""Check every practice archive: that it is what its row says, that its tests tell right from wrong, and that its
replies do what their names promise. Needs Python 3.8 or later, and git.

    scripts/practice/check.py [ID ...]
"""

import ast
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import archive

FOLDER = Path(__file__).resolve().parents[2] / "Sources" / "CBuiltin" / "practice"
ROW_KEYS = {
    "instance_id", "repo", "base_commit", "hints_text", "created_at", "version", "FAIL_TO_PASS", "PASS_TO_PASS",
    "environment_setup_commit", "test_command", "difficulty",
}
# How large a package may be, tests apart: believable, and still read in a sitting.
FILES, LINES = range(4, 13), range(300, 1201)


class Checks:
    """Counts what holds and prints what does not."""

    def __init__(self):
        self.passed = self.failed = 0

    def that(self, holds, what):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED  {what}")


TEST = r"(test_\w+) \(([\w.]+?)(?:\.\1)?\)"


def outcomes(folder, modules=()):
    """Run tests of the repository, all of them or those of some modules: `name (dotted.module.Class)` to None where it
    passed, else to what was raised."""
    done = subprocess.run(
        [sys.executable, "-m", "unittest", "-v", *modules], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={"PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}, check=False,
    )
    log = done.stdout.decode()
    found = {}
    name = None
    for line in log.splitlines():
        match = re.match(TEST, line)
        if match:
            name = f"{match[1]} ({match[2]})"
        if name and (end := re.search(r" \.\.\. (ok|FAIL|ERROR)$", line)):
            found[name] = None if end[1] == "ok" else end[1]
            name = None
    for match in re.finditer(rf"^(?:FAIL|ERROR): {TEST}\n(?:.*\n)*?Traceback .*\n(?: .*\n)*(.*)$", log, re.M):
        found[f"{match[1]} ({match[2]})"] = match[3]
    seconds = re.search(r"^Ran \d+ tests? in ([\d.]+)s", log, re.M)
    return found, float(seconds[1]) if seconds else None


def check_row(checks, sections, identifier):
    """The row, its lists of tests, the issue and the form of the files. Return the row."""
    row = json.loads(archive.one(sections, "row").body)
    checks.that(set(row) == ROW_KEYS, f"{identifier}: the row's fields are {sorted(ROW_KEYS)}")
    checks.that(row["instance_id"] == identifier, f"{identifier}: the row names another instance")
    for kind in ("row", "issue", "patch", "test-patch", "commit"):
        checks.that(archive.one(sections, kind).name == identifier, f"{identifier}: {kind} of another instance")
    checks.that(1 <= len(row["FAIL_TO_PASS"]) <= 2, f"{identifier}: 1 or 2 FAIL_TO_PASS")
    checks.that(5 <= len(row["PASS_TO_PASS"]) <= 12, f"{identifier}: 5 to 12 PASS_TO_PASS")
    checks.that(not set(row["FAIL_TO_PASS"]) & set(row["PASS_TO_PASS"]), f"{identifier}: a test in both lists")
    tree = archive.files(sections)
    package = {path: text for path, (text, _) in tree.items() if path.endswith(".py") and "tests/" not in path}
    lines = sum(text.count("\n") for text in package.values())
    checks.that(len(package) in FILES, f"{identifier}: {len(package)} files in the package")
    checks.that(lines in LINES, f"{identifier}: {lines} lines in the package")
    for path, (text, _) in tree.items():
        checks.that("\r" not in text and not re.search(r"[ \t]$", text, re.M), f"{identifier}: blanks end a line of {path}")
        if path.endswith(".py"):
            try:
                ast.parse(text, feature_version=(3, 8))
                checks.that(True, path)
            except SyntaxError as error:
                checks.that(False, f"{identifier}: {path} is not Python 3.8: {error}")
    print(f"{identifier}: {len(package)} files, {lines} lines, {sum(map(len, package.values()))} characters")
    return row


def run_tests(checks, identifier, sections, folder, what):
    """Run the files of the test patch, and no others, as for any row."""
    changed = re.findall(r"^diff --git a/(\S+)\.py ", archive.one(sections, "test-patch").body, re.M)
    found, seconds = outcomes(folder, [path.replace("/", ".") for path in changed])
    checks.that(seconds is not None and seconds < 0.3, f"{identifier}, {what}: the tests take {seconds} s")
    return found


def check_tests(checks, identifier, row, found, what, resolved):
    """The FAIL_TO_PASS pass exactly if `resolved`; the PASS_TO_PASS pass in any case."""
    for name in row["FAIL_TO_PASS"]:
        passed = name in found and found[name] is None
        checks.that(name in found and passed is resolved, f"{identifier}, {what}: {name} {'passes' if passed else 'fails'}")
    for name in row["PASS_TO_PASS"]:
        checks.that(name in found and found[name] is None, f"{identifier}, {what}: {name} fails")


def failure(row, why, baseline, found):
    """The code that an attempt with such an end is given, or None for resolved; `why` its edits did not apply."""
    if why:
        return "no_edits_generated" if why == "no edit" else "apply_failed"
    if any(found.get(name, "missing") for name in row["PASS_TO_PASS"]):
        return "regression"
    failing = [name for name in row["FAIL_TO_PASS"] if found.get(name, "missing")]
    if not failing:
        return None
    return "logic_error" if all(found.get(name) == baseline.get(name) for name in failing) else "test_failure"


def check_replies(checks, identifier, row, sections, folder, baseline):
    """Each reply does what its name and its `failure` say, and the conditions can tell them apart."""
    replies = [section for section in sections if section.kind == "reply"]
    texts = [text for text, _ in archive.files(sections).values()]
    issue = archive.one(sections, "issue").body
    names = [reply.name for reply in replies]
    checks.that({name.split(".")[0] for name in names} == {"fails", "resolves"}, f"{identifier}: replies {names}")
    checks.that(all("needs" in reply.attributes for reply in replies[:-1]), f"{identifier}: a fallback before the end")
    checks.that("needs" not in replies[-1].attributes, f"{identifier}: no fallback at the end")
    for reply in replies:
        needs, what = reply.attributes.get("needs"), f"{identifier}, {reply.name}"
        if needs is not None:
            checks.that(needs not in issue, f"{what}: the issue holds {needs!r}")
            # What the feedback says is in no file; anything else has one place that can be shown.
            count = sum(text.count(needs) for text in texts)
            wanted = 0 if reply.name.endswith(".feedback") else 1
            checks.that(count == wanted, f"{what}: {needs!r} stands {count} times in the files")
        archive.git(folder, "stash", "--quiet", "--include-untracked")
        archive.git(folder, "stash", "apply", "--quiet")
        why = archive.apply(folder, reply.body)
        found = run_tests(checks, identifier, sections, folder, reply.name)
        ends, expected = failure(row, why, baseline, found), reply.attributes.get("failure")
        checks.that(ends == expected, f"{what}: {ends or 'resolved'}, not {expected or 'resolved'} ({why})")
        checks.that((expected is None) == reply.name.startswith("resolves"), f"{what}: {expected or 'no failure'}")
        archive.git(folder, "reset", "--quiet", "--hard")
        archive.git(folder, "stash", "pop", "--quiet")


def check(checks, identifier, scratch):
    text = (FOLDER / f"{identifier}.archive").read_text()
    sections = archive.parse(text)
    checks.that(archive.serialize(sections) == text, f"{identifier}: written again, the archive differs")
    row = check_row(checks, sections, identifier)
    folder = Path(scratch, identifier)
    commit = archive.build(folder, archive.files(sections), archive.one(sections, "commit").body)
    checks.that(commit == row["base_commit"], f"{identifier}: base_commit is {row['base_commit']}, git says {commit}")
    before, _ = outcomes(folder)
    checks.that(before and not any(before.values()), f"{identifier}: the tests at base_commit pass")
    for kind in ("test-patch", "patch"):
        body = archive.one(sections, kind).body
        paths = re.findall(r"^diff --git a/(\S+) ", body, re.M)
        wanted = kind == "test-patch"
        checks.that(paths and all(("tests/" in p) == wanted for p in paths), f"{identifier}: {kind} changes {paths}")
    archive.git(folder, "apply", "-", stdin=archive.one(sections, "test-patch").body.encode())
    baseline = run_tests(checks, identifier, sections, folder, "test patch alone")
    check_tests(checks, identifier, row, baseline, "test patch alone", False)
    check_replies(checks, identifier, row, sections, folder, baseline)
    archive.git(folder, "apply", "-", stdin=archive.one(sections, "patch").body.encode())
    found = run_tests(checks, identifier, sections, folder, "gold patch")
    check_tests(checks, identifier, row, found, "gold patch", True)
    checks.that(not any(found.values()), f"{identifier}: every test passes with the gold patch")


def main():
    checks = Checks()
    identifiers = sys.argv[1:] or sorted(path.stem for path in FOLDER.glob("*.archive"))
    with tempfile.TemporaryDirectory() as scratch:
        for identifier in identifiers:
            try:
                check(checks, identifier, scratch)
            except (archive.ArchiveError, OSError, ValueError, KeyError) as error:
                checks.that(False, f"{identifier}: {error!r}")
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed or not checks.passed else 0


if __name__ == "__main__":
    sys.exit(main())
