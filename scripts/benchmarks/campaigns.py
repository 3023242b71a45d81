"""Campaigns: what 300 attempts cost ramp itself, and how near a batch comes to what its models and tests take."""

import http.server
import json
import sqlite3
import statistics
import subprocess
import threading
import time

MS = 0.001
ROWS = 300
# Of the batch against the clock: rows, seconds of an answer, seconds of a run of tests, test runs at once.
TIMED, ANSWER, TESTS, WORKERS = 60, 0.2, 0.3, 2
CODE = "def value():\n    return 1\n"
EDIT = "m.py\n```python\n<<<<<<< SEARCH\n    return 1\n=======\n    return {}\n>>>>>>> REPLACE\n```\n"
PATCH = (
    "diff --git a/tests/test_m.py b/tests/test_m.py\nnew file mode 100644\n--- /dev/null\n+++ b/tests/test_m.py\n"
    "@@ -0,0 +1 @@\n+import m\n")
# What pytest prints of two tests, by a shell, which begins in a millisecond.
SCRIPT = """grep -q 'return 2' m.py && word=PASSED || word=FAILED
sleep {}
echo '=== test session starts ==='
echo 'collected 2 items'
echo '=== short test summary info ==='
echo "$word tests/test_m.py::test_value"
echo 'PASSED tests/test_m.py::test_other'
[ $word = PASSED ] && echo '=== 2 passed in 0.1s ===' || echo '=== 1 failed, 1 passed in 0.1s ==='
"""


def run(bench):
    """Adds the lines of `bench`."""
    folder = bench.folder / "campaigns"
    world(folder)
    replay(bench, folder)
    memory(bench, folder)
    overlap(bench, folder)


def replay(bench, folder):
    """A saved session of 300 attempts as far as the patch, from its recorded replies, less one of a single attempt."""
    commands = {}
    for name, count in (("all", ROWS), ("one", 1)):
        runs = [f"run {id_of(number)} --through patch" for number in range(count)]
        lines = setting(folder, "rows") + [f"model use scripted:{folder}/replies.ramp", *runs]
        script = folder / f"make-{name}.ramp"
        script.write_text("\n".join(lines + [f"save {name}.ramp"]) + "\n")
        bench.measure({"": bench.ramp(str(script))}, runs=1)
        commands[name] = bench.ramp(str(folder / f"{name}.ramp"))
    found = bench.measure(commands, runs=5)
    pairs = list(zip(found["all"].runs, found["one"].runs))
    bench.lines += [
        bench.line(
            f"{ROWS} recorded attempts, as far as the patch", found["all"].wall,
            statistics.median(all_.cpu - one.cpu for all_, one in pairs), bench.peak(commands["all"]),
            target={"cpu": 0.5}, note="a saved session, less one of a single attempt"),
        bench.line("  ramp itself", cpu=statistics.median(all_.own - one.own for all_, one in pairs)),
    ]


def memory(bench, folder):
    """A batch of 300 rows whose tests take no time."""
    command = script(bench, folder, "batch", setting(folder, "rows") + [
        f"batch --all --attempts 1 -j {WORKERS} --model scripted:{folder}/replies.ramp"])
    found = bench.measure({"": command}, runs=1)[""]
    bench.lines.append(
        bench.line(
            f"a batch of {ROWS} rows", found.wall, found.cpu, bench.peak(command), target={"memory": 80},
            note="scripted replies, tests that take no time, in a sandbox"))


