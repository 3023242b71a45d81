#!/usr/bin/env python3
"""Write a practice archive from a working folder. What it writes is the source of truth; `check.py` verifies it.

    scripts/practice/pack.py FOLDER [> ID.archive]

FOLDER holds `row.json` (the row without base_commit), `commit` (author, date, message), `issue`, `base/` (the
repository), `gold` and `tests` (SEARCH/REPLACE blocks that make the two patches) and `replies/NN-NAME`, whose first
lines are `needs: TEXT` where the reply has a condition and `failure: CODE` where it is meant to fail.
To change an instance that is already packed, `--unpack ID.archive FOLDER` makes such a folder from it, with the
patches as they are.
"""

import json
import sys
import tempfile
from pathlib import Path

import archive


def diff(folder, source):
    """The unified diff of a working folder's `gold` or `tests`: of its blocks, or the diff as it stands."""
    text = source.read_text()
    if text.startswith("diff --git "):
        return text
    why = archive.apply(folder, text)
    if why:
        raise archive.ArchiveError(f"{source.name}: {why}")
    patch = archive.git(folder, "diff", "--no-color", "--no-ext-diff")
    archive.git(folder, "reset", "--quiet", "--hard")
    return patch


def reply(path):
    """One reply section."""
    attributes = {}
    body = path.read_text()
    while body.startswith(("needs: ", "failure: ")):
        first, body = body.split("\n", 1)
        key, _, value = first.partition(": ")
        attributes[key] = value or None
    return archive.Section("reply", path.name.split("-", 1)[1], body, attributes)


def pack(folder):
    """The sections of the archive that `folder` describes."""
    row = json.loads((folder / "row.json").read_text())
    name = row["instance_id"]
    commit = (folder / "commit").read_text()
    base = folder / "base"
    tree = {}
    for path in sorted(base.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            tree[str(path.relative_to(base))] = (path.read_text(), bool(path.stat().st_mode & 0o100))
    with tempfile.TemporaryDirectory() as scratch:
        row["base_commit"] = row["environment_setup_commit"] = archive.build(scratch, tree, commit)
        gold = diff(scratch, folder / "gold")
        tests = diff(scratch, folder / "tests")
    crlf = b"\r\n" in (folder / "issue").read_bytes()
    issue = (folder / "issue").read_text()
    return [
        archive.Section("row", name, json.dumps(row, indent=2) + "\n"),
        archive.Section("issue", name, issue, {"crlf": None} if crlf else {}),
        archive.Section("patch", name, gold),
        archive.Section("test-patch", name, tests),
        archive.Section("commit", name, commit),
        *(reply(path) for path in sorted((folder / "replies").iterdir())),
        *(
            archive.Section("file", path, text, {"executable": None} if executable else {})
            for path, (text, executable) in sorted(tree.items())
        ),
    ]


def unpack(source, folder):
    """The reverse of `pack`."""
    number = 0
    for section in archive.parse(source.read_text()):
        body, path = section.body, folder / section.kind
        if section.kind == "row":
            path = folder / "row.json"
        elif section.kind == "issue" and "crlf" in section.attributes:
            body = body.replace("\n", "\r\n")
        elif section.kind in ("patch", "test-patch"):
            path = folder / {"patch": "gold", "test-patch": "tests"}[section.kind]
        elif section.kind == "reply":
            number += 1
            path = folder / "replies" / f"{number:02}-{section.name}"
            for key, value in reversed(list(section.attributes.items())):
                body = (key if value is None else f"{key}: {value}") + "\n" + body
        elif section.kind == "file":
            path = folder / "base" / section.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body.encode())
        if "executable" in section.attributes:
            path.chmod(0o755)


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "--unpack":
        unpack(Path(sys.argv[2]), Path(sys.argv[3]))
    elif len(sys.argv) == 2:
        sys.stdout.write(archive.serialize(pack(Path(sys.argv[1]))))
    else:
        sys.exit(__doc__)
