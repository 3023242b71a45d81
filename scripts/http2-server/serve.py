#!/usr/bin/env python3
"""scripts/http2-server/serve.py FOLDER: an HTTPS server on a free port that speaks HTTP/2 alone. It answers each request
with its protocol and the length of its body, in three frames; to `/reset` with one frame and a reset of the stream. The
certificate, for localhost, is FOLDER/certificate.pem. It prints its port and ends when its standard input does.
"""

import os
import socket
import ssl
import subprocess
import sys
import threading

import h2.config
import h2.connection
import h2.events


def certificate(folder):
    key, path = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
         "-out", path, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key)
    context.set_alpn_protocols(["h2"])
    return context


def serve(plain, context):
    with context.wrap_socket(plain, server_side=True) as connection:
        state = h2.connection.H2Connection(config=h2.config.H2Configuration(client_side=False))
        state.initiate_connection()
        connection.sendall(state.data_to_send())
        paths, sizes = {}, {}
        while data := connection.recv(65536):
            for event in state.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    paths[event.stream_id] = dict(event.headers)[b":path"]
                    sizes[event.stream_id] = 0
                elif isinstance(event, h2.events.DataReceived):
                    sizes[event.stream_id] += len(event.data)
                    state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    answer(state, event.stream_id, paths[event.stream_id], sizes[event.stream_id])
            connection.sendall(state.data_to_send())


def answer(state, stream, path, size):
    state.send_headers(stream, [(":status", "200"), ("content-type", "text/plain")])
    state.send_data(stream, b"HTTP/2, ")
    if path == b"/reset":
        state.reset_stream(stream, error_code=2)
        return
    state.send_data(stream, b"%d bytes" % size)
    state.end_stream(stream)


def main():
    context = certificate(sys.argv[1])
    listener = socket.create_server(("127.0.0.1", 0))

    def guarded(plain):
        try:
            serve(plain, context)
        except OSError:
            pass

    def accept():
        while True:
            threading.Thread(target=guarded, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    sys.stdin.read()
    os._exit(0)


main()
