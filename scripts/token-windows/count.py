#!/usr/bin/env python3
"""Counts the prompts that ramp makes; see scripts/windows."""

import argparse
import base64
import collections
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bpe_openai
import tiktoken

sys.path.insert(0, str(Path(__file__).parent))
from texts import Texts

SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def cl100k():
    table = Path(bpe_openai.__file__).parent / "data" / "cl100k_base.tiktoken.gz"
    ranks = {}
    for line in gzip.open(table, "rt"):
        token, rank = line.split()
        ranks[base64.b64decode(token)] = int(rank)
    encoding = tiktoken.Encoding("cl100k", pat_str=SPLIT, mergeable_ranks=ranks, special_tokens={})
    # What the format takes beside the text: three tokens a message and its role, and three for the answer.
    return lambda messages: sum(4 + len(encoding.encode_ordinary(text)) for _, text in messages) + 3


class LlamaServer:
    """llama.cpp's own server; it counts a prompt with its chat template, and never makes an answer."""

    def __init__(self, tiny, model):
        self.child = subprocess.Popen(
            [tiny, "scripts/tiny-model/serve.py", model, "--window", "1024"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        self.url = self.child.stdout.readline().strip()

    def __call__(self, messages):
        asked = {"messages": [{"role": role, "content": text} for role, text in messages]}
        request = urllib.request.Request(
            self.url + "/v1/chat/completions/input_tokens", json.dumps(asked).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["input_tokens"]

    def stop(self):
        self.child.kill()
        self.child.wait()


def parsed(rendered):
    """The messages of `show prompt --raw`."""
    messages = []
    for line in rendered.split("\n"):
        if line in ("[[system]]", "[[user]]", "[[assistant]]"):
            messages.append([line[2:-2], []])
        elif messages:
            messages[-1][1].append(line[1:] if line.startswith("\\") and line.lstrip("\\").startswith("[[") else line)
    return [(role, "\n".join(lines)) for role, lines in messages]


def make(folder, ramp, count, seed, ratio):
    """Prompts of a repository of texts, each as (window, estimate, messages, kind)."""
    source = random.Random(seed)
    texts = Texts(source)
    mirror = folder / "mirrors" / "acme" / "texts.git"
    tree = folder / "tree"
    tree.mkdir(parents=True)
    kinds = list(texts.kinds)
    for name in kinds + ["mix"]:
        make_text = texts.kinds.get(name, texts.mix)
        for index in range(3):
            lines = make_text(30000).split("\n")
            (tree / f"{name}_{index}.py").write_text("\n".join(lines) + "\n")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@x", "-C", str(tree)]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "texts"]):
        subprocess.run(git + words, check=True)
    commit = subprocess.run(git + ["rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    mirror.parent.mkdir(parents=True)
    subprocess.run(["git", "clone", "-q", "--bare", str(tree), str(mirror)], check=True)
    rows, windows, names = [], {}, {}
    for index in range(count):
        name = f"acme__texts-{index + 1}"
        kind = source.choice(kinds + ["mix", "mix"])
        window = source.choice([2048, 3072, 4096, 8192])
        room = int(window * source.choice([0.3, 0.8, 1.2, 2.0]))
        issue = f"look at {kind}_{source.randrange(3)}.py\n" + texts.kinds.get(kind, texts.mix)(room)
        rows.append(
            {"instance_id": name, "repo": "acme/texts", "base_commit": commit, "patch": "", "test_patch": "",
             "problem_statement": issue.replace("\0", ""), "hints_text": "", "created_at": "2026-01-01T00:00:00Z",
             "version": "1", "FAIL_TO_PASS": "[]", "PASS_TO_PASS": "[]", "environment_setup_commit": commit})
        windows[name], names[name] = window, kind
    done = []
    environment = dict(os.environ, HOME=str(folder / "home"), XDG_CACHE_HOME=str(folder / "cache"), NO_COLOR="1")
    environment.pop("XDG_STATE_HOME", None)

    def run(part):
        while part:
            made = attempt(part)
            # The first line that fails ends the lines: a prompt whose issue alone is too long is none.
            part = part[made + 1 :]

    def attempt(part):
        """Runs the rows up to one that fails; gives how many prompts were made."""
        name = part[0]["instance_id"]
        file = folder / f"rows-{name}.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in part))
        lines = [f"load {file}", f"set repositories {folder / 'mirrors'}", "set model.num_predict 256",
                 f"set tokens.ratio {ratio}"]
        out = folder / f"prompt-{name}"
        for index, row in enumerate(part):
            window = windows[row["instance_id"]]
            lines += [f"set model.num_ctx {window}", f"set context.budget {window}",
                      f"run {row['instance_id']} --through prompt", f"show prompt --raw > {out}-{index}"]
        subprocess.run([ramp, "--journal", f"{out}.sqlite", "--allow-write", "--allow-read"],
                       input="\n".join(lines) + "\n", text=True, env=environment, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        made = 0
        for index, row in enumerate(part):
            place = Path(f"{out}-{index}")
            if not place.exists():
                break
            done.append((windows[row["instance_id"]] - 256, parsed(place.read_text()), names[row["instance_id"]]))
            place.unlink()
            made += 1
        for rest in folder.glob(f"prompt-{name}.sqlite*"):
            rest.unlink()
        return made

    parts = [rows[index : index + 100] for index in range(0, count, 100)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, parts))
    return done


def judge(name, count, prompts):
    shares, over, kinds = [], [], collections.Counter()
    for window, messages, kind in prompts:
        tokens = count(messages)
        shares.append(tokens / window)
        if tokens > window:
            over.append((tokens, window, kind))
            kinds[kind] += 1
    shares.sort()
    full = [share for share in shares if share > 0]
    median = full[len(full) // 2] if full else 0
    print(f"{name}: {len(prompts)} prompts, {len(over)} above their window; the window is {median:.0%} full in the median,"
          f" {shares[-1] if shares else 0:.0%} at most")
    for kind, times in kinds.most_common(5):
        worst = max(tokens / window for tokens, window, one in over if one == kind)
        print(f"  {kind}: {times}, the worst {worst:.2f} of its window")
    return len(over)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("prompts", nargs="?", type=int, default=10000)
    parser.add_argument("--ramp", default=".build/release/ramp")
    parser.add_argument("--ratio", default="auto")
    parser.add_argument("--tiny-ratio")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home")
    parser.add_argument("--tiny")
    given = parser.parse_args()
    ramp = os.path.abspath(given.ramp)
    folder = Path(tempfile.mkdtemp(prefix="ramp-windows-"))
    failures = 0
    try:
        llama = f"{given.home}/llama3.gguf"
        if not os.path.exists(llama):
            table = next(Path(given.home).glob("llama/**/llama3/tokenizer.model"))
            subprocess.run([given.tiny, "scripts/token-windows/vocabulary.py", table, llama], check=True)
        answer = folder / "answer"
        answer.write_text("no answer\n")
        subprocess.run([given.tiny, "scripts/tiny-model/make.py", f"{folder}/tiny.gguf", "--answer", answer], check=True,
                       stdout=subprocess.DEVNULL)
        prompts = make(folder / "big", ramp, given.prompts, given.seed, given.ratio)
        failures += judge("cl100k", cl100k(), prompts)
        server = LlamaServer(given.tiny, llama)
        failures += judge("llama.cpp, Llama 3's vocabulary", server, prompts)
        server.stop()
        server = LlamaServer(given.tiny, f"{folder}/tiny.gguf")
        # What ramp learns from the counts of the first prompts is told by `--tiny-ratio`, or worked out as it does.
        code = [(window, messages, kind) for window, messages, kind in prompts if kind in ("code", "prose")][:20]
        ratio = given.tiny_ratio or learnt(ramp, folder, server, code)
        few = make(folder / "tiny", ramp, max(100, given.prompts // 4), given.seed + 1, f"auto:{ratio}")
        failures += judge(f"llama.cpp, the tiny model's vocabulary, tokens.ratio auto:{ratio}", server, few)
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if failures else 0)


def learnt(ramp, folder, server, prompts):
    """The ratio that ramp learns from real answers of the tiny model, as `show tokens` tells it."""
    environment = dict(os.environ, HOME=str(folder / "learning"), NO_COLOR="1")
    environment.pop("XDG_STATE_HOME", None)
    lines = "load practice; set model.num_ctx 16384; " + f"model use openai:tiny --url {server.url}; "
    ids = ["django__django-11000", "flask__flask-5063", "sympy__sympy-13031"]
    told = subprocess.run([ramp, "-c", "load practice; instances --json"], env=environment, capture_output=True, text=True).stdout
    ids = [json.loads(line)["instance_id"] for line in told.splitlines() if "instance_id" in line][:8] or ids
    ratio = "0.65"
    for name in ids:
        done = subprocess.run([ramp, "-c", lines + f"run {name} --through reply; show tokens --json"], env=environment,
                              capture_output=True, text=True)
        for line in done.stdout.splitlines():
            if '"learnt_ratio"' in line:
                ratio = str(json.loads(line)["learnt_ratio"])
    return ratio


if __name__ == "__main__":
    main()
