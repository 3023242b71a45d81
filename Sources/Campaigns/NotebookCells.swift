/// The Python of a notebook's cells. It reads phase files alone, holds no text from outside, and leaves what it plots in
/// variables.
enum NotebookCells {
  /// A cell of code with the text above it.
  struct Part {
    let name: String
    let title: String
    let text: String
    let code: String
  }

  static let introduction = """
    It reads the `phase_N_results.json` of each campaign's folder and nothing else; the cell below says where the folders
    are. Every rate has its 95 % interval. The first campaign is what the others are compared with.
    """

  static let load = #"""
    import json
    import math
    from collections import Counter
    from pathlib import Path

    import matplotlib.pyplot as plt

    Z = 1.959963984540054
    MARKS = "osD^vPX"
    # The first campaign is grey: it is what the others are compared with.
    COLOURS = ["#7d8790", "#0b62c4", "#1f8a5b", "#7b4bb3", "#b3461e", "#3c8d99", "#a0528f"]
    FALLBACK = "#e8a33d"
    plt.rcParams.update({
        "figure.dpi": 110, "font.size": 10, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
        "axes.axisbelow": True, "grid.color": "#e3e6ea", "axes.titleweight": "bold", "axes.titlelocation": "left",
        "axes.titlesize": 11, "legend.frameon": False,
    })


    def wilson(count, total):
        """Wilson's 95 % interval of a share, as (low, high)."""
        if total == 0:
            return 0.0, 1.0
        share = count / total
        centre = share + Z * Z / (2 * total)
        half = Z * math.sqrt(share * (1 - share) / total + Z * Z / (4 * total * total))
        scale = 1 + Z * Z / total
        return (0.0 if count == 0 else (centre - half) / scale), (1.0 if count == total else (centre + half) / scale)


    def reach(count, total):
        """The arms of a share's interval in per cent, as matplotlib wants them."""
        low, high = wilson(count, total)
        return [[max(0, 100 * (count / total - low))], [max(0, 100 * (high - count / total))]]


    def mcnemar_p(gained, lost):
        """The exact two-sided p-value of McNemar's test."""
        differing = gained + lost
        tail = sum(math.comb(differing, k) for k in range(min(gained, lost) + 1))
        return min(1.0, 2 * tail / 2**differing)


    def first_of(row, *names):
        return next((row[name] for name in names if row.get(name) is not None), None)


    def alone(row):
        """Whether the first model resolved the row by its own attempts, without the model that `escalate` names."""
        shares = [share for share in row.get("models") or [] if not share.get("escalated")]
        if row.get("models"):
            return any(share.get("resolved") for share in shares)
        return bool(row["verified"]) and not row.get("escalated")


    def read_phase(path):
        """One phase file, in any of the three shapes."""
        file = json.loads(path.read_text(encoding="utf-8"))
        config = file.get("config") or {}
        rows = {}
        for row in file["results"]:
            error = first_of(row, "failure", "error_type", "error") or "no reason told"
            rows[row["instance_id"]] = {
                "verified": bool(row["verified"]), "alone": alone(row), "attempts": row.get("attempts"),
                "seconds": first_of(row, "time_seconds", "duration_seconds", "duration"),
                "error": str(error).split(":")[0], "cause": (row.get("cause") or {}).get("code"),
                "assisted": row.get("assisted"), "model": row.get("model"),
                "practice": bool(row.get("practice")) or row.get("dataset") == "practice",
            }
        return {"phase": str(file["phase"]), "model": config.get("model"), "rows": rows}


    def read_campaign(folder):
        """The last run of each phase, by phase."""
        runs = [read_phase(path) for path in Path(folder).glob("phase_*_results.json")]
        if not runs:
            raise SystemExit(f"no phase_N_results.json in {folder!r}: set the folders in the cell of parameters")
        return {run["phase"]: run for run in sorted(runs, key=lambda run: (len(run["phase"]), run["phase"]))}


    def latest(own):
        """Each instance once, as the latest phase that it was in found it."""
        return {id_: row for run in own.values() for id_, row in run["rows"].items()}


    def plain(text, limit=60):
        """Text from outside on one line, without controls."""
        text = "".join(c if c.isprintable() else "\ufffd" for c in str(text))
        return text if len(text) <= limit else text[: limit - 3] + "..."


    def label(text, limit=24):
        """The same in a plot, where a dollar begins a formula."""
        return plain(text, limit).replace("$", r"\$")


