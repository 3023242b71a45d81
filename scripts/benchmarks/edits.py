"""Reading replies, applying edits, the hint for one that fails, and rendering a long prompt, beside aider's routines."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import modules

# The Python whose packages hold aider (`pip install aider-chat`); without it, the one that runs this.
AIDER_PYTHON = "RAMP_AIDER_PYTHON"

# aider's own way to find blocks and to put them into a file, on the same replies and in files of the same 600 lines;
# prints CPU seconds a reply and an edit.
AIDER = """
import json, sys, time
from aider.coders.editblock_coder import find_original_update_blocks, replace_most_similar_chunk
replies = [json.loads(line)['reply_text'] for line in open(sys.argv[1], encoding='utf-8')]
blocks = []
start = time.process_time()
for reply in replies:
    try:
        blocks += find_original_update_blocks(reply, ('```', '```'), [])
    except ValueError:
        pass
found = {'parse_s': (time.process_time() - start) / len(replies)}
filler = ''.join(f"    line_{n} = call({n}, name='of {n}')\\n" for n in range(300))
cases = [block for block in blocks if len(block) == 3 and block[0] and block[1].strip()][:200]
files = [filler + search + filler for _, search, _ in cases]
start = time.process_time()
done = [replace_most_similar_chunk(file, search, new) for file, (_, search, new) in zip(files, cases)]
found['apply_s'] = (time.process_time() - start) / len(cases)
found['applied'], found['cases'] = sum(bool(text) for text in done), len(cases)
print(json.dumps(found))
"""


def aider(bench, replies):
    """aider's two lines, or why there are none."""
    python = os.environ.get(AIDER_PYTHON, sys.executable)
    try:
        run = subprocess.run(
            [python, "-c", AIDER, str(replies)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as failure:
        bench.skipped.append(f"aider: {AIDER_PYTHON}: {failure}")
        return None, None
    if run.returncode != 0:
        last = (run.stderr.strip().splitlines() or ["it said nothing"])[-1]
        bench.skipped.append(f"aider: {python} ({AIDER_PYTHON} names another): {last}")
        return None, None
    found = json.loads(run.stdout.splitlines()[-1])
    bench.lines += [
        bench.line("aider: find blocks of a reply", cpu=found["parse_s"], note=f"{1 / found['parse_s']:,.0f} a second"),
        bench.line(
            "aider: put an edit in a file", cpu=found["apply_s"],
            note=f"{1 / found['apply_s']:,.0f} a second; {found['applied']} of {found['cases']} apply"),
    ]
    return bench.lines[-2], bench.lines[-1]


def run(bench, shared, root):
    replies = shared / "swebench" / "replies" / "search-replace.jsonl"
    if not replies.exists() or shutil.which("swiftc") is None:
        bench.skipped.append(f"reading replies: {replies if not replies.exists() else 'swiftc'} is absent")
        return
    with tempfile.TemporaryDirectory(prefix="ramp-edits-") as folder:
        program = modules.build(Path(folder), root / "scripts" / "benchmarks" / "EditsBench.swift", "bench")
        output = subprocess.run([str(program), str(replies)], stdout=subprocess.PIPE, check=True).stdout
    found = json.loads(output)
    peer, other = aider(bench, replies)
    bench.lines += [
        bench.line(
            "ramp: parse a reply", cpu=found["parse_s"], beside=peer, target={"cpu": 1 / 100_000},
            note=f"{1 / found['parse_s']:,.0f} a second, recorded ones"),
        bench.line(
            "ramp: apply an edit", cpu=found["apply_s"], beside=other, target={"cpu": 1 / 50_000},
            note=f"{1 / found['apply_s']:,.0f} a second, in files of 600 lines; {found['applied']:.0f} of {found['cases']:.0f} apply"),
        bench.line(
            "ramp: hint for a failed edit", cpu=found["hint_s"], target={"cpu": 0.002}, note="20 lines in a file of 5,000"),
        bench.line(
            "ramp: prompt of 100 KB", cpu=found["prompt_s"], target={"cpu": 0.002}, note=f"1,800 variables, rendered; {found['template_s'] * 1000:.1f} ms to read the template"),
        bench.line(
            "ramp: is it Python", cpu=found["python_s"], note=f"{found['python_bytes'] / found['python_s'] / 1e6:,.0f} MB/s"),
    ]
