/// A stand-in for model servers, in Python: it speaks Ollama's `/api`, OpenAI's `/v1` and Anthropic's as real servers do,
/// and makes each fault exactly. Which one is in the model's name; `answer` answers with the text of a file. It prints its
/// URL and ends when its standard input does. Arguments: the file; then `ipv6`, `socket PATH` or `tls FOLDER` where it
/// is to be reached so.
let standInScript =
  standInLoop + #"""
    import gzip, json, os, select, ssl, subprocess, time

    answer_text = open(sys.argv[1], encoding="utf-8", newline="").read() if len(sys.argv) > 1 else "x = 1\n"
    log, gate, sent = [], threading.Event(), [0]
    failed = {}

    def head(status, *fields):
        return "\r\n".join(["HTTP/1.1 %s" % status, *fields, "", ""]).encode()

    def whole(connection, status, body, kind="application/json; charset=utf-8"):
        body = body if isinstance(body, bytes) else dump(body)
        connection.sendall(head(status, "Content-Type: " + kind, "Content-Length: %d" % len(body)) + body)

    def dump(value):
        # As Go writes it: no blanks, and <, > and & escaped.
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").encode()

    def chunk(data):
        return b"%x\r\n%s\r\n" % (len(data), data)

    def has_left(connection, seconds):
        end = time.monotonic() + seconds
        try:
            while select.select([connection], [], [], max(0, end - time.monotonic()))[0]:
                if connection.recv(65536) == b"":
                    return True
            return False
        except OSError:
            return True

    def pieces(text, size=7):
        return [text[i:i + size] for i in range(0, len(text), size)]

    def typed_refusal(prompt, window):
        said = "request (%d tokens) exceeds the available context size (%d tokens)" % (prompt, window)
        return {"error": {"code": 400, "message": said, "type": "exceed_context_size_error", "n_prompt_tokens": prompt,
                          "n_ctx": window}}

    class Ollama:
        kind = "application/x-ndjson"
        def text(self, model, text):
            return dump({"model": model, "created_at": "2026-01-01T00:00:00Z",
                         "message": {"role": "assistant", "content": text}, "done": False}) + b"\n"
        def end(self, model, reason, prompt, count):
            return [dump({"model": model, "message": {"role": "assistant", "content": ""}, "done": True,
                          "done_reason": reason, "prompt_eval_count": prompt, "eval_count": count}) + b"\n"]
        def fault(self, text):
            return dump({"error": text}) + b"\n"
        def refusal(self, prompt, window):
            return {"error": json.dumps(typed_refusal(prompt, window))}

    class OpenAI:
        kind = "text/event-stream"
        def event(self, value):
            return b"data: " + dump(value) + b"\n\n"
        def choice(self, model, delta, reason=None):
            return self.event({"id": "c", "object": "chat.completion.chunk", "model": model,
                               "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})
        def text(self, model, text):
            return b": ping\n\n" + self.choice(model, {"content": text})
        def end(self, model, reason, prompt, count):
            usage = {"prompt_tokens": prompt, "completion_tokens": count, "total_tokens": prompt + count}
            return [self.choice(model, {}, reason), self.event({"model": model, "choices": [], "usage": usage}),
                    b"data: [DONE]\n\n"]
        def fault(self, text):
            return self.event({"error": {"message": text, "type": "server_error", "code": None}})
        def refusal(self, prompt, window):
            said = "This model's maximum context length is %d tokens. However, your messages resulted in %d tokens.\x1b[31m"
            return {"error": {"message": said % (window, prompt), "type": "invalid_request_error", "param": "messages",
                              "code": "context_length_exceeded"}}

    class Anthropic:
        kind = "text/event-stream"
        def event(self, kind, **fields):
            return b"event: " + kind.encode() + b"\ndata: " + dump(dict(type=kind, **fields)) + b"\n\n"
        def text(self, model, text):
            start = self.event("message_start", message={"model": model, "usage": {
                "input_tokens": 1, "cache_read_input_tokens": 2, "output_tokens": 0}})
            block = self.event("content_block_start", index=0, content_block={"type": "text", "text": ""})
            return start + block + self.event("ping") + self.event("later_invention", x=1) + self.event(
                "content_block_delta", index=0, delta={"type": "text_delta", "text": text})
        def end(self, model, reason, prompt, count):
            word = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}[reason]
            return [self.event("content_block_stop", index=0),
                    self.event("message_delta", delta={"stop_reason": word}, usage={
                        "input_tokens": prompt, "cache_read_input_tokens": 0, "output_tokens": count}), self.event("message_stop")]
        def fault(self, text):
            return self.event("error", error={"type": "overloaded_error", "message": text})
        def refusal(self, prompt, window):
            said = "prompt is too long: %d tokens > %d maximum" % (prompt, window)
            return {"type": "error", "error": {"type": "invalid_request_error", "message": said}}

    def chat(connection, wire, asked):
        model = asked["model"]
        if model.startswith("flaky-"):
            # `flaky-STATUS-TIMES`: fails so often before it answers. Status 0 closes the connection.
            _, status, times, *header = model.split("-", 3)
            failed[model] = failed.get(model, 0) + 1
            if failed[model] <= int(times):
                if status == "0":
                    return connection.close()
                fields = ["Content-Length: 15", "Content-Type: application/json"] + (header or ["retry-after-ms: 1"])
                return connection.sendall(head(status + " X", *fields) + b'{"error":"not"}')
            model = "answer"
        options = asked.get("options", {})
        prompt = sum(len(m["content"].encode()) for m in asked["messages"]) // 4
        window = options.get("num_ctx", 1 << 20)
        if model.startswith("status-"):
            return whole(connection, model[7:] + " X", {"error": "the server says \x1b[31mno\x07 to it"})
        if model in ("refuses", "refuses-typed"):
            make = wire.refusal if model == "refuses" else typed_refusal
            return whole(connection, "400 Bad Request", make(9000, 4096))
        if model == "nginx":
            return whole(connection, "502 Bad Gateway", b"<html><title>502</title></html>", "text/html")
        if model == "html":
            return whole(connection, "200 OK", b"<!DOCTYPE html><title>Router</title>", "text/html")
        if model == "other-json":
            return whole(connection, "200 OK", {"hello": "world"})
        if model == "empty":
            return whole(connection, "200 OK", b"", wire.kind)
        if model == "redirect":
            return connection.sendall(
                head("307 X", "Location: http://user:secret@127.0.0.1:1/api/chat?key=secret", "Content-Length: 0"))
        if model == "redirect-away":
            return connection.sendall(
                head("302 X", "Location: http://localhost:%d/both/v1/chat/completions" % port, "Content-Length: 0"))
        if model in ("gzip", "wrong-type", "bad-utf8", "huge"):
            line = wire.text(model, "x = ") + b"".join(wire.end(model, "stop", 1, 1))
            kind = "text/plain" if model == "wrong-type" else wire.kind
            if model == "gzip":
                body = gzip.compress(line)
                return connection.sendall(head("200 OK", "Content-Type: " + kind, "Content-Encoding: gzip",
                                               "Content-Length: %d" % len(body)) + body)
            if model == "bad-utf8":
                line = line.replace(b"x = ", b"x \xff\xc3 = ")
            if model != "huge":
                return whole(connection, "200 OK", line, kind)
            connection.sendall(head("200 OK", "Content-Type: " + kind, "Transfer-Encoding: chunked"))
            block = chunk(wire.text(model, "x" * (1 << 20)))
            for _ in range(100):
                connection.sendall(block)
            return connection.sendall(b"0\r\n\r\n")
        if model == "key-echo":
            return whole(connection, "401 Unauthorized", {"error": {"message": "wrong key: " + log[-1]["authorization"] + log[-1]["key"]}})
        if model == "no-stream":
            return whole(connection, "200 OK", {"model": model, "choices": [
                {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": answer_text}}],
                "usage": {"prompt_tokens": 5, "completion_tokens": 3}})
        known = ["answer", "gated", "slow", "silent", "crash", "crash-first", "length", "filter", "cut", "flood", "mute",
                 "no-done", "key-said", "key-said-late", "garbage", "endless-line", "other-name"]
        if model not in known:
            error = "model '%s' not found" % model
            return whole(connection, "404 Not Found",
                         {"error": error if wire is ollama else {"message": error, "type": "not_found_error"}})
        if prompt > window and not asked.get("truncate", True):
            return whole(connection, "400 Bad Request", wire.refusal(prompt, window))
        if prompt > window:
            prompt = window - max((window - 5) // 2, 1)
        if model == "mute":
            return log.append({"left": has_left(connection, 300)})
        connection.sendall(head("200 OK", "Content-Type: " + wire.kind, "Transfer-Encoding: chunked"))
        say = lambda data: connection.sendall(chunk(data))
        if model == "crash-first":
            say(wire.fault("the runner is gone"))
        elif model in ("key-said", "key-said-late"):
            if model == "key-said-late":
                say(wire.text(model, "x = "))
            # So long that cutting it to a line would leave a half of the key.
            say(wire.fault("." * 285 + log[-1]["authorization"]))
        elif model in ("slow", "flood"):
            block = wire.text(model, "x" * 1000) * (100 if model == "flood" else 1)
            try:
                while not has_left(connection, 0 if model == "flood" else 0.02):
                    say(block)
                    sent[0] += len(block)
            finally:
                log.append({"left": True})
            return
        elif model == "garbage":
            say(wire.text(model, "x = ") + wire.text(model, "1") + b"data: <html>\n\n")
        elif model == "endless-line":
            say(wire.text(model, "x"))
            for _ in range(40):
                say(b"data: " + b"y" * (1 << 20))
        else:
            served = "bigger" if model == "other-name" else model
            for number, piece in enumerate(pieces(answer_text)):
                say(wire.text(served, piece))
                if model == "gated" and number == 0:
                    gate.wait(300)
                if model in ("crash", "silent", "cut") and number == 2:
                    break
            if model == "crash":
                say(wire.fault("an error was encountered while running the model: unexpected EOF"))
            elif model == "cut":
                connection.sendall(b"ffff\r\n" + wire.text(model, "never whole")[:20])
                return connection.close()
            elif model != "silent":
                reason = {"length": "length", "filter": "content_filter"}.get(model, "stop")
                for part in wire.end(served, reason, prompt, len(pieces(answer_text)))[:1 if model == "no-done" else 9]:
                    say(part)
        connection.sendall(b"0\r\n\r\n")

    ollama, openai, anthropic = Ollama(), OpenAI(), Anthropic()
    MODELS = ["answer", "slow", "llama3.1:latest"]

    def answer(connection, method, path, fields, body):
        if path == "/log":
            return whole(connection, "200 OK", log)
        if path == "/sent":
            return whole(connection, "200 OK", sent[0])
        if path == "/go":
            gate.set()
            return whole(connection, "200 OK", {})
        log.append({"path": path, "authorization": fields.get("authorization", ""), "key": fields.get("x-api-key", ""),
                    "version": fields.get("anthropic-version", ""), "host": fields.get("host", ""), "body": json.loads(body) if body else None})
        side, _, route = path[1:].partition("/")
        if side in ("both", "ollama") and method == "GET" and route == "api/version":
            return whole(connection, "200 OK", {"version": "0.33.0"})
        if side in ("both", "ollama") and method == "GET" and route == "api/tags":
            return whole(connection, "200 OK", {"models": [
                {"name": name, "model": name, "size": 4920753328,
                 "details": {"parameter_size": "8.0B", "quantization_level": "Q4_K_M"}} for name in MODELS]})
        if side in ("both", "openai") and method == "GET" and route == "v1/models":
            return whole(connection, "200 OK", {"object": "list", "data": [{"id": name} for name in MODELS]})
        if side in ("both", "ollama") and method == "POST" and route == "api/chat":
            return chat(connection, ollama, json.loads(body))
        if side in ("both", "anthropic") and method == "GET" and route == "v1/models":
            return whole(connection, "200 OK", {"data": [{"id": name, "type": "model"} for name in MODELS]})
        if side in ("both", "anthropic") and method == "POST" and route == "v1/messages":
            return chat(connection, anthropic, json.loads(body))
        if side in ("both", "anthropic") and method == "POST" and route == "v1/messages/count_tokens":
            asked = json.loads(body)["messages"]
            return whole(connection, "200 OK", {"input_tokens": sum(len(m["content"].encode()) for m in asked) // 4})
        if side in ("both", "openai") and method == "POST" and route == "v1/chat/completions":
            return chat(connection, openai, json.loads(body))
        whole(connection, "404 Not Found", b"404 page not found", "text/plain")

    way, place = (sys.argv[2:] + ["", ""])[:2]
    kind = {"ipv6": socket.AF_INET6, "socket": socket.AF_UNIX}.get(way, socket.AF_INET)
    listener = socket.socket(kind)
    listener.bind(place if way == "socket" else ("::1" if way == "ipv6" else "127.0.0.1", 0))
    port = 0 if way == "socket" else listener.getsockname()[1]
    wrap = lambda connection: connection
    if way == "tls":
        key, certificate = os.path.join(place, "key.pem"), os.path.join(place, "certificate.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        wrap = lambda connection: context.wrap_socket(connection, server_side=True)
    url = {"ipv6": "http://[::1]:%d" % port, "socket": "http://model", "tls": "https://localhost:%d" % port}.get(way)
    listen(answer, listener, url, wrap)
    """#
