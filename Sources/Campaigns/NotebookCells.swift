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
    are. Every rate has its 95 % interval. The first campaign is what the others are held against.
    """

  static let load = #"""
    import json
    import math
    from collections import Counter
    from pathlib import Path

    import matplotlib.pyplot as plt

    Z = 1.959963984540054
    MARKS = "osD^vPX"


    def wilson(count, total):
        """Wilson's 95 % interval of a share, as (low, high)."""
        if total == 0:
            return 0.0, 1.0
        share = count / total
        centre = share + Z * Z / (2 * total)
        half = Z * math.sqrt(share * (1 - share) / total + Z * Z / (4 * total * total))
        scale = 1 + Z * Z / total
        return (0.0 if count == 0 else (centre - half) / scale), (1.0 if count == total else (centre + half) / scale)


    def mcnemar_p(gained, lost):
        """The exact two-sided p-value of McNemar's test."""
        differing = gained + lost
        tail = sum(math.comb(differing, k) for k in range(min(gained, lost) + 1))
        return min(1.0, 2 * tail / 2**differing)


    def first_of(row, *names):
        return next((row[name] for name in names if row.get(name) is not None), None)


    def read_phase(path):
        """One phase file, in any of the three shapes."""
        file = json.loads(path.read_text(encoding="utf-8"))
        config = file.get("config") or {}
        rows = {}
        for row in file["results"]:
            error = first_of(row, "failure", "error_type", "error") or "no reason told"
            rows[row["instance_id"]] = {
                "verified": bool(row["verified"]), "attempts": row.get("attempts"),
                "seconds": first_of(row, "time_seconds", "duration_seconds", "duration"),
                "error": str(error).split(":")[0], "assisted": row.get("assisted"), "model": row.get("model"),
                "practice": row.get("dataset") == "practice",
            }
        return {"phase": str(file["phase"]), "model": config.get("model"), "rows": rows}


    def read_campaign(folder):
        """The last run of each phase, by phase."""
        runs = [read_phase(path) for path in Path(folder).glob("phase_*_results.json")]
        if not runs:
            raise SystemExit(f"no phase_N_results.json in {folder!r}: set the folders in the cell of parameters")
        return {run["phase"]: run for run in sorted(runs, key=lambda run: (len(run["phase"]), run["phase"]))}


    def plain(text, limit=60):
        """Text from outside on one line, without controls."""
        text = "".join(c if c.isprintable() else "\ufffd" for c in str(text))
        return text if len(text) <= limit else text[: limit - 3] + "..."


    def label(text, limit=24):
        """The same in a plot, where a dollar begins a formula."""
        return plain(text, limit).replace("$", r"\$")


    runs = {name: read_campaign(folder) for name, folder in campaigns.items()}
    phases = sorted({phase for own in runs.values() for phase in own}, key=lambda phase: (len(phase), phase))
    base, *later = runs
    """#

  static let parts = [
    Part(name: "rates", title: "Resolved by phase", text: "The bars are Wilson's intervals.", code: rates),
    Part(
      name: "progress", title: "From nothing to now",
      text: "Instances resolved in each phase, beside the plan's three progressions.", code: progress),
    Part(
      name: "discordant", title: "Instances that only one of two resolved",
      text: "Only these tell two campaigns apart (McNemar's exact test). At p above 0.05 nothing can be decided.",
      code: discordant),
    Part(
      name: "uplift", title: "Uplift by phase",
      text:
        "The difference on the instances that both have; the bars are its interval with instances of one repository "
        + "taken to be alike, as ramp told it.",
      code: uplift),
    Part(name: "errors", title: "Error types", text: "What ended the instances that were not resolved.", code: errors),
    Part(
      name: "effort", title: "Attempts and time", text: "Means over the instances whose file tells them.", code: effort),
    Part(
      name: "check", title: "ramp's numbers, computed again", text: "By scipy and statsmodels, equal to 1e-9.",
      code: check),
  ]

  private static let rates = #"""
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
    for r in rates:
        share = "-" if r["rate"] is None else f"{r['rate']:.1%}"
        help_ = f"{r['assisted']} assisted, {r['clean']} clean" if r["assisted"] + r["clean"] else "assisted or not: not told"
        note = "; practice rows say nothing of a model" if r["practice"] else ""
        print(f"{plain(r['campaign'])}, phase {plain(r['phase'])}: {r['verified']} of {r['total']} = {share} "
              f"[{r['low']:.1%}, {r['high']:.1%}]; models: {', '.join(r['models'])}; {help_}{note}")

    figure, axes = plt.subplots(figsize=(8, 4.5))
    for index, name in enumerate(runs):
        own = [r for r in rates if r["campaign"] == name and r["rate"] is not None]
        x = [phases.index(r["phase"]) + 0.1 * (index - (len(runs) - 1) / 2) for r in own]
        reach = [[100 * (r["rate"] - r["low"]) for r in own], [100 * (r["high"] - r["rate"]) for r in own]]
        axes.errorbar(x, [100 * r["rate"] for r in own], yerr=[[max(0, v) for v in side] for side in reach],
                      marker=MARKS[index % len(MARKS)], capsize=4, label=label(name))
    axes.set_xticks(range(len(phases)), [label(phase, 12) for phase in phases])
    axes.set(xlabel="phase", ylabel="resolved, %", xlim=(-0.5, len(phases) - 0.5), ylim=(-3, 103))
    axes.legend()
    figure.tight_layout()
    plt.show()
    """#

  private static let progress = #"""
    plan = {"1": (1, 1, 0), "2": (5, 4, 2), "3": (20, 15, 10), "4": (85, 70, 50), "5": (270, 240, 180)}
    progress = {name: {phase: sum(row["verified"] for row in own[phase]["rows"].values()) for phase in own}
                for name, own in runs.items()}
    figure, axes = plt.subplots(figsize=(8, 4.5))
    planned = [phase for phase in phases if phase in plan]
    for index, (word, style) in enumerate((("optimistic", ":"), ("realistic", "--"), ("conservative", "-."))):
        axes.plot([phases.index(p) for p in planned], [plan[p][index] for p in planned], style, color="grey", label=word)
    for index, (name, own) in enumerate(progress.items()):
        axes.plot([phases.index(p) for p in own], list(own.values()), marker=MARKS[index % len(MARKS)], label=label(name))
        print(f"{plain(name)}: " + ", ".join(f"phase {plain(p)} {n} of {len(runs[name][p]['rows'])}" for p, n in own.items()))
    axes.set_xticks(range(len(phases)), [label(phase, 12) for phase in phases])
    axes.set(xlabel="phase", ylabel="instances resolved", xlim=(-0.5, len(phases) - 0.5))
    axes.set_yscale("symlog", linthresh=1)
    axes.set_ylim(-0.3, 400)
    axes.legend()
    figure.tight_layout()
    plt.show()
    """#

  private static let discordant = #"""
    discordant = []
    for name in later:
        for phase in [phase for phase in runs[base] if phase in runs[name]]:
            old, new = runs[base][phase]["rows"], runs[name][phase]["rows"]
            shared = [i for i in old if i in new]
            gained = [i for i in shared if new[i]["verified"] and not old[i]["verified"]]
            lost = [i for i in shared if old[i]["verified"] and not new[i]["verified"]]
            both = sum(old[i]["verified"] and new[i]["verified"] for i in shared)
            p = mcnemar_p(len(gained), len(lost))
            found = {"campaign": name, "phase": phase, "pairs": shared, "both": both, "gained": gained, "lost": lost,
                     "neither": len(shared) - both - len(gained) - len(lost), "p": p,
                     "difference": (len(gained) - len(lost)) / len(shared) if shared else 0.0,
                     "answer": "cannot decide" if p > 0.05 else "better" if len(gained) > len(lost) else "worse"}
            discordant.append(found)
            print(f"{plain(base)} and {plain(name)}, phase {plain(phase)}: {len(shared)} in both, "
                  f"{len(old) + len(new) - 2 * len(shared)} in one alone")
            print(f"  both {both}, gained {len(gained)}, lost {len(lost)}, neither {found['neither']}; "
                  f"p = {p:.4f}; {100 * found['difference']:+.1f} points; {found['answer']}")
            for sign, names in (("+", gained), ("-", lost)):
                for i in names:
                    print(f"  {sign} {plain(i)}: " + ("" if sign == "-" else plain(old[i]["error"]) + " -> ")
                          + ("resolved" if sign == "+" else "resolved -> " + plain(new[i]["error"])))
    """#

  private static let uplift = #"""
    ours = json.loads(ours_as_told)
    told = {(o["campaign"], o["phase"]): o for o in ours["comparisons"]}
    uplift = []
    for d in discordant:
        own = told.get((d["campaign"], d["phase"]), {})
        uplift.append({"campaign": d["campaign"], "phase": d["phase"], "points": 100 * d["difference"],
                       "low": own.get("low"), "high": own.get("high")})
        if "refused" in own:
            print(f"phase {plain(d['phase'])} of {plain(d['campaign'])}: ramp does not compare: {plain(own['refused'], 300)}")
        for changed in own.get("changed", []):
            print(f"phase {plain(d['phase'])} of {plain(d['campaign'])}: changed {plain(changed, 200)}")
    figure, axes = plt.subplots(figsize=(8, 4))
    axes.axhline(0, color="grey", linewidth=1)
    for index, name in enumerate(later):
        for u in [u for u in uplift if u["campaign"] == name]:
            x = phases.index(u["phase"]) + 0.2 * (index - (len(later) - 1) / 2)
            reach = None if u["low"] is None else [[max(0, u["points"] - 100 * u["low"])], [max(0, 100 * u["high"] - u["points"])]]
            axes.errorbar([x], [u["points"]], yerr=reach, color=f"C{index + 1}", marker=MARKS[(index + 1) % len(MARKS)],
                          capsize=4, label=label(name))
    handles = dict(zip(*reversed(axes.get_legend_handles_labels())))
    axes.legend(handles.values(), handles.keys())
    axes.set_xticks(range(len(phases)), [label(phase, 12) for phase in phases])
    axes.set(xlabel="phase", ylabel=f"points more than {label(base)}", xlim=(-0.5, len(phases) - 0.5))
    figure.tight_layout()
    plt.show()
    """#

  private static let errors = #"""
    errors = {name: Counter(row["error"] for run in own.values() for row in run["rows"].values() if not row["verified"])
              for name, own in runs.items()}
    kinds = [kind for kind, _ in sum(errors.values(), Counter()).most_common(12)]
    figure, axes = plt.subplots(figsize=(8, 1 + 0.4 * max(1, len(kinds))))
    for index, name in enumerate(errors):
        places = [len(kinds) - 1 - at - 0.8 * (index + 0.5) / len(errors) + 0.4 for at in range(len(kinds))]
        axes.barh(places, [errors[name][kind] for kind in kinds], height=0.8 / len(errors), label=label(name))
    axes.set_yticks(range(len(kinds) - 1, -1, -1), [label(kind, 30) for kind in kinds])
    axes.set(xlabel="instances")
    axes.legend()
    figure.tight_layout()
    plt.show()
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
    figure, both = plt.subplots(1, 2, figsize=(9, 4))
    for axes, what, unit in zip(both, ("attempts", "seconds"), ("attempts, mean", "seconds, mean")):
        for index, name in enumerate(runs):
            own = [e for e in effort if e["campaign"] == name and e[what] is not None]
            axes.bar([phases.index(e["phase"]) + 0.8 * ((index + 0.5) / len(runs) - 0.5) for e in own],
                     [e[what] for e in own], width=0.8 / len(runs), color=f"C{index}", label=label(name))
        if all(e[what] is None for e in effort):
            axes.text(0.5, 0.5, "the files do not tell", transform=axes.transAxes, ha="center")
        axes.set(xlim=(-0.6, len(phases) - 0.4))
        axes.set_xticks(range(len(phases)), [label(phase, 12) for phase in phases])
        axes.set(xlabel="phase", ylabel=unit)
    both[1].legend()
    figure.tight_layout()
    plt.show()
    for e in effort:
        told_ = {what: "not told" if e[what] is None else f"{e[what]:.2f}" for what in ("attempts", "seconds")}
        print(f"{plain(e['campaign'])}, phase {plain(e['phase'])}: {told_['attempts']} attempts, {told_['seconds']} s")
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
