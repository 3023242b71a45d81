"""The figures as a table."""


def rendered(lines, conditions, skipped):
    head = ["", "WALL", "CPU", "PEAK", "RATIO", "BESIDE", "TARGET"]
    rows = [head]
    for line in lines:
        ratio = line.get("ratio")
        rows.append([
            line["name"], seconds(line["wall_s"]), seconds(line["cpu_s"]), megabytes(line["peak_mb"]),
            f"{ratio:.2f}" if ratio is not None else "", line.get("beside", ""),
            ", ".join(map(target, line.get("targets", []))),
        ])
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    text = []
    for row in rows:
        cells = [
            cell.rjust(width) if 0 < column < 5 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths))
        ]
        text.append("  ".join(cells).rstrip())
    text.append("")
    text += [f"  {line['name'].strip()}: {line['note']}" for line in lines if line.get("note")]
    text.append(
        f"medians of {conditions['runs']} runs, of a replay {conditions['replays']}; {conditions['cpus']} processors, "
        f"load {conditions['load']:.1f}; RATIO: CPU time over that of BESIDE")
    if conditions["slower"] > 1:
        text.append(
            f"limits of time are {conditions['slower']:.2f} times as long as documented: as much longer does Python's json "
            "take here")
    text += [f"left out: {reason}" for reason in skipped]
    return "\n".join(text)


def seconds(value):
    if value is None:
        return ""
    if value < 1e-4:
        return f"{value * 1e6:.2f} us"
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms"


def megabytes(value):
    return "" if value is None else f"{value:.1f} MB"


def target(one):
    limit = f"{one['limit']} MB" if one["figure"] == "memory" else seconds(one["limit"])
    name = {"cpu": "CPU", "wall": "wall", "memory": "peak"}[one["figure"]]
    return f"{name} <= {limit} {'holds' if one['holds'] else 'MISSED'}"
