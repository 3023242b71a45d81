#!/usr/bin/env python3
"""scripts/tiny-model/serve.py MODEL.gguf [--window N] [--key KEY] [--port N]: llama.cpp's own HTTP server, as the PyPI package
xllamacpp carries it, on a free port of this machine or on the one given. It prints its URL as one line once it is ready,
and ends when its standard input does.
"""

import argparse
import os
import sys

import xllamacpp

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("model")
parser.add_argument("--window", type=int, default=32768)
parser.add_argument("--key")
parser.add_argument("--port", type=int, default=0)
given = parser.parse_args()

params = xllamacpp.CommonParams()
params.model.path = given.model
params.model_alias = {"tiny"}
params.hostnames = ["127.0.0.1"]
params.port = given.port
params.n_ctx = given.window
params.n_parallel = 1
params.n_gpu_layers = 0
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1
params.ctx_shift = False
params.endpoint_slots = True
params.fit_params = False
params.warmup = False
params.verbosity = -1
if given.key:
    params.api_keys = [given.key]
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
os._exit(0)
