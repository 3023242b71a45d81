#!/usr/bin/env python3
"""scripts/benchmarks/first-prompt.py [BINARY] [RUNS]: from the start of the process to the first prompt drawn.

Each run is a new process on a terminal of its own, in a home with a journal that holds a sitting already. Prints
{"median_ms": ..., "min_ms": ..., "runs": ...}; the target is 15.
"""

import fcntl
import json
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def first_prompt(binary, home, environment):
    """Milliseconds from before the fork to the prompt."""
    start = time.perf_counter()
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(home)
        os.execve(binary, ["ramp"], environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    seen = b""

    def read():
        if not select.select([terminal], [], [], 10)[0]:
            os.kill(process, signal.SIGKILL)
        return os.read(terminal, 65536)

    took = 0
    try:
        while b"ramp> " not in seen:
            seen += read()
        took = (time.perf_counter() - start) * 1000
        os.write(terminal, b"quit\r")
        while read():
            pass
    except OSError:
        # The other end is gone.
        pass
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    if os.waitstatus_to_exitcode(status) != 0 or b"ramp> " not in seen:
        sys.exit(f"{binary} ended with status {os.waitstatus_to_exitcode(status)}:\n{seen.decode('utf-8', 'replace')}")
    return took


def main():
    binary = str(Path(sys.argv[1]).resolve()) if len(sys.argv) > 1 else str(ROOT / ".build/release/ramp")
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 21
    if not os.access(binary, os.X_OK):
        sys.exit(f"there is no {binary}\n  scripts/ramp --version builds it")
    home = tempfile.mkdtemp(prefix="ramp-bench-")
    environment = {"HOME": home, "PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    try:
        lines = "run django__django-11000 --through patch\n"
        subprocess.run([binary], input=lines.encode(), env=environment, cwd=home, stdout=subprocess.DEVNULL, check=True)
        first_prompt(binary, home, environment)
        times = [first_prompt(binary, home, environment) for _ in range(runs)]
    finally:
        shutil.rmtree(home)
    print(json.dumps(
        {"median_ms": round(statistics.median(times), 2), "min_ms": round(min(times), 2), "runs": runs}))


if __name__ == "__main__":
    main()
