"""What reading a stream costs: CPU for each event, and memory for a million of them."""

import socket
import statistics
import sys
import threading

FEW, MANY, MILLION = 2_000, 202_000, 1_000_000
# One event as llama.cpp's server sends it.
EVENT = (
    b'data: {"choices":[{"finish_reason":null,"index":0,"delta":{"content":" tok"}}],"created":1795472838,'
    b'"id":"chatcmpl-5pSDgDCPhSa92HoRTiYddDvXrOYxqX7I","model":"bench","system_fingerprint":"b0-unknown",'
    b'"object":"chat.completion.chunk"}\n\n'
)
END = (
    b'data: {"choices":[{"finish_reason":"stop","index":0,"delta":{}}],"model":"bench"}\n\n'
    b'data: {"choices":[],"model":"bench","usage":{"prompt_tokens":9000,"completion_tokens":9}}\n\ndata: [DONE]\n\n'
)

# The least that a program in Python does: a socket, lines, JSON.
SOCKET = """
import json, socket, sys, time
host, port, count = sys.argv[1], int(sys.argv[2]), sys.argv[3]
start = time.process_time()
connection = socket.create_connection((host, port))
connection.sendall(("POST /" + count + "/v1/chat/completions HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 2\\r\\n\\r\\n{}").encode())
text, rest = [], b""
while True:
    more = connection.recv(65536)
    if not more:
        break
    lines = (rest + more).split(b"\\n")
    rest = lines.pop()
    for line in lines:
        if line.startswith(b"data: {"):
            for choice in json.loads(line[6:])["choices"]:
                text.append(choice["delta"].get("content") or "")
print(time.process_time() - start)
"""


def serve(connection):
    with connection:
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        head, _, rest = data.partition(b"\r\n\r\n")
        size = sum(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
        while len(rest) < size:
            rest += connection.recv(1 << 20)
        _, count, *route = head.split(b" ")[1].split(b"/")
        if route[-1] != b"completions":
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        left, block = int(count), EVENT * 1000
        while left > 0:
            connection.sendall(block if left >= 1000 else EVENT * left)
            left -= 1000
        connection.sendall(END)


def run(bench):
    """Adds the lines of `bench`."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(16)
    port = listener.getsockname()[1]

    def accept():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=handled, args=(connection,), daemon=True).start()

    def handled(connection):
        try:
            serve(connection)
        except OSError:
            pass

    threading.Thread(target=accept, daemon=True).start()

    def ramp(count):
        use = f"model use openai:bench --url http://127.0.0.1:{port}/{count}"
        return bench.ramp("-c", f"{use}; run django__django-11000 --through reply")

    bench.measure({"": ramp(FEW)}, runs=1)
    found = bench.measure({"few": ramp(FEW), "many": ramp(MANY)}, runs=5)
    pairs = zip(found["many"].runs, found["few"].runs)
    each = statistics.median(many.own - few.own for many, few in pairs) / (MANY - FEW)
    peer = [sys.executable, "-c", SOCKET, "127.0.0.1", str(port), str(MANY)]
    spent = statistics.median(float(run.output) for run in bench.measure({"": peer}, runs=3)[""].runs) / MANY
    beside = bench.line("a streamed event by a bare socket in Python", cpu=spent, note="with its json module")
    few, million = bench.peak(ramp(FEW)), bench.peak(ramp(MILLION))
    bench.lines += [
        beside,
        bench.line(
            "ramp: a streamed event", cpu=each, beside=beside, target={"cpu": 3e-6},
            note=f"of {MANY:,} in one reply, less a run with {FEW:,}"),
        bench.line(
            "ramp: a reply of 1,000,000 events", memory=million - few, target={"memory": 48},
            note="peak beyond that of a reply of 2,000; its text has 4 MB"),
    ]
    listener.close()
