/// A small HTTP server on bare sockets, in Python, so that each fault can be made exactly. It prints its ports as one
/// line of JSON, and ends when its standard input does. Arguments: a folder for its socket and certificate, and `tls`
/// where that one is wanted.
let serverScript = #"""
  import hashlib, json, os, select, socket, ssl, subprocess, sys, threading, time

  folder = sys.argv[1]
  log, sent, gate = [], [0], threading.Event()

  def head(status, *fields):
      return "\r\n".join(["HTTP/1.1 %s" % status, *fields, "", ""]).encode()

  def whole(connection, status, body):
      connection.sendall(head(status, "Content-Length: %d" % len(body)) + body)

  def chunk(text):
      return b"%x\r\n%s\r\n" % (len(text), text)

  CHUNKED = head("200 OK", "Transfer-Encoding: chunked")

  def has_left(connection, seconds):
      """Whether the other side has closed, seen within so many seconds."""
      end = time.monotonic() + seconds
      try:
          while select.select([connection], [], [], max(0, end - time.monotonic()))[0]:
              if connection.recv(65536) == b"":
                  return True
          return False
      except OSError:
          return True

  def answer(connection, method, path, request, body):
      if path.startswith("http://") or method == "CONNECT":
          if method == "CONNECT":
              return whole(connection, "403 Forbidden", b"")
          return whole(connection, "200 OK", b"through the proxy: " + path.encode())
      if path.startswith("/status/"):
          return whole(connection, path[8:] + " X", b"no such model")
      if path == "/headers":
          return whole(connection, "200 OK", request)
      if path == "/echo":
          text = "%s %d %s" % (method, len(body), hashlib.sha256(body).hexdigest())
          return whole(connection, "200 OK", text.encode())
      if path == "/log":
          return whole(connection, "200 OK", "\n".join(log).encode())
      if path == "/sent":
          return whole(connection, "200 OK", b"%d" % sent[0])
      if path == "/go":
          gate.set()
          return whole(connection, "200 OK", b"")
      if path == "/gated":
          connection.sendall(CHUNKED + chunk(b"first"))
          gate.wait(20)
          return connection.sendall(chunk(b"second") + b"0\r\nTrailer: x\r\n\r\n")
      if path == "/cut":
          connection.sendall(head("200 OK", "Content-Length: 100") + b"x" * 40)
      elif path == "/cutchunk":
          connection.sendall(CHUNKED + chunk(b"x" * 7))
      elif path == "/shut":
          pass
      elif path == "/silent":
          log.append("left /silent" if has_left(connection, 20) else "stayed /silent")
      elif path == "/headonly":
          connection.sendall(CHUNKED)
          log.append("left /headonly" if has_left(connection, 20) else "stayed /headonly")
      elif path == "/stall":
          connection.sendall(CHUNKED + chunk(b"x"))
          log.append("left /stall" if has_left(connection, 20) else "stayed /stall")
      elif path == "/drip":
          connection.sendall(CHUNKED)
          while not has_left(connection, 0.02):
              connection.sendall(chunk(b"x"))
          log.append("left /drip")
      elif path.startswith("/big/"):
          size, block = int(path[5:]), b"x" * 65536
          connection.sendall(head("200 OK", "Content-Length: %d" % size))
          while size:
              connection.sendall(block[:min(size, 65536)])
              sent[0] += min(size, 65536)
              size -= min(size, 65536)
          return
      elif path == "/redirect":
          return connection.sendall(head("302 Found", "Location: http://127.0.0.1:1/", "Content-Length: 0"))
      elif path == "/odd":
          connection.sendall(
              b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
              b"HTTP/1.1 200 OK\r\nX-Bell: a\x07b\r\nX-Fold: a\r\n  b\r\nx-Spelt:  as it is \r\nContent-Length: 0\r\n\r\n")
          return
      elif path == "/bighead":
          fields = ["X-%d: %s" % (i, "y" * 1000) for i in range(300)]
          return connection.sendall(head("200 OK", *fields, "Content-Length: 0"))
      connection.close()

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
              method, path, _ = request.split(b"\r\n")[0].decode().split(" ")
              lengths = [l for l in request.lower().split(b"\r\n") if l.startswith(b"content-length:")]
              size = int(lengths[0].split(b":")[1]) if lengths else 0
              parts, have = [data], len(data)
              while have < size:
                  parts.append(connection.recv(1 << 20))
                  have += len(parts[-1])
              body = b"".join(parts)
              body, data = body[:size], body[size:]
              answer(connection, method, path, request, body)
      except (OSError, ValueError):
          pass
      finally:
          connection.close()

  def listen(handle, at=None):
      listener = socket.socket(socket.AF_UNIX if at else socket.AF_INET)
      listener.bind(at or ("127.0.0.1", 0))
      listener.listen(128)
      def accept():
          while True:
              connection, _ = listener.accept()
              threading.Thread(target=handle, args=(connection,), daemon=True).start()
      threading.Thread(target=accept, daemon=True).start()
      return at or listener.getsockname()[1]

  def mute(connection):
      log.append("left mute" if has_left(connection, 20) else "stayed mute")

  def ssh(connection):
      connection.recv(65536)
      connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
      connection.close()

  ports = {"http": listen(serve), "mute": listen(mute), "ssh": listen(ssh)}
  ports["closed"] = (lambda s: (s.bind(("127.0.0.1", 0)), s.getsockname()[1], s.close())[1])(socket.socket())
  listen(serve, os.path.join(folder, "socket"))
  if "tls" in sys.argv:
      key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
      subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
                      "-addext", "subjectAltName=DNS:localhost"],
                     check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
      context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
      context.load_cert_chain(certificate, key)
      def secure(connection):
          try:
              serve(context.wrap_socket(connection, server_side=True))
          except OSError:
              connection.close()
      ports["tls"] = listen(secure)
  print(json.dumps(ports), flush=True)
  sys.stdin.read()
  os._exit(0)
  """#