    def titled(phase):
        """A phase with the number of its instances."""
        sizes = sorted({len(own[phase]["rows"]) for own in runs.values() if phase in own})
        return f"{label(phase, 12)}\nn = {' / '.join(map(str, sizes))}"


    def spread(index, count, width):
        """Where the mark of one of `count` campaigns stands beside the middle."""
        return width * (index - (count - 1) / 2)


    def finish(figure, axes, title, legend=True):
        """The title, and the legend below the plot, where it covers nothing."""
        figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold")
        handles, names = axes.get_legend_handles_labels()
        found = dict(zip(names, handles))
        if legend and found:
            figure.legend(found.values(), found.keys(), loc="outside lower center", ncols=min(4, len(found)))
        plt.show()


    runs = {name: read_campaign(folder) for name, folder in campaigns.items()}
    # A bigger model in the old way, if there is one: see "Infrastructure or model".
    large = {name: read_campaign(folder) for name, folder in bigger.items()}
    phases = sorted({phase for own in runs.values() for phase in own}, key=lambda phase: (len(phase), phase))
    base, *later = runs
    colours = dict(zip([*runs, *large], COLOURS * (1 + len(runs) + len(large))))
    """#

  static let parts = [
    Part(
      name: "rates", title: "Resolved by phase",
      text: "The bars are Wilson's intervals; the grey lines are the plan's three progressions.", code: rates),
    Part(
      name: "alone", title: "The first model alone, and the whole",
      text:
        "Each instance once, as the latest phase that it was in found it. What the first model resolved by its own attempts "
        + "is told apart from what another model added after it (`escalate`).", code: alone),
    Part(
      name: "discordant", title: "Instances that only one of two resolved",
      text: "Only these tell two campaigns apart (McNemar's exact test). At p above 0.05 nothing can be decided.",
      code: discordant),
    Part(
      name: "uplift", title: "Uplift by phase",
      text:
        "The difference on the instances that both have, with the interval that ramp gives it. Where ramp gives none, no "
        + "interval is drawn: there are too few repositories for an honest one.",
      code: uplift),
    Part(
      name: "errors", title: "Error types",
      text: "What kept instances from being resolved: each instance once, as the latest phase that it was in found it.",
      code: errors),
    Part(
      name: "effort", title: "Attempts and time", text: "Means over the instances whose file tells them.", code: effort),
    Part(
      name: "bigger", title: "Infrastructure or model",
      text:
        "A bigger model, asked once in the old way, beside the small one: does the work around the model win what a bigger "
        + "model would? It needs a third campaign: `export notebook FILE --campaigns OLD NEW --bigger DIR`.",
      code: infrastructure),
    Part(
      name: "check", title: "ramp's numbers, computed again", text: "By scipy and statsmodels, equal to 1e-9.",
      code: check),
  ]

  private static let rates = #"""
    plan = {"1": (1, 1, 0), "2": (5, 4, 2), "3": (20, 15, 10), "4": (85, 70, 50), "5": (270, 240, 180)}
    sizes = {"1": 5, "2": 10, "3": 30, "4": 100, "5": 300}
    rates = []
    for name, own in runs.items():
        for phase, run in own.items():
            rows = list(run["rows"].values())
            verified = sum(row["verified"] for row in rows)
            low, high = wilson(verified, len(rows))
            told = Counter(row["assisted"] for row in rows)
            models = sorted({plain(row["model"] or run["model"] or "not told") for row in rows})
            rates.append({"campaign": name, "phase": phase, "verified": verified, "total": len(rows),
                          "rate": verified / len(rows) if rows else None, "low": low, "high": high, "models": models,
                          "assisted": told[True], "clean": told[False],
                          "practice": any(row["practice"] for row in rows)})
    progress = {name: {phase: sum(row["verified"] for row in own[phase]["rows"].values()) for phase in own}
                for name, own in runs.items()}
    for r in rates:
        share = "-" if r["rate"] is None else f"{r['rate']:.1%}"
        help_ = f"{r['assisted']} assisted, {r['clean']} clean" if r["assisted"] + r["clean"] else "assisted or not: not told"
        note = "; practice rows say nothing of a model" if r["practice"] else ""
        print(f"{plain(r['campaign'])}, phase {plain(r['phase'])}: {r['verified']} of {r['total']} = {share} "
              f"[{r['low']:.1%}, {r['high']:.1%}]; models: {', '.join(r['models'])}; {help_}{note}")

