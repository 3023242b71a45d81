"""Runs commands and says what they took."""

import ctypes
import fcntl
import os
import statistics
import tempfile
import time


class CommandFailed(Exception):
    """A command ended with another status than 0."""


class Run:
    """One run: seconds, and what it printed."""

    def __init__(self, wall, own, cpu, output):
        self.wall = wall
        # The CPU time of the process itself, all its threads, without its children.
        self.own = own
        # With its children, and theirs.
        self.cpu = cpu
        self.output = output


class Measured:
    """The runs of one command, and their medians."""

    def __init__(self):
        self.runs = []

    @property
    def wall(self):
        return statistics.median(run.wall for run in self.runs)

    @property
    def cpu(self):
        return statistics.median(run.cpu for run in self.runs)


def in_turn(commands, runs, environment):
    """Runs each of `commands` once without counting it, then all of them in turn, `runs` times. A command that is a
    function gives its words for each turn."""
    found = {name: Measured() for name in commands}
    for turn in range(runs + 1 if runs > 1 else 1):
        for name, command in commands.items():
            run = measured(command(turn) if callable(command) else command, environment)
            if turn > 0 or runs == 1:
                found[name].runs.append(run)
    return found


def measured(command, environment):
    """Runs `command` to its end."""
    adopt()
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = spawned(command, environment, output)
        # Dead and not yet reaped, a process still has its clock, which counts its threads and no children; what wait
        # tells afterwards counts those children, too, that it waited for.
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
        wall = time.perf_counter() - start
        own = time.clock_gettime((~process << 3) | 2)
        _, status, usage = os.wait4(process, 0)
        cpu = seconds(usage) + left_behind()
        output.seek(0)
        text = output.read().decode(errors="replace")
    check(command, status, text)
    return Run(wall, own, cpu, text)


def left_behind():
    """The CPU time of what the command did not wait for: bwrap ends before the process that it shut in."""
    spent = 0.0
    while True:
        try:
            spent += seconds(os.wait4(-1, 0)[2])
        except ChildProcessError:
            return spent


def seconds(usage):
    return usage.ru_utime + usage.ru_stime


def spawned(command, environment, output, pipes=()):
    """Starts `command` with nothing on standard input and what it prints in the file `output`; `pipes` become its
    descriptors from 8 on.

    Not by fork, whose copying of this process's memory would be counted as the command's own.
    """
    actions = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
    actions += [(os.POSIX_SPAWN_DUP2, output.fileno(), descriptor) for descriptor in (1, 2)]
    actions += [(os.POSIX_SPAWN_DUP2, pipe, 8 + place) for place, pipe in enumerate(pipes)]
    return os.posix_spawn(command[0], command, environment, file_actions=actions)


def peak(command, environment, runs=3):
    """The most memory that `command`, or one of the children it waited for, had resident, in MB of 2^20 bytes.

    The kernel counts, too, what a process had before it became another program, so that a child of this one is never
    below Python's own size. A small shell makes the process instead, and leaves it behind to this one; the command
    begins when the shell has gone, which would else wait for it in our place.
    """
    adopt()
    return statistics.median(peak_of_one(command, environment) for _ in range(runs))


def peak_of_one(command, environment):
    # Above the descriptors that the shell is given.
    number, told = map(moved, os.pipe())
    gone, go = map(moved, os.pipe())
    script = '{ read _ <&9; exec "$@" 8>&- 9<&-; } & echo $! >&8'
    with tempfile.TemporaryFile() as output:
        shell = spawned(["/bin/sh", "-c", script, "sh", *command], environment, output, pipes=[told, gone])
        os.close(told)
        os.close(gone)
        with os.fdopen(number) as line:
            process = int(line.readline())
            os.waitpid(shell, 0)
        os.close(go)
        _, status, usage = os.wait4(process, 0)
        left_behind()
        output.seek(0)
        text = output.read().decode(errors="replace")
    check(command, status, text)
    return usage.ru_maxrss / 1024


def moved(descriptor):
    """The same file under a number of 20 or more."""
    other = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 20)
    os.close(descriptor)
    return other


def check(command, status, text):
    if status != 0:
        code = os.waitstatus_to_exitcode(status) if hasattr(os, "waitstatus_to_exitcode") else status
        last = text.strip().splitlines()[-3:]
        raise CommandFailed("\n  ".join([f"status {code}: {' '.join(command)[:200]}", *last]))


def adopt():
    """Makes this process the parent of what its children leave behind."""
    pr_set_child_subreaper = 36
    if ctypes.CDLL(None, use_errno=True).prctl(pr_set_child_subreaper, 1, 0, 0, 0) != 0:
        raise CommandFailed(os.strerror(ctypes.get_errno()))
