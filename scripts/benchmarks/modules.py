"""Builds a small program over Sources/Content, Edits and Prompts alone, without the package: a benchmark, a fuzz target."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def build(folder, program, name, flags=()):
    """Compiles the modules and the program into the folder, optimized; returns the path of what can be run.

    Raises subprocess.CalledProcessError where the compiler refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    common = [
        "swiftc", "-O", "-wmo", *flags, "-parse-as-library", "-swift-version", "6", "-package-name", "ramp",
        "-enable-upcoming-feature", "ExistentialAny", "-enable-upcoming-feature", "MemberImportVisibility",
        "-I", str(folder), "-I", str(ROOT / "Sources" / "CCrypto"),
    ]
    objects = []
    for module in ("Content", "Edits", "Prompts"):
        sources = [str(path) for path in sorted((ROOT / "Sources" / module).rglob("*.swift"))]
        objects.append(str(folder / f"{module}.o"))
        subprocess.run(
            [*common, "-module-name", module, "-emit-module", "-emit-module-path", str(folder / f"{module}.swiftmodule"),
             "-c", "-o", objects[-1], *sources], check=True)
    made = folder / name
    subprocess.run(
        [*common, "-module-name", program.stem, str(program), *objects, "-lcrypto", "-o", str(made)], check=True)
    return made