    figure, axes = plt.subplots(figsize=(8.5, 4.8), layout="constrained")
    planned = [phase for phase in phases if phase in plan]
    for index, (word, style) in enumerate((("optimistic", ":"), ("realistic", "--"), ("conservative", "-."))):
        axes.plot([phases.index(p) for p in planned], [100 * plan[p][index] / sizes[p] for p in planned], style,
                  color="#b4bbc2", linewidth=1.2, label=f"plan, {word}")
    # The phases are samples of different sizes, each within the next, so no line joins their rates.
    for index, name in enumerate(runs):
        for r in [r for r in rates if r["campaign"] == name and r["rate"] is not None]:
            x = phases.index(r["phase"]) + spread(index, len(runs), 0.14)
            axes.errorbar([x], [100 * r["rate"]], yerr=reach(r["verified"], r["total"]), color=colours[name], capsize=4,
                          marker=MARKS[index % len(MARKS)], markersize=7, linestyle="none", label=label(name))
            axes.annotate(f"{r['verified']}", (x, 100 * r["rate"]), xytext=(7, 3), textcoords="offset points", fontsize=8,
                          color=colours[name])
    axes.set_xticks(range(len(phases)), [titled(phase) for phase in phases])
    axes.set(xlabel="phase", ylabel="resolved, %", xlim=(-0.5, len(phases) - 0.5), ylim=(-3, 103))
    finish(figure, axes, "Resolved by phase, with 95 % intervals")
    """#

  private static let alone = #"""
    whose = {}
    for name, own in runs.items():
        once = list(latest(own).values())
        whose[name] = {"total": len(once), "verified": sum(row["verified"] for row in once),
                       "alone": sum(row["alone"] for row in once)}
    for name, w in whose.items():
        low, high = wilson(w["alone"], w["total"])
        print(f"{plain(name)}: the first model alone resolved {w['alone']} of {w['total']} "
              f"[{low:.1%}, {high:.1%}], another after it {w['verified'] - w['alone']} more")

    figure, axes = plt.subplots(figsize=(8.5, 1.5 + 0.75 * len(whose)), layout="constrained")
    for index, (name, w) in enumerate(whose.items()):
        y, total = len(whose) - 1 - index, max(1, w["total"])
        own, more = 100 * w["alone"] / total, 100 * (w["verified"] - w["alone"]) / total
        axes.barh([y], [own], height=0.55, color=COLOURS[1], label="the first model alone")
        if any(other["verified"] > other["alone"] for other in whose.values()):
            axes.barh([y], [more], left=[own], height=0.55, color=FALLBACK, label="another model after it")
        axes.errorbar([own], [y], xerr=reach(w["alone"], total), color="#14171a", capsize=4, linestyle="none")
        axes.text(103, y, f"{w['alone']} alone, {w['verified']} in all", va="center", fontsize=9)
    axes.set_yticks(range(len(whose) - 1, -1, -1), [f"{label(name)}\nn = {w['total']}" for name, w in whose.items()])
    axes.set(xlabel="resolved, %; the line is the 95 % interval of the first model alone", xlim=(0, 100))
    axes.grid(axis="y", visible=False)
    finish(figure, axes, f"Whose success it is: n = {' / '.join(str(w['total']) for w in whose.values())} instances, each once")
    """#

  private static let discordant = #"""
    def compared(old, new, names):
        """Two runs of a phase, instance by instance."""
        shared = [i for i in old if i in new]
        gained = [i for i in shared if new[i]["verified"] and not old[i]["verified"]]
        lost = [i for i in shared if old[i]["verified"] and not new[i]["verified"]]
        both = sum(old[i]["verified"] and new[i]["verified"] for i in shared)
        p = mcnemar_p(len(gained), len(lost))
        found = {**names, "pairs": shared, "both": both, "gained": gained, "lost": lost,
                 "gained_alone": sum(new[i]["alone"] for i in gained),
                 "neither": len(shared) - both - len(gained) - len(lost), "p": p,
                 "difference": (len(gained) - len(lost)) / len(shared) if shared else 0.0,
                 "answer": "cannot decide" if p > 0.05 else "better" if len(gained) > len(lost) else "worse"}
        return found


    def chance(p):
        return "p < 0.0001" if p < 0.0001 else f"p = {p:.4f}"


