"""A world for each attempt of scripts/bad-rows: a home, a mirror, what a hazard could reach, and what is left of it."""

import ctypes
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from hazards import HAZARDS, SLEEP, TOOLS, Hazard

USER = 65534
IMAGE = "localhost/ramp-bad-rows:latest"
CODE = "def total(prices):\n    return sum(prices[1:])\n"
MENDED = "def total(prices):\n    return sum(prices)\n"
TESTS = """import os, sys, unittest
sys.path.insert(0, os.getcwd())
from calc import total
{hazard}

class Bad(unittest.TestCase):
    def test_total(self):
        self.assertEqual(total([1, 2]), {expected})

    def test_none(self):
        self.assertEqual(total([]), 0)
"""
# More files than a small tree has.
MANY = 520

_libc = ctypes.CDLL(None, use_errno=True)
_NUMBERS = {
    "add_key": (248, 217), "keyctl": (250, 219), "shmget": (29, 194), "shmctl": (31, 195), "semget": (64, 190),
    "semctl": (66, 191), "msgget": (68, 186), "msgsnd": (69, 189), "msgctl": (71, 187), "shmat": (30, 196)}


def call(name, *arguments):
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _libc.syscall(ctypes.c_long(_NUMBERS[name][os.uname().machine == "aarch64"]), *words)


@dataclass
class Outcome:
    line: str
    is_right: bool


def machine_address():
    """An address of this machine's that is not its loopback."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
    except OSError:
        return "127.0.0.1"


def missing(sandbox, tree, user, shared):
    """Why a combination cannot be tried here; None where it can."""
    if sandbox in ("on", "bwrap") and not shutil.which("bwrap"):
        return None if sandbox == "on" else "bubblewrap is not there"
    if sandbox in ("landlock", "container") and tree != "copy":
        return "a copy is the only tree of this sandbox"
    if sandbox == "container":
        if user != "root":
            return "a container of an ordinary user takes a set-up that few machines have"
        return Images.missing(shared)
    if tree == "layer":
        words = ["unshare", "-m" if user == "root" else "-Urm", "sh", "-c",
                 "cd $1 && mkdir -p l u w m && mount -t overlay o -o lowerdir=l,upperdir=u,workdir=w m", "sh"]
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            if user != "root" and os.geteuid() == 0:
                os.chown(folder, USER, USER)
                words = [*as_user(), *words]
            words[-2] = words[-2].replace("lowerdir", "userxattr,lowerdir") if user != "root" else words[-2]
            if subprocess.run([*words, folder], capture_output=True).returncode != 0:
                return "no layers can be mounted"
    return None


def holding(given, shared, sandbox, tree, user):
    """What holds the tests of a harmless row, in ramp's words, and why they did not run where they did not."""
    with tempfile.TemporaryDirectory(prefix="bad-", dir="/var/tmp", ignore_cleanup_errors=True) as folder:
        world = World(Path(folder), user, tree)
        take, output = world.run(given, shared, Hazard(""), "tests", "", sandbox, "harmless")
        world.forget()
    if take.get("verdict") == "resolved":
        return take.get("sandbox", ""), None
    return "", take.get("sentence") or " ".join(output.split())[-200:] or "ramp said nothing"


def why_not(name, held):
    """Why a hazard is not tried where the tests are held like this; None where it is."""
    if "fork" in name and "no process limit" in held:
        return "nothing limits root's processes here"
    if (HAZARDS[name].builds or name == "no environment") and not shutil.which("uv", path="/usr/bin:/bin"):
        if subprocess.run(["/usr/bin/python3", "-c", "import ensurepip, venv"], capture_output=True).returncode != 0:
            return "/usr/bin/python3 makes no environments: `apt install python3-venv`"
    return None


def as_user():
    return ["setpriv", "--reuid", str(USER), "--regid", str(USER), "--clear-groups"]


