/// What all stand-ins for servers begin with, in Python: connections are taken and requests read. `listen` prints the URL
/// and ends when standard input does. `answer(connection, method, path, fields, body)` writes the answer; where it gives
/// true the connection is closed. `wrap` makes of a connection the one that is spoken over.
let standInLoop = #"""
  import socket, sys, threading

  def requests(connection):
      data = b""
      while True:
          while b"\r\n\r\n" not in data:
              more = connection.recv(65536)
              if not more:
                  return
              data += more
          head, _, data = data.partition(b"\r\n\r\n")
          lines = head.decode().split("\r\n")
          method, path, _ = lines[0].split(" ")
          fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
          size = int(fields.get("content-length", 0))
          while len(data) < size:
              data += connection.recv(1 << 20)
          body, data = data[:size], data[size:]
          yield method, path, fields, body

  def listen(answer, listener=None, url=None, wrap=lambda connection: connection):
      if not listener:
          listener = socket.socket()
          listener.bind(("127.0.0.1", 0))
      listener.listen(64)
      def serve(connection):
          try:
              if connection.family != socket.AF_UNIX:
                  connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
              connection = wrap(connection)
              for request in requests(connection):
                  if answer(connection, *request):
                      return
          except (OSError, ValueError):
              pass
          finally:
              connection.close()
      def accept():
          while True:
              connection, _ = listener.accept()
              threading.Thread(target=serve, args=(connection,), daemon=True).start()
      threading.Thread(target=accept, daemon=True).start()
      print(url or "http://127.0.0.1:%d" % listener.getsockname()[1], flush=True)
      sys.stdin.read()

  """#