    discordant = [compared(runs[base][phase]["rows"], runs[name][phase]["rows"], {"campaign": name, "phase": phase})
                  for name in later for phase in runs[base] if phase in runs[name]]
    for d in discordant:
        old, new = runs[base][d["phase"]]["rows"], runs[d["campaign"]][d["phase"]]["rows"]
        print(f"{plain(base)} and {plain(d['campaign'])}, phase {plain(d['phase'])}: {len(d['pairs'])} in both, "
              f"{len(old) + len(new) - 2 * len(d['pairs'])} in one alone")
        print(f"  both {d['both']}, gained {len(d['gained'])} ({d['gained_alone']} by the first model alone), "
              f"lost {len(d['lost'])}, neither {d['neither']}; {chance(d['p'])}; {100 * d['difference']:+.1f} points; "
              f"{d['answer']}")
        for sign, names in (("+", d["gained"]), ("-", d["lost"])):
            for i in names[:20]:
                print(f"  {sign} {plain(i)}: " + ("" if sign == "-" else plain(old[i]["error"]) + " -> ")
                      + ("resolved" if sign == "+" else "resolved -> " + plain(new[i]["error"])))
            if len(names) > 20:
                print(f"  {sign} {len(names) - 20} more")

    figure, axes = plt.subplots(figsize=(8.5, 1.6 + 0.5 * max(1, len(discordant))), layout="constrained")
    for index, d in enumerate(discordant):
        y, left = len(discordant) - 1 - index, 0
        for word, count, colour in (("both", d["both"], "#9fb4c8"), ("gained", len(d["gained"]), "#1f8a5b"),
                                    ("lost", len(d["lost"]), "#b3461e"), ("neither", d["neither"], "#e3e6ea")):
            share = 100 * count / max(1, len(d["pairs"]))
            axes.barh([y], [share], left=[left], height=0.6, color=colour, label=word)
            if share > 4:
                axes.text(left + share / 2, y, count, ha="center", va="center", fontsize=9,
                          color="white" if word in ("gained", "lost") else "#14171a")
            left += share
        axes.text(101, y, f"{chance(d['p'])}, {d['answer']}", va="center", fontsize=9)
    axes.set_yticks(range(len(discordant) - 1, -1, -1),
                    [f"{label(d['campaign'], 16)}, phase {label(d['phase'], 12)}, n = {len(d['pairs'])}" for d in discordant])
    axes.set(xlabel="instances that both campaigns have, %", xlim=(0, 100))
    axes.grid(visible=False)
    finish(figure, axes, f"Resolved by {label(base)}, by the other, by both")
    """#

  private static let uplift = #"""
    ours = json.loads(ours_as_told)
    told = {(o["campaign"], o["phase"]): o for o in ours["comparisons"]}
    uplift = []
    for d in discordant:
        own = told.get((d["campaign"], d["phase"]), {})
        uplift.append({"campaign": d["campaign"], "phase": d["phase"], "points": 100 * d["difference"],
                       "low": own.get("low"), "high": own.get("high"), "pairs": len(d["pairs"])})
        if "refused" in own:
            print(f"phase {plain(d['phase'])} of {plain(d['campaign'])}: ramp does not compare: {plain(own['refused'], 300)}")
        elif own.get("low") is None:
            print(f"phase {plain(d['phase'])} of {plain(d['campaign'])}: {100 * d['difference']:+.1f} points, no honest interval")
        for changed in own.get("changed", []):
            print(f"phase {plain(d['phase'])} of {plain(d['campaign'])}: changed {plain(changed, 200)}")
    figure, axes = plt.subplots(figsize=(8.5, 4.2), layout="constrained")
    axes.axhline(0, color="#7d8790", linewidth=1)
    for index, name in enumerate(later):
        for u in [u for u in uplift if u["campaign"] == name]:
            x = phases.index(u["phase"]) + spread(index, len(later), 0.2)
            arms = None if u["low"] is None else [[max(0, u["points"] - 100 * u["low"])], [max(0, 100 * u["high"] - u["points"])]]
            axes.errorbar([x], [u["points"]], yerr=arms, color=colours[name], marker=MARKS[(index + 1) % len(MARKS)],
                          markersize=7, capsize=4, linestyle="none", label=label(name),
                          markerfacecolor="white" if u["low"] is None else colours[name])
            axes.annotate(f"{u['points']:+.1f}", (x, u["points"]), xytext=(8, 3), textcoords="offset points", fontsize=8,
                          color=colours[name])
    shared = {u["phase"]: u["pairs"] for u in uplift}
    axes.set_xticks(range(len(phases)), [f"{label(p, 12)}\nn = {shared.get(p, 0)}" for p in phases])
    ends = [0] + [u["points"] for u in uplift] + [100 * u[end] for u in uplift for end in ("low", "high") if u[end] is not None]
    axes.set(xlabel="phase; a hollow mark has no honest interval", ylabel="difference, points",
             ylim=(min(ends) - 8, max(ends) + 8), xlim=(-0.5, len(phases) - 0.5))
    finish(figure, axes, f"Uplift against {label(base)}, with ramp's 95 % intervals")
    """#

  private static let errors = #"""
    errors = {name: Counter(row["error"] for row in latest(own).values() if not row["verified"])
              for name, own in runs.items()}
    failed = {name: sum(counts.values()) for name, counts in errors.items()}
    kinds = [kind for kind, _ in sum(errors.values(), Counter()).most_common(12)]
    figure, axes = plt.subplots(figsize=(8.5, 1.7 + 0.28 * max(1, len(kinds)) * len(errors)), layout="constrained")
    for index, name in enumerate(errors):
        places = [len(kinds) - 1 - at - 0.8 * (index + 0.5) / len(errors) + 0.4 for at in range(len(kinds))]
        bars = axes.barh(places, [errors[name][kind] for kind in kinds], height=0.8 / len(errors), color=colours[name],
                         label=f"{label(name)}, n = {failed[name]}")
        axes.bar_label(bars, padding=3, fontsize=8)
    axes.set_yticks(range(len(kinds) - 1, -1, -1), [label(kind, 30) for kind in kinds])
    axes.set(xlabel="instances not resolved")
    axes.margins(x=0.08)
    axes.grid(axis="y", visible=False)
    if not kinds:
        axes.text(0.5, 0.5, "every instance is resolved", transform=axes.transAxes, ha="center")
    finish(figure, axes, f"Why instances are not resolved: n = {' / '.join(map(str, failed.values()))}, each once")
    for name, counts in errors.items():
        print(f"{plain(name)}: " + (", ".join(f"{plain(kind)} {count}" for kind, count in counts.most_common()) or "none"))
    """#

  private static let effort = #"""
    def mean(values):
        told = [value for value in values if value is not None]
        return sum(told) / len(told) if told else None


