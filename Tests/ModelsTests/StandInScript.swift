/// A stand-in for model servers, in Python: it speaks Ollama's `/api` and OpenAI's `/v1` as real servers do, and makes
/// each fault exactly. Which one is in the model's name; `answer` answers with the text of a file. It prints its URL and
/// ends when its standard input does. Arguments: the file.
let standInScript = #"""
  import json, select, socket, sys, threading, time

  answer_text = open(sys.argv[1], encoding="utf-8", newline="").read() if len(sys.argv) > 1 else "x = 1\n"
  log, gate, sent = [], threading.Event(), [0]

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

  def chat(connection, wire, asked):
      model = asked["model"]
      options = asked.get("options", {})
      prompt = sum(len(m["content"].encode()) for m in asked["messages"]) // 4
      window = options.get("num_ctx", 1 << 20)
      if model.startswith("status-"):
          return whole(connection, model[7:] + " X", {"error": "the server says \x1b[31mno\x07 to it"})
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
      if model == "key-echo":
          return whole(connection, "401 Unauthorized", {"error": {"message": "wrong key: " + log[-1]["authorization"]}})
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
          inner = {"error": {"code": 400, "message": "request (%d tokens) exceeds the available context size (%d tokens)"
                             % (prompt, window), "type": "exceed_context_size_error", "n_prompt_tokens": prompt,
                             "n_ctx": window}}
          return whole(connection, "400 Bad Request", {"error": json.dumps(inner)} if wire is ollama else inner)
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

  ollama, openai = Ollama(), OpenAI()
  MODELS = ["answer", "slow", "llama3.1:latest"]

  def answer(connection, method, path, fields, body):
      if path == "/log":
          return whole(connection, "200 OK", log)
      if path == "/sent":
          return whole(connection, "200 OK", sent[0])
      if path == "/go":
          gate.set()
          return whole(connection, "200 OK", {})
      log.append({"path": path, "authorization": fields.get("authorization", ""),
                  "body": json.loads(body) if body else None})
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
      if side in ("both", "openai") and method == "POST" and route == "v1/chat/completions":
          return chat(connection, openai, json.loads(body))
      whole(connection, "404 Not Found", b"404 page not found", "text/plain")

  def serve(connection):
      try:
          data = b""
          while True:
              while b"\r\n\r\n" not in data:
                  more = connection.recv(65536)
                  if not more:
                      return
                  data += more
              request, _, data = data.partition(b"\r\n\r\n")
              lines = request.decode().split("\r\n")
              method, path, _ = lines[0].split(" ")
              fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
              size = int(fields.get("content-length", 0))
              while len(data) < size:
                  data += connection.recv(1 << 20)
              body, data = data[:size], data[size:]
              answer(connection, method, path, fields, body)
      except (OSError, ValueError):
          pass
      finally:
          connection.close()

  listener = socket.socket()
  listener.bind(("127.0.0.1", 0))
  listener.listen(64)
  def accept():
      while True:
          connection, _ = listener.accept()
          connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
          threading.Thread(target=serve, args=(connection,), daemon=True).start()
  threading.Thread(target=accept, daemon=True).start()
  print("http://127.0.0.1:%d" % listener.getsockname()[1], flush=True)
  sys.stdin.read()
  """#