class Images:
    """The image of container rows: Debian from debootstrap, with a repository at its place."""

    lock = threading.Lock()

    @staticmethod
    def root():
        return Path(os.environ.get("BAD_ROWS_ROOT", "/var/tmp/ramp-bad-rows-root"))

    @staticmethod
    def missing(shared):
        if os.geteuid() != 0:
            return "making an image takes root"
        for name in ("podman", "debootstrap"):
            if not shutil.which(name) and not (name == "debootstrap" and Images.root().exists()):
                return f"{name} is not there (`apt install {name}`)"
        try:
            Images.environment(shared)
            Images.base()
        except (OSError, subprocess.CalledProcessError) as error:
            said = getattr(error, "stderr", b"") or b""
            return f"no image: {error} {said.decode(errors='replace').strip()[-200:]}"
        return None

    @staticmethod
    def environment(shared):
        """The variables that keep all of podman's in `shared`."""
        shared.mkdir(exist_ok=True)
        runtime = "runc" if shutil.which("runc") else "crun"
        (shared / "containers.conf").write_text(
            "[containers]\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=1000:1000\"]\n"
            f"[engine]\nruntime = \"{runtime}\"\ncgroup_manager = \"cgroupfs\"\nevents_logger = \"file\"\n"
            f"tmp_dir = \"{shared}/tmp\"\n")
        (shared / "storage.conf").write_text(
            f"[storage]\ndriver = \"overlay\"\ngraphroot = \"{shared}/graph\"\nrunroot = \"{shared}/run\"\n")
        return {"CONTAINERS_CONF": f"{shared}/containers.conf", "CONTAINERS_STORAGE_CONF": f"{shared}/storage.conf"}

    @staticmethod
    def base():
        """A Debian with Python and git, made once."""
        root = Images.root()
        with Images.lock:
            if (root / "made").exists():
                return root
            shutil.rmtree(root, ignore_errors=True)
            subprocess.run(
                ["debootstrap", "--variant=minbase", "--include=python3,git", "bookworm", str(root)], check=True,
                capture_output=True)
            activate = root / "opt/miniconda3/bin/activate"
            activate.parent.mkdir(parents=True)
            activate.write_text("export PATH=/opt/miniconda3/bin:/usr/bin:/bin\n")
            (activate.parent / "python").symlink_to("/usr/bin/python3")
            (root / "made").write_text("")
            return root

    @staticmethod
    def image(shared, mirror):
        """The image whose tree is that of `mirror`: the same for every world, since the commit is."""
        environment = {**os.environ, **Images.environment(shared)}
        root = Images.base()
        with Images.lock:
            if subprocess.run(["podman", "image", "exists", IMAGE], env=environment).returncode == 0:
                return environment
            with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
                subprocess.run(["git", "clone", "-q", str(mirror), f"{folder}/testbed"], check=True)
                tar = subprocess.Popen(
                    ["tar", "-c", "-C", str(root), "--exclude=./var/cache", "--exclude=./usr/share/doc", ".",
                     "-C", folder, "./testbed"], stdout=subprocess.PIPE)
                subprocess.run(["podman", "import", "-q", "-", IMAGE], stdin=tar.stdout, env=environment, check=True,
                               capture_output=True)
                tar.wait()
        return environment


def forget(shared):
    """Removes what podman keeps in `shared`."""
    if (shared / "graph").exists():
        environment = {**os.environ, **Images.environment(shared)}
        subprocess.run(["podman", "system", "reset", "--force"], env=environment, capture_output=True)
        subprocess.run(["umount", "-l", f"{shared}/graph/overlay"], capture_output=True)


def attempt(given, shared, name, sandbox, tree, user):
    """One line of the table."""
    hazard = HAZARDS[name]
    start = time.time()
    with tempfile.TemporaryDirectory(prefix="bad-", dir="/var/tmp", ignore_cleanup_errors=True) as folder:
        world = World(Path(folder), user, tree)
        code = TOOLS + world.fill(hazard.code) if hazard.code else ""
        words, is_right, notes = [], True, []
        kinds = [("tests", hazard.as_tests)]
        if not given.part and not hazard.builds:
            kinds.append(("patch", hazard.as_patch))
        if hazard.builds:
            kinds = [("build", hazard.as_tests)]
        for kind, outcome in kinds:
            if outcome is None:
                words.append("-")
                continue
            take, output = world.run(given, shared, hazard, kind, code, sandbox, name)
            verdict, failure = take.get("verdict"), take.get("failure")
            evidence = "; ".join([take.get("sentence") or "", *(take.get("evidence") or [])])
            if "OUT: " in output:
                notes.append(re.split(r"\\n|[\n\"]", output.partition("OUT: ")[2])[0][:80])
                is_right = False
            if outcome == "any":
                is_right &= verdict is not None
                words.append(verdict or "no take")
            elif outcome == "resolved":
                is_right &= verdict == "resolved"
                words.append(verdict if verdict == "resolved" else failure or verdict or "no take")
            else:
                code_, text = outcome
                if name == "no environment" and sandbox == "landlock":
                    text = "bubblewrap"  # environments are made in it alone
                if name == "no environment" and sandbox == "container":
                    code_, text = "", ""  # the image brings its own
                is_right &= code_ in (failure or "") and text in evidence
                is_right &= verdict != "resolved" or not code_
                words.append(failure or verdict or "no take")
                if not is_right:
                    notes.append(evidence[:120])
            if given.keep_log:
                with open(given.keep_log, "a") as log:
                    log.write(json.dumps([name, user, sandbox, tree, kind, take, output[-4000:]]) + "\n")
        harm = world.harm(changed=name == "changes the tests")
    seconds = time.time() - start
    is_right &= not harm and seconds < 180
    mark = "" if is_right else "  <- not as it should be"
    words += ["-"] * (2 - len(words))
    line = (f"{name:<34} {user:<9} {sandbox:<10} {tree:<6} {words[0]:<20} {words[1]:<18} {seconds:>7.1f}  "
            f"{harm or 'none'}{mark}{' (' + '; '.join(notes) + ')' if notes else ''}")
    return Outcome(line, is_right)


