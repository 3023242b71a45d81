"""Reading replies, applying edits, the hint for one that fails, and rendering a long prompt, beside aider's routines."""

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import modules

# aider's own way to find blocks, on the same replies; prints CPU seconds a reply.
AIDER = """
import json, sys, time
from aider.coders.editblock_coder import find_original_update_blocks
replies = [json.loads(line)['reply_text'] for line in open(sys.argv[1], encoding='utf-8')]
start = time.process_time()
for reply in replies:
    try:
        list(find_original_update_blocks(reply, ('```', '```'), []))
    except ValueError:
        pass
print((time.process_time() - start) / len(replies))
"""


def run(bench, shared, root):
    replies = shared / "swebench" / "replies" / "search-replace.jsonl"
    if not replies.exists() or shutil.which("swiftc") is None:
        bench.skipped.append(f"reading replies: {replies if not replies.exists() else 'swiftc'} is absent")
        return
    with tempfile.TemporaryDirectory(prefix="ramp-edits-") as folder:
        program = modules.build(Path(folder), root / "scripts" / "benchmarks" / "EditsBench.swift", "bench")
        output = subprocess.run([str(program), str(replies)], stdout=subprocess.PIPE, check=True).stdout
    found = json.loads(output)
    peer = None
    if importlib.util.find_spec("aider"):
        spent = subprocess.run([sys.executable, "-c", AIDER, str(replies)], stdout=subprocess.PIPE, text=True)
        if spent.returncode == 0:
            peer = bench.line("aider: find blocks of a reply", cpu=float(spent.stdout))
            bench.lines.append(peer)
    else:
        bench.skipped.append(f"aider: {sys.executable} does not have it")
    bench.lines += [
        bench.line(
            "ramp: parse a reply", cpu=found["parse_s"], beside=peer, target={"cpu": 1 / 100_000},
            note=f"{1 / found['parse_s']:,.0f} a second, recorded ones"),
        bench.line(
            "ramp: apply an edit", cpu=found["apply_s"], target={"cpu": 1 / 50_000},
            note=f"{1 / found['apply_s']:,.0f} a second, in files of 600 lines; {found['applied']:.0f} of {found['cases']:.0f} apply"),
        bench.line(
            "ramp: hint for a failed edit", cpu=found["hint_s"], target={"cpu": 0.002}, note="20 lines in a file of 5,000"),
        bench.line(
            "ramp: prompt of 100 KB", cpu=found["prompt_s"], target={"cpu": 0.002}, note=f"1,800 variables, rendered; {found['template_s'] * 1000:.1f} ms to read the template"),
        bench.line(
            "ramp: is it Python", cpu=found["python_s"], note=f"{found['python_bytes'] / found['python_s'] / 1e6:,.0f} MB/s"),
    ]
