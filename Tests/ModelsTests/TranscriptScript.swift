/// Answers as the servers of recorded exchanges did, in Python: the raw bytes of each response, cut at random places. It
/// also says what each one should come to, read by another hand than the one under test. Argument: the folder. It prints
/// its URL, serves the cases at `/cases`, and ends when its standard input does. Case `n` is asked at `/n/SEED/...`; the
/// body of its answer alone, whole, is at `/n/body`. Behind `/n/stall-PARTS/` it stops for ever after so many
/// thousandths, or, below 0, so many bytes before its end. At `/all` stand the names of all exchanges with their
/// protocols, and at `/any/n/...` the raw response of each.
let transcriptScript =
  standInLoop + #"""
    import glob, json, os, random

    def exchange(path):
        raw = open(path, "rb").read()
        request, _, response = raw.partition(b"<<< response (raw bytes)\n")
        response = response[:response.rfind(b"\n=== recv")]
        return request.split(b"\n")[1].decode().split(" ")[:2], response

    def parts(response):
        head, _, body = response.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        fields = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:])}
        status = int(lines[0].split(" ")[1])
        if fields.get("transfer-encoding") != "chunked":
            return status, fields, body, len(body) < int(fields.get("content-length", 0))
        whole, rest = b"", body
        while True:
            size, found, rest = rest.partition(b"\r\n")
            if not found or not size:
                return status, fields, whole, True
            size = int(size, 16)
            whole += rest[:size]
            if size == 0:
                return status, fields, whole, False
            rest = rest[size + 2:]

    def events(body):
        return [json.loads(l[5:]) for l in body.split(b"\n") if l.startswith(b"data:")]

    def anthropic(response):
        status, fields, body, is_cut = parts(response)
        if status != 200:
            return outcome(response, False)
        found = {"status": status, "text": "", "end": "broken", "message": ""}
        stop, count, is_done = None, {}, False
        if "event-stream" not in fields["content-type"]:
            value = json.loads(body)
            found["text"] = "".join(c["text"] for c in value["content"] if c["type"] == "text")
            stop, count, is_done = value["stop_reason"], value["usage"], True
        else:
            for value in events(body):
                if value["type"] == "error":
                    found["message"] = value["error"]["message"]
                    break
                count.update(value.get("usage") or value.get("message", {}).get("usage") or {})
                found["text"] += value.get("delta", {}).get("text", "")
                stop = value.get("delta", {}).get("stop_reason") or stop
                is_done = is_done or value["type"] == "message_stop"
        read = sum(count.get(k, 0) for k in ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"))
        found.update(prompt=read, reply=count.get("output_tokens"))
        if is_done and not is_cut and stop in ("end_turn", "stop_sequence", "max_tokens"):
            found["end"] = "length" if stop == "max_tokens" else "stop"
        return found

    def outcome(response, is_ollama):
        status, fields, body, is_cut = parts(response)
        found = {"status": status, "text": "", "end": "broken", "message": ""}
        if status != 200:
            error = json.loads(body) if body[:1] == b"{" else {}
            error = error.get("error", error.get("detail", "")) if isinstance(error, dict) else ""
            if isinstance(error, str) and error[:1] == "{":
                error = json.loads(error)["error"]
            if isinstance(error, dict):
                found.update(prompt=error.get("n_prompt_tokens"), window=error.get("n_ctx"))
                error = error["message"]
            return dict(found, message=error)
        if "event-stream" in fields["content-type"]:
            blocks = [l[5:].strip() for l in body.split(b"\n") if l.startswith(b"data:")]
            is_done = b"[DONE]" in blocks
            values = [json.loads(b) for b in blocks if b != b"[DONE]"]
        else:
            values = [json.loads(l) for l in body.split(b"\n") if l.strip()]
            is_done = True
        reason = None
        for value in values:
            if "error" in value:
                found["message"] = value["error"]
                break
            if is_ollama:
                found["text"] += value["message"]["content"]
                if value["done"]:
                    reason = value.get("done_reason")
                    found.update(prompt=value.get("prompt_eval_count"), reply=value.get("eval_count"))
            else:
                for choice in value["choices"][:1]:
                    found["text"] += choice.get("delta", choice.get("message", {})).get("content") or ""
                    reason = choice["finish_reason"] if choice.get("finish_reason") else reason
                usage = value.get("usage") or {}
                found.update({name: usage[key] for name, key in
                              (("prompt", "prompt_tokens"), ("reply", "completion_tokens")) if key in usage})
        if is_done and not is_cut and reason in ("stop", "length"):
            found["end"] = reason
        return found

    cases, every, beside = [], [], {}
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "*", "*.http"))):
        (method, target), response = exchange(path)
        folder = os.path.dirname(path)
        if target.startswith("/v1/messages"):
            protocol = "anthropic"
        else:
            protocol = "ollama" if target.startswith("/api/") else "openai"
        every.append(({"name": os.path.relpath(path, sys.argv[1]), "kind": protocol}, response))
        if target == "/v1/messages" and response.startswith(b"HTTP/"):
            found = dict(anthropic(response), kind="anthropic", name=os.path.relpath(path, sys.argv[1]))
            cases.append((folder, response, found))
        if method == "GET" and not path.endswith("-empty.http"):
            beside.setdefault((folder, target), response)
        elif target in ("/api/chat", "/v1/chat/completions") and response.startswith(b"HTTP/"):
            is_ollama = target == "/api/chat"
            found = dict(outcome(response, is_ollama), kind="ollama" if is_ollama else "openai",
                         name=os.path.relpath(path, sys.argv[1]))
            cases.append((folder, response, found))

    def answer(connection, method, target):
        close = lambda status, body: connection.sendall(
            b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            % (status, len(body), body))
        if target == "/all":
            return close(b"200 OK", json.dumps([found for found, _ in every]).encode())
        if target.startswith("/any/"):
            return connection.sendall(every[int(target.split("/")[2])][1])
        if target == "/cases":
            return close(b"200 OK", json.dumps([found for _, _, found in cases]).encode())
        number, _, rest = target[1:].partition("/")
        folder, response, _ = cases[int(number)]
        if rest == "body":
            return close(b"200 OK", parts(response)[2])
        seed, _, route = rest.partition("/")
        if method == "GET":
            response = beside.get((folder, "/" + route))
            return connection.sendall(response) if response else close(b"404 Not Found", b'{"detail":"Not Found"}')
        if seed.startswith("stall-"):
            place = int(seed[6:])
            connection.sendall(response[:place if place < 0 else len(response) * place // 1000])
            connection.recv(65536)
            return
        chance, place = random.Random(int(seed)), 0
        while place < len(response):
            size = chance.randint(1, chance.choice([3, 40, 700, 20000]))
            connection.sendall(response[place:place + size])
            place += size

    def answer_once(connection, method, target, fields, body):
        answer(connection, method, target)
        return True

    listen(answer_once)
    """#