    effort = [{"campaign": name, "phase": phase,
               "attempts": mean(row["attempts"] for row in run["rows"].values()),
               "seconds": mean(row["seconds"] for row in run["rows"].values())}
              for name, own in runs.items() for phase, run in own.items()]
    figure, both = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
    for axes, what in zip(both, ("attempts", "seconds")):
        for index, name in enumerate(runs):
            own = [e for e in effort if e["campaign"] == name and e[what] is not None]
            axes.bar([phases.index(e["phase"]) + 0.8 * ((index + 0.5) / len(runs) - 0.5) for e in own],
                     [e[what] for e in own], width=0.8 / len(runs), color=colours[name], label=label(name))
        if all(e[what] is None for e in effort):
            axes.text(0.5, 0.5, "the files do not tell", transform=axes.transAxes, ha="center")
        axes.set(xlim=(-0.6, len(phases) - 0.4), title=f"{what} per instance, mean", xlabel="phase")
        axes.set_xticks(range(len(phases)), [titled(phase) for phase in phases])
        axes.grid(axis="x", visible=False)
    finish(figure, both[1] if both[1].get_legend_handles_labels()[0] else both[0], "What it took")
    for e in effort:
        told_ = {what: "not told" if e[what] is None else f"{e[what]:.2f}" for what in ("attempts", "seconds")}
        print(f"{plain(e['campaign'])}, phase {plain(e['phase'])}: {told_['attempts']} attempts, {told_['seconds']} s")
    """#

  private static let infrastructure = #"""
    exhibit, against = [], []
    if not large:
        print("no campaign of a bigger model: `export notebook FILE --campaigns OLD NEW --bigger DIR` adds one")
    else:
        everyone = {**runs, **large}
        common = [phase for phase in phases if all(phase in own for own in everyone.values())]
        phase = common[-1] if common else None
        if phase is None:
            print("no phase was run in every campaign")
        else:
            ids = set.intersection(*(set(own[phase]["rows"]) for own in everyone.values()))
            for name, own in everyone.items():
                rows = [row for i, row in own[phase]["rows"].items() if i in ids]
                exhibit.append({"campaign": name, "phase": phase, "total": len(rows), "model": own[phase]["model"],
                                "verified": sum(row["verified"] for row in rows), "alone": sum(row["alone"] for row in rows)})
            for name in large:
                for other in later:
                    old = {i: large[name][phase]["rows"][i] for i in sorted(ids)}
                    # What a fallback won is no success of the small model.
                    new = {i: {**runs[other][phase]["rows"][i], "verified": runs[other][phase]["rows"][i]["alone"]}
                           for i in sorted(ids)}
                    found = compared(old, new, {"campaign": other, "bigger": name, "phase": phase})
                    against.append(found)
                    print(f"the small model of {plain(other)} alone against {plain(name)}, phase {plain(phase)}, n = {len(ids)}: "
                          f"gained {len(found['gained'])}, lost {len(found['lost'])}; {chance(found['p'])}; "
                          f"{100 * found['difference']:+.1f} points; {found['answer']}")
            figure, axes = plt.subplots(figsize=(8.5, 1.8 + 0.75 * len(exhibit)), layout="constrained")
            for index, e in enumerate(exhibit):
                y, total = len(exhibit) - 1 - index, max(1, e["total"])
                axes.barh([y], [100 * e["alone"] / total], height=0.55, color=colours[e["campaign"]])
                axes.errorbar([100 * e["alone"] / total], [y], xerr=reach(e["alone"], total), color="#14171a", capsize=4,
                              linestyle="none")
                axes.text(103, y, f"{e['alone']} of {e['total']}", va="center", fontsize=9)
            axes.set_yticks(range(len(exhibit) - 1, -1, -1),
                            [f"{label(e['campaign'])}\n{label(e['model'] or 'model not told', 28)}" for e in exhibit])
            axes.set(xlabel="resolved by the first model alone, %, with 95 % intervals", xlim=(0, 100))
            axes.grid(axis="y", visible=False)
            finish(figure, axes, f"Infrastructure or model: phase {label(phase, 12)}, the same n = {len(ids)} instances",
                   legend=False)
    """#

  private static let check = #"""
    checked = 0
    try:
        import numpy
        from statsmodels.api import OLS
        from statsmodels.stats.contingency_tables import mcnemar
        from statsmodels.stats.proportion import proportion_confint
    except ImportError as missing:
        print(f"not checked: {missing}; `pip install scipy statsmodels`, then run this cell again")
    else:
        def check(what, own, peer):
            global checked
            assert math.isclose(own, peer, rel_tol=0, abs_tol=1e-9), (what, own, peer)
            checked += 1
            print(f"{plain(what):60} {own:.12f} {peer:.12f}")

