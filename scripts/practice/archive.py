"""The practice archives: one file that holds an instance, its repository and its hand-written replies.

The format is that of ramp's session files: `# ramp session 1`, then sections `-- kind/name attributes --`. A body line
that begins with backslashes and `-- ` carries one more leading backslash than the text it stands for.
"""

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

FIRST_LINE = "# ramp session 1"
HEADER = re.compile(r"-- ([a-z-]+)/([A-Za-z0-9._/+:@-]+)((?: [a-z0-9-]+(?:=(?:\"[^\"\\]*\"|[^\s\"]+))?)*) --")
ATTRIBUTE = re.compile(r" ([a-z0-9-]+)(?:=(?:\"([^\"\\]*)\"|([^\s\"]+)))?")
BLOCK = re.compile(
    r"^(?P<path>\S+)\n```\w*\n<{7} SEARCH\n(?P<search>.*?\n)?={7}\n(?P<replacement>.*?\n)?>{7} REPLACE\n```$", re.M | re.S
)


class ArchiveError(Exception):
    """What is wrong with an archive, in one line."""


@dataclass
class Section:
    """One section. `attributes` maps a bare flag to None; `line` is the 1-based line of the header."""

    kind: str
    name: str
    body: str
    attributes: dict = field(default_factory=dict)
    line: int = 0

    def header(self):
        words = [f"-- {self.kind}/{self.name}"]
        for key, value in self.attributes.items():
            words.append(key if value is None else f'{key}="{value}"')
        return " ".join(words + ["--"])


def parse(text):
    """The sections of an archive, in file order."""
    lines = text.split("\n")
    if lines[0] != FIRST_LINE or lines[-1] != "":
        raise ArchiveError(f"an archive begins with `{FIRST_LINE}` and ends with a line end")
    sections = []
    for number, line in enumerate(lines[1:-1], 2):
        if line.startswith("-- "):
            match = HEADER.fullmatch(line)
            if not match:
                raise ArchiveError(f"line {number}: not a section header")
            attributes = {key: quoted or bare or None for key, quoted, bare in ATTRIBUTE.findall(match[3])}
            sections.append(Section(match[1], match[2], "", attributes, number))
        elif not sections:
            raise ArchiveError(f"line {number}: text before the first section")
        else:
            if re.match(r"\\+-- ", line):
                line = line[1:]
            sections[-1].body += line + "\n"
    names = [(section.kind, section.name) for section in sections]
    for name in names:
        if names.count(name) > 1:
            raise ArchiveError(f"section {name[0]}/{name[1]} stands there twice")
    return sections


def serialize(sections):
    """The text of an archive: the reverse of `parse`."""
    out = [FIRST_LINE + "\n"]
    for section in sections:
        if not section.body.endswith("\n"):
            raise ArchiveError(f"the body of {section.kind}/{section.name} does not end with a line end")
        out.append(section.header() + "\n")
        out.append(re.sub(r"^(\\*-- )", r"\\\1", section.body, flags=re.M))
    return "".join(out)


def one(sections, kind):
    """The only section of that kind."""
    found = [section for section in sections if section.kind == kind]
    if len(found) != 1:
        raise ArchiveError(f"{len(found)} {kind} sections, not 1")
    return found[0]


def files(sections):
    """The repository at the base commit: path to (text, executable)."""
    return {s.name: (s.body, "executable" in s.attributes) for s in sections if s.kind == "file"}


def git(folder, *arguments, stdin=None):
    """Run git away from every configuration of this machine, and return what it wrote."""
    environment = {
        "PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C", "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull,
    }
    done = subprocess.run(
        ["git", *arguments], cwd=folder, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
        check=False,
    )
    if done.returncode:
        raise ArchiveError(f"git {arguments[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


def build(folder, tree, commit):
    """Make a repository of one commit in `folder`, check it out, and return the commit's id.

    `commit` is the body of the commit section: author, date (seconds since 1970, UTC) and message.
    """
    values = dict(line.split(": ", 1) for line in commit.splitlines())
    message = (values["message"] + "\n").encode()
    who = f"{values['author']} {values['date']} +0000"
    stream = [f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata {len(message)}\n".encode(), message]
    for path, (text, executable) in sorted(tree.items()):
        body = text.encode()
        mode = "100755" if executable else "100644"
        stream.append(f"M {mode} inline {path}\ndata {len(body)}\n".encode() + body + b"\n")
    Path(folder).mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--object-format=sha1", "--initial-branch=main")
    git(folder, "fast-import", "--quiet", stdin=b"".join(stream))
    git(folder, "reset", "--quiet", "--hard", "main")
    return git(folder, "rev-parse", "main").strip()


def edits(reply):
    """The SEARCH/REPLACE blocks of a reply: (path, search, replacement)."""
    return [(m["path"], m["search"] or "", m["replacement"] or "") for m in BLOCK.finditer(reply)]


def apply(folder, reply):
    """Apply a reply's blocks, all or none. Return None, or the reason why nothing was written."""
    changed = {}
    blocks = edits(reply)
    if not blocks:
        return "no edit"
    for path, search, replacement in blocks:
        file = Path(folder, path)
        if not file.is_file():
            return f"no file {path}"
        text = changed.get(file, file.read_text())
        places = ("\n" + text).count("\n" + search)
        if not search or places != 1:
            return f"{path}: SEARCH text in {places} places"
        changed[file] = ("\n" + text).replace("\n" + search, "\n" + replacement)[1:]
    for file, text in changed.items():
        file.write_text(text)
    return None