class World:
    """A home, a mirror, a listener, an abstract socket, a key, shared memory and a process of one attempt."""

    lock = threading.Lock()

    def __init__(self, folder, user, tree):
        self.folder, self.tree = folder, tree
        self.user = USER if user == "ordinary" and os.geteuid() == 0 else None
        self.home = folder / "home"
        self.mirror = folder / "repos/o/bad.git"
        self.home.mkdir()
        (folder / "secret").write_text("canary-of-the-folder\n")
        (self.home / "secret").write_text("canary-of-the-home\n")
        self.commit = self.repository()
        for path in [folder, *folder.rglob("*")]:
            if self.user is not None:
                os.chown(path, self.user, self.user, follow_symlinks=False)
        os.chmod(folder, 0o755)
        self.connections = 0
        self.listeners = [socket.create_server(("0.0.0.0", 0))]
        self.port = self.listeners[0].getsockname()[1]
        self.abstract = f"ramp-bad-{os.getpid()}-{self.port}"
        for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
            listener = socket.socket(socket.AF_UNIX, kind)
            listener.bind(f"\0{self.abstract}" if kind == socket.SOCK_STREAM else f"\0{self.abstract}-seq")
            listener.listen()
            self.listeners.append(listener)
        service = socket.socket(socket.AF_UNIX)
        service.bind(f"{folder}/service")
        os.chmod(f"{folder}/service", 0o777)
        service.listen()
        self.listeners.append(service)
        for listener in self.listeners:
            threading.Thread(target=self.listen, args=(listener,), daemon=True).start()
        self.victim = subprocess.Popen(self.words(["sleep", "3600"]))
        self.keep()
        self.before = self.digest()

    def words(self, words):
        return [*as_user(), *words] if self.user is not None else words

    def keep(self):
        """What the user keeps in the kernel: made by a process of the user's, for the numbers are all that is needed."""
        self.key = f"ramp-bad-{self.port}"
        script = """
import ctypes, sys
sys.path.insert(0, sys.argv[1])
from worlds import call
import os
import re
key = call('add_key', b'user', sys.argv[2].encode(), b'canary-key', 10, -4)
shm = call('shmget', 0, 4096, 0o1600)
libc = ctypes.CDLL(None); libc.syscall.restype = ctypes.c_long
where = libc.syscall(ctypes.c_long(30 if os.uname().machine != 'aarch64' else 196), ctypes.c_long(shm), None, ctypes.c_long(0))
ctypes.memmove(where, b'canary', 6)
sem = call('semget', 0, 1, 0o1600)
queue = call('msgget', 0, 0o1600)
call('msgsnd', queue, ctypes.create_string_buffer(b'\\x01' + b'\\0' * 7 + b'canary'), 6, 0)
print(shm, sem, queue, key)
"""
        here = str(Path(__file__).parent)
        with tempfile.TemporaryDirectory() as copies:
            os.chmod(copies, 0o755)
            for name in ("worlds.py", "hazards.py"):
                shutil.copy(f"{here}/{name}", copies)
                os.chmod(f"{copies}/{name}", 0o644)
            done = subprocess.run(
                self.words(["/usr/bin/python3", "-B", "-c", script, copies, self.key]), capture_output=True, text=True,
                check=True)
        self.shm, self.sem, self.queue, self.key_number = (int(word) for word in done.stdout.split())

    def forget(self):
        for listener in self.listeners:
            listener.close()
        self.victim.kill()
        self.victim.wait()
        call("shmctl", self.shm, 0, None)
        call("semctl", self.sem, 0, 0, 0)
        call("msgctl", self.queue, 0, None)

    def listen(self, listener):
        while True:
            try:
                listener.accept()
            except OSError:
                return
            self.connections += 1

    def fill(self, code):
        values = {
            "home": self.home, "folder": self.folder, "mirror": self.mirror, "port": self.port,
            "abstract": self.abstract, "victim": self.victim.pid, "ramp": os.getpid(), "shm": self.shm, "sem": self.sem,
            "queue": self.queue, "key": self.key, "machine": machine_address(),
            # Landlock finds a change out where it cannot hold it.
            "changes_found": "not os.path.exists('/proc/self/mountinfo')"}
        for name, value in values.items():
            code = code.replace("{" + name + "}", str(value))
        return code

    def repository(self):
        git = ["git", "-c", "init.defaultBranch=main"]
        subprocess.run([*git, "init", "-q", "--bare", str(self.mirror)], check=True)
        files = {"calc.py": CODE, "tests/__init__.py": ""}
        if self.tree != "copy":
            files.update({f"data/{number % 20}/{number}.txt": f"{number}\n" for number in range(MANY)})
        stream = "commit refs/heads/main\ncommitter A <a@example.org> 1000000000 +0000\ndata 6\nfirst\n"
        for path, text in files.items():
            stream += f"M 644 inline {path}\ndata {len(text)}\n{text}\n"
        subprocess.run([*git, "-C", str(self.mirror), "fast-import", "--quiet"], input=stream.encode(), check=True)
        done = subprocess.run(
            [*git, "-C", str(self.mirror), "rev-parse", "main"], stdout=subprocess.PIPE, check=True, text=True)
        return done.stdout.strip()

    def row(self, tests, mended):
        """A row whose tests and whose repair are these."""
        def added(text):
            lines = text.splitlines()
            return f"@@ -0,0 +1,{len(lines)} @@\n" + "".join(f"+{line}\n" for line in lines)

        old, new = CODE.splitlines(), mended.splitlines()
        patch = f"--- a/calc.py\n+++ b/calc.py\n@@ -1,{len(old)} +1,{len(new)} @@\n"
        patch += "".join(f"-{line}\n" for line in old) + "".join(f"+{line}\n" for line in new)
        return {
            "instance_id": "o__bad-1", "repo": "o/bad", "version": "1.0", "base_commit": self.commit,
            "problem_statement": "The total leaves the first price out.", "patch": patch, "image": IMAGE,
            "test_patch": "--- /dev/null\n+++ b/tests/test_bad.py\n" + added(tests),
            "FAIL_TO_PASS": ["test_total (tests.test_bad.Bad)"], "PASS_TO_PASS": ["test_none (tests.test_bad.Bad)"],
            "test_command": "unittest"}

    def specs(self, code):
        """Specs of environments: one that cannot be made, or one that runs `code` while it is made."""
        python = f"{sys.version_info[0]}.{sys.version_info[1]}"
        spec = {"repo": "o/bad", "python": python, "tools": [], "install": "", "test": "python -m unittest -v {modules}"}
        if code is None:
            spec["packages"] = ["no-such-package-at-all==0.0.1"]
        else:
            (self.folder / "code").write_text(code)
            spec["prepare"] = [f"cat >/tmp/hazard.py <<'END-OF-HAZARD'\n{code}\nEND-OF-HAZARD", "python /tmp/hazard.py"]
        (self.folder / "specs.json").write_text(json.dumps([spec]))

    def run(self, given, shared, hazard, kind, code, sandbox, name):
        """The take that ramp made of the row's own patch, and all that was said."""
        expected = 2 if name == "passes already" else 3
        tests = TESTS.format(hazard=code if kind == "tests" else "", expected=expected)
        mended = MENDED + (f"{code}\n" if kind == "patch" else "")
        row = self.row(tests, mended)
        settings = {key: value.format(folder=self.folder) for key, value in hazard.settings.items()}
        self.specs(code if kind == "build" else None)
        if kind == "build":
            settings["tests.environments"] = f"{self.folder}/specs.json"
        rows = self.folder / "rows.jsonl"
        rows.write_text(json.dumps(row) + "\n")
        words = [f"load {rows}", f"set repositories {self.folder}/repos", "model use gold", f"set sandbox {sandbox}"]
        if sandbox == "container":
            words.append("set container podman")
        if kind != "build" and sandbox != "container":
            words.append("set tests.python /usr/bin/python3")
        words += [f"set {key} {value}" for key, value in settings.items()]
        words += ["run o__bad-1", "show baseline", "show tests"]
        environment = {
            "HOME": str(self.home), "PATH": self.path(), "XDG_CACHE_HOME": f"{self.home}/cache",
            "XDG_STATE_HOME": f"{self.home}/state", "LANG": "C.UTF-8", "BAD_ROWS_SECRET": "canary-of-a-variable"}
        for variable in os.environ:
            if variable.startswith(("PIP_", "UV_")):
                environment[variable] = os.environ[variable]
        if sandbox == "container":
            environment.update(Images.image(shared, self.mirror))
            environment.update({"HOME": str(self.home), "PATH": self.path()})
        command = self.words([given.ramp, "--json", "-c", "; ".join(words)])
        done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=self.folder, errors="replace")
        said = [json.loads(text) for text in done.stdout.splitlines() if text.startswith("{")]
        takes = [take for take in said if "verdict" in take]
        take = takes[-1] if takes else {}
        for one in said:
            if isinstance(one.get("sandbox"), str):
                take.setdefault("sandbox", one["sandbox"])
        if os.environ.get("BAD_ROWS_DEBUG"):
            print(done.stdout[-3000:], done.stderr[-3000:], file=sys.stderr)
        # What the code itself says, and not how it says it.
        output = (done.stdout + done.stderr).replace("OUT: '", "").replace("'OUT: ", "")
        for log in self.home.rglob("environments/*.log"):
            output += log.read_text(errors="replace").replace("'OUT: ", "")
        return take, output

    def path(self):
        """Where programs are looked for: for trees that are used again, without what mounts layers."""
        if self.tree != "pool":
            return "/usr/sbin:/usr/bin:/sbin:/bin"
        place = self.folder / "bin"
        if not place.exists():
            place.mkdir()
            for path in Path("/usr/bin").iterdir():
                if path.name != "unshare":
                    (place / path.name).symlink_to(path)
        return str(place)

    def digest(self):
        whole = hashlib.sha256()
        for path in sorted([*self.mirror.rglob("*"), self.folder / "secret", self.home / "secret"]):
            status = path.lstat()
            whole.update(f"{path} {status.st_mode} {status.st_uid} {status.st_size}".encode())
            if path.is_file():
                whole.update(f"{status.st_mtime_ns}".encode() + path.read_bytes())
        return whole.hexdigest()

    def harm(self, changed=False):
        """What is not as it was; the empty text where nothing is."""
        time.sleep(0.2)
        found = []
        if self.connections:
            found.append("a connection was made")
        if self.digest() != self.before:
            found.append("files were changed")
        if list(self.folder.rglob("written")):
            found.append("files were written")
        if self.victim.poll() is not None or "T" in Path(f"/proc/{self.victim.pid}/stat").read_text().rpartition(")")[2][:3]:
            found.append("a process outside was ended or stopped")
        held = ctypes.create_string_buffer(512)
        if call("shmctl", self.shm, 2, held) < 0 or call("semctl", self.sem, 0, 12, 0) < 0:
            found.append("shared memory is gone")
        if self.key_number > 0 and self.user is None:
            text = ctypes.create_string_buffer(64)
            if call("keyctl", 11, self.key_number, text, 64) != 10:
                found.append("the key is gone")
        for process in Path("/proc").iterdir():
            if process.name.isdigit():
                try:
                    words = (process / "cmdline").read_bytes().split(b"\0")
                except OSError:
                    continue
                if str(SLEEP).encode() in words:
                    found.append(f"process {process.name} is left")
        for group in ("pids", "memory", ""):
            for one in (Path("/sys/fs/cgroup") / group).glob("ramp-*-*"):
                # Those of a ramp that lives are in use.
                if not Path("/proc", one.name.split("-")[1]).exists():
                    found.append(f"the control group {one.name} is left")
        self.forget()
        return ", ".join(found)