        kept = {(r["campaign"], r["phase"]): r for r in ours["rates"]}
        for r in [r for r in rates if (r["campaign"], r["phase"]) in kept and r["total"]]:
            own = kept[r["campaign"], r["phase"]]
            low, high = proportion_confint(r["verified"], r["total"], method="wilson")
            check(f"{r['campaign']}, phase {r['phase']}: low", own["low"], max(0, low))
            check(f"{r['campaign']}, phase {r['phase']}: high", own["high"], min(1, high))
        for d in [d for d in discordant if "p" in told.get((d["campaign"], d["phase"]), {})]:
            own = told[d["campaign"], d["phase"]]
            table = [[d["both"], len(d["lost"])], [len(d["gained"]), d["neither"]]]
            check(f"{d['campaign']}, phase {d['phase']}: p", own["p"], float(mcnemar(table, exact=True).pvalue))
            check(f"{d['campaign']}, phase {d['phase']}: difference", own["difference"], d["difference"])
            if own["low"] is None:
                continue
            repositories = [i.rsplit("-", 1)[0] for i in d["pairs"]]
            codes = {name: code for code, name in enumerate(sorted(set(repositories)))}
            change = [(i in d["gained"]) - (i in d["lost"]) for i in d["pairs"]]
            fit = OLS(numpy.array(change, float), numpy.ones(len(change))).fit(
                cov_type="cluster", cov_kwds={"groups": numpy.array([codes[r] for r in repositories])}, use_t=True)
            low, high = fit.conf_int()[0]
            check(f"{d['campaign']}, phase {d['phase']}: interval, low", own["low"], max(-1, low))
            check(f"{d['campaign']}, phase {d['phase']}: interval, high", own["high"], min(1, high))
        print(f"{checked} numbers are equal to 1e-9")
    """#
}