def overlap(bench, folder):
    """A batch whose model and tests take their time: what is beyond the longer of the two is ramp's."""
    server = Server()
    lines = setting(folder, "timed") + [
        f"batch --all --attempts 1 -j {WORKERS} --slots 1 --model openai:bench"]
    command = script(bench, folder, "timed", [f"model use openai:bench --url {server.url}", *lines])
    journal = folder / "timed.sqlite"
    found = bench.measure({"": [command[0], "--journal", str(journal), *command[1:]]}, runs=1)[""]
    server.shutdown()
    with sqlite3.connect(f"file:{journal}?mode=ro", uri=True) as base:
        spent = dict(base.execute("SELECT stage, sum(milliseconds) * 0.001 FROM stage GROUP BY stage"))
    answers, tests = spent["reply"], (spent["baseline"] + spent["outcomes"]) / WORKERS
    bench.lines.append(
        bench.line(
            f"{TIMED} rows, answers and tests that take their time", found.wall, found.cpu,
            # A clock's, and no limit of the machine's.
            target={"wall": 1.05 * max(answers, tests) / bench.slower},
            note=f"answers {answers:.1f} s one by one, tests {tests:.1f} s by {WORKERS} at once, by ramp's own record; "
            f"the model and the test command alone take {TIMED * ANSWER:.1f} and {TIMED * 2 * TESTS / WORKERS:.1f} s"))


def script(bench, folder, name, lines):
    path = folder / f"{name}.ramp"
    path.write_text("\n".join(lines) + "\n")
    return bench.ramp(str(path))


def setting(folder, rows):
    return [f"load {folder}/{rows}.jsonl", f"set repositories {folder}/repos", "set tests.environments off",
            "set ladder as_is", "set feedback none"]


def id_of(number):
    return f"o__shop-{number + 1}"


def world(folder):
    """The repositories, the rows and the replies: three of four are right."""
    folder.mkdir()
    commits = {"rows": repository(folder, "shop", 0), "timed": repository(folder, "slow", TESTS)}
    for name, count in (("rows", ROWS), ("timed", TIMED)):
        with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as file:
            for number in range(count):
                file.write(json.dumps(row(number, commits[name], "slow" if name == "timed" else "shop")) + "\n")
    replies = "".join(
        f"-- scripted/{id_of(number)}/1 repeat --\n{EDIT.format(2 if number % 4 else number + 3)}" for number in range(ROWS))
    (folder / "replies.ramp").write_text("# replies\n" + replies)


def row(number, commit, name):
    # As long as an issue of SWE-bench Lite is on average, of 60 kinds of words.
    told = f"value in m.py is wrong, {number}.\n" + "It gives one where it should give two, as I see it.\n" * 32
    return {
        "instance_id": id_of(number), "repo": f"o/{name}", "base_commit": commit, "problem_statement": told, "patch": "",
        "test_patch": PATCH, "FAIL_TO_PASS": ["tests/test_m.py::test_value"],
        "PASS_TO_PASS": ["tests/test_m.py::test_other"], "test_command": "sh run.sh"}


def repository(folder, name, seconds):
    place = folder / "repos" / "o" / f"{name}.git"
    place.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "-c", "init.defaultBranch=main", "init", "-q", "--bare", str(place)], check=True)
    files = {"m.py": CODE, "run.sh": SCRIPT.format(seconds), "tests/__init__.py": ""}
    files.update({f"pkg/m{number}.py": f"VALUE = {number}\n" * 40 for number in range(20)})
    stream = "commit refs/heads/main\ncommitter A <a@example.org> 1000000000 +0000\ndata 6\nfirst\n"
    for path, text in files.items():
        stream += f"M 644 inline {path}\ndata {len(text)}\n{text}\n"
    subprocess.run(["git", "-C", str(place), "fast-import", "--quiet"], input=stream.encode(), check=True)
    words = ["git", "-C", str(place), "rev-parse", "main"]
    return subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout.decode().strip()


class Server(http.server.ThreadingHTTPServer):
    """A model behind OpenAI's protocol that answers `ANSWER` seconds after it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *words):
        pass

    def do_GET(self):
        self.answer(404, b"", "text/plain")

    def do_POST(self):
        start = time.monotonic()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.path.endswith("/chat/completions"):
            return self.answer(404, b"", "text/plain")
        events = [
            {"choices": [{"index": 0, "delta": {"content": EDIT.format(2)}}], "model": "bench"},
            {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "model": "bench"},
        ]
        body = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
        time.sleep(max(0, ANSWER - (time.monotonic() - start)))
        return self.answer(200, body.encode(), "text/event-stream")

    def answer(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
