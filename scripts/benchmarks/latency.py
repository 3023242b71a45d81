"""How long a chunk of a streamed reply takes from the server's send to the terminal, beside curl's time for the same."""

import http.server
import json
import os
import pty
import re
import select
import statistics
import threading
import time

CHUNKS = 200
# Between two chunks: faster than any model, slow enough that none waits for the one before.
PACE = 0.005
STAMP = re.compile(rb"@(\d{10,})@")


class Server(http.server.BaseHTTPRequestHandler):
    """Answers as Ollama or as an OpenAI-compatible server; each chunk's text is the time at which it was sent."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/api/version":
            self.answer({"version": "0.9.0"})
        elif self.path == "/api/tags":
            self.answer({"models": [{"name": "bench", "model": "bench", "size": 1, "digest": "0"}]})
        else:
            self.answer({"object": "list", "data": [{"id": "bench", "object": "model"}]})

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/api/show":
            return self.answer({"model_info": {}, "capabilities": ["completion"]})
        is_ollama = self.path == "/api/chat"
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson" if is_ollama else "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(CHUNKS):
            time.sleep(PACE)
            self.chunk(self.text(is_ollama, f"@{time.monotonic_ns()}@\n"))
        self.chunk(self.end(is_ollama))
        self.wfile.write(b"0\r\n\r\n")

    def chunk(self, text):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(text), text))
        self.wfile.flush()

    @staticmethod
    def text(is_ollama, text):
        if is_ollama:
            line = {"model": "bench", "message": {"role": "assistant", "content": text}, "done": False}
            return json.dumps(line).encode() + b"\n"
        event = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
        return b"data: " + json.dumps(event).encode() + b"\n\n"

    @staticmethod
    def end(is_ollama):
        if is_ollama:
            line = {"model": "bench", "message": {"role": "assistant", "content": ""}, "done": True,
                    "done_reason": "stop", "prompt_eval_count": 10, "eval_count": CHUNKS}
            return json.dumps(line).encode() + b"\n"
        event = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        return b"data: " + json.dumps(event).encode() + b"\n\ndata: [DONE]\n\n"


def stamps(command, environment, typed=()):
    """Runs `command` on a terminal, types the lines, and gives the delays of all stamped chunks it shows, in seconds."""
    process, terminal = pty.fork()
    if process == 0:
        os.execve(command[0], command, environment)
    delays, seen, rest = [], set(), b""
    lines = [line.encode() + b"\r" for line in typed]
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(delays) < CHUNKS:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            more = os.read(terminal, 65536)
        except OSError:
            break
        now = time.monotonic_ns()
        rest += more
        if lines and b"ramp> " in rest:
            os.write(terminal, lines.pop(0))
            rest = b""
        for found in STAMP.findall(rest):
            if found not in seen:
                seen.add(found)
                delays.append((now - int(found)) / 1e9)
        rest = rest[-200:]
    os.close(terminal)
    try:
        os.kill(process, 15)
    except ProcessLookupError:
        pass
    os.waitpid(process, 0)
    return delays


def run(bench):
    """Adds the lines of `bench`: medians over all chunks."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.daemon_threads = True
    # A client that has seen enough just goes.
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    environment = dict(bench.environment, TERM="xterm-256color")
    try:
        for kind, path in (("ollama", "/api/chat"), ("openai", "/v1/chat/completions")):
            curl = stamps(["/usr/bin/curl", "-sN", "-d", "{}", url + path], environment) if has_curl() else []
            place = url if kind == "ollama" else url + "/v1"
            shown = stamps(
                bench.ramp(), environment,
                [f"model use {kind}:bench --url {place}", "run django__django-11000 --through reply"])
            if len(shown) < CHUNKS // 2:
                bench.skipped.append(f"latency of {kind}: the reply did not come")
                continue
            base = statistics.median(curl) if curl else 0.0
            bench.lines.append(
                bench.line(
                    f"a chunk of {kind} on the screen", wall=statistics.median(shown) - base,
                    target={"wall": 0.001},
                    note=f"{CHUNKS} chunks, beyond curl's {base * 1000:.2f} ms" if curl else "curl is absent"))
    finally:
        server.shutdown()


def has_curl():
    return os.access("/usr/bin/curl", os.X_OK)
