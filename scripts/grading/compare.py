"""Holds ramp's reading of test logs against that of an installed `swebench`.

    compare.py logs CASES     each line of CASES is a log with what ramp made of it
    compare.py run FOLDER     predictions, reports and a run report written by ramp

Run with the Python of an environment that has `swebench` (scripts/grading/setup). Prints one line of JSON for each
difference, then one with the counts. Exit status 1 where anything differs.
"""

import base64
import contextlib
import io
import json
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

from swebench.harness import grading, reporting, utils

IS_4 = version("swebench").startswith("4.")


def spec(case):
    """What the harness knows of a row while it grades."""
    if IS_4:
        from swebench.harness.constants import MAP_REPO_VERSION_TO_SPECS

        row_version = next(iter(MAP_REPO_VERSION_TO_SPECS[case["repo"]]))
    else:
        row_version = "1"
    return SimpleNamespace(
        instance_id=case["instance_id"],
        repo=case["repo"],
        version=row_version,
        log_parser=case["parser"],
        eval_type=case["eval_type"],
        FAIL_TO_PASS=case["FAIL_TO_PASS"],
        PASS_TO_PASS=case["PASS_TO_PASS"],
    )


def compare_logs(path):
    counts = {"compared": 0, "differ": 0, "raised": {}, "not_utf8": 0}
    with tempfile.TemporaryDirectory() as folder, open(path) as cases:
        log = Path(folder) / "test_output.txt"
        for number, line in enumerate(cases):
            case = json.loads(line)
            raw = base64.b64decode(case["log"])
            try:
                raw.decode()
                log.write_bytes(raw)
            except UnicodeDecodeError:
                # The harness cannot read such a log at all: compared is what it makes of the repaired text.
                counts["not_utf8"] += 1
                log.write_bytes(raw.decode(errors="replace").encode())
            prediction = {"instance_id": case["instance_id"], "model_name_or_path": "m", "model_patch": "p"}
            try:
                found, _ = grading.get_logs_eval(spec(case), log)
                report = grading.get_eval_report(spec(case), prediction, log, True)
            except Exception as error:
                name = type(error).__name__
                counts["raised"][name] = counts["raised"].get(name, 0) + 1
                continue
            counts["compared"] += 1
            differences = {}
            if [list(item) for item in found.items()] != case["outcomes"]:
                ours = {name: word for name, word in case["outcomes"]}
                differences["outcomes"] = {
                    name: [found.get(name), ours.get(name)]
                    for name in list(found) + list(ours)
                    if found.get(name) != ours.get(name)
                } or "order"
            if json.dumps(report, indent=4) != case["report"]:
                differences["report"] = [report, json.loads(case["report"])]
            if differences:
                counts["differ"] += 1
                if counts["differ"] <= 20:
                    print(json.dumps({"case": number, "label": case["label"], **differences})[:4000])
    return counts


def compare_run(folder):
    os.chdir(folder)
    differences = []
    expected = json.loads(Path("expected.json").read_text())
    for name in ("predictions.jsonl", "list.json", "by_id.json"):
        read = utils.get_predictions_from_file(name, "", "test")
        if read != expected:
            differences.append({"file": name, "official": read})
    dataset = json.loads(Path("dataset.json").read_text())
    predictions = {row["instance_id"]: row for row in utils.get_predictions_from_file("predictions.jsonl", "", "test")}
    with contextlib.redirect_stdout(io.StringIO()):
        written = reporting.make_run_report(predictions, dataset, "run")
    ours = Path("ours") / Path(written).name
    if not ours.exists():
        differences.append({"report": str(written), "ours": os.listdir("ours")})
    elif ours.read_bytes() != Path(written).read_bytes():
        differences.append({"official": Path(written).read_text(), "ours": ours.read_text()})
    for difference in differences:
        print(json.dumps(difference)[:4000])
    return {"compared": 4, "differ": len(differences)}


if __name__ == "__main__":
    mode, path = sys.argv[1:]
    result = compare_logs(path) if mode == "logs" else compare_run(path)
    print(json.dumps({"version": version("swebench"), **result}))
    sys.exit(1 if result["differ"] else 0)
