/// The Python of the notebook's cells. It reads phase files alone and holds no text from outside.
enum NotebookCells {
  static let load = #"""
    import json
    import math
    from pathlib import Path

    import matplotlib.pyplot as plt

    Z = 1.959963984540054


    def wilson(count, total):
        """Wilson's 95 % interval of a share, as (low, high)."""
        if total == 0:
            return 0.0, 1.0
        share = count / total
        centre = share + Z * Z / (2 * total)
        half = Z * math.sqrt(share * (1 - share) / total + Z * Z / (4 * total * total))
        scale = 1 + Z * Z / total
        low = 0.0 if count == 0 else max(0.0, (centre - half) / scale)
        high = 1.0 if count == total else min(1.0, (centre + half) / scale)
        return low, high


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
            rows[row["instance_id"]] = {
                "verified": bool(row["verified"]),
                "attempts": row.get("attempts"),
                "seconds": first_of(row, "time_seconds", "duration_seconds", "duration"),
                "error": "resolved" if row["verified"] else str(first_of(row, "error_type", "error") or "no reason told"),
                "assisted": row.get("assisted"),
                "practice": row.get("dataset") == "practice",
            }
        return {"phase": str(file["phase"]), "model": config.get("model"), "rows": rows,
                "practice": bool(file.get("practice")) or str(config.get("model")).startswith("practice")}


    def read_campaign(folder):
        """The last run of each phase, by phase."""
        paths = [p for p in Path(folder).glob("phase_*_results.json")]
        return {run["phase"]: run for run in sorted(map(read_phase, paths), key=lambda run: run["phase"])}


    def plain(text, limit=60):
        """Text from outside on one line, without controls."""
        text = "".join(c if c.isprintable() else "\ufffd" for c in str(text))
        return text if len(text) <= limit else text[: limit - 3] + "..."


    runs = {name: read_campaign(folder) for name, folder in campaigns.items()}
    for name, folder in campaigns.items():
        if not runs[name]:
            raise SystemExit(f"no phase_N_results.json in {folder!r}: set the folders in the cell of parameters")
    """#

  static let rates = #"""
    rates = []
    for name, phases in runs.items():
        for phase, run in phases.items():
            rows = list(run["rows"].values())
            verified = sum(row["verified"] for row in rows)
            low, high = wilson(verified, len(rows))
            told = {row["assisted"] for row in rows}
            help_ = "assisted" if True in told else "clean" if told == {False} else "assisted or not: not told"
            practice = run["practice"] or any(row["practice"] for row in rows)
            rates.append({"campaign": name, "phase": phase, "verified": verified, "total": len(rows),
                          "rate": verified / len(rows) if rows else None, "low": low, "high": high,
                          "model": run["model"] or "model not told", "help": help_, "practice": practice})
    for r in rates:
        share = "-" if r["rate"] is None else f"{r['rate']:.1%}"
        label = "; practice: this says nothing of a model" if r["practice"] else ""
        print(f"{plain(r['campaign'])}, phase {plain(r['phase'])}: {r['verified']} of {r['total']} = {share} "
              f"[{r['low']:.1%}, {r['high']:.1%}], {plain(r['model'])}, {r['help']}{label}")
    """#

  static let plot = #"""
    phases = sorted({r["phase"] for r in rates})
    figure, axes = plt.subplots(figsize=(8, 4.5))
    for index, name in enumerate(runs):
        own = [r for r in rates if r["campaign"] == name and r["rate"] is not None]
        x = [phases.index(r["phase"]) + 0.08 * (index - (len(runs) - 1) / 2) for r in own]
        y = [100 * r["rate"] for r in own]
        reach = [[100 * max(0, r["rate"] - r["low"]) for r in own], [100 * max(0, r["high"] - r["rate"]) for r in own]]
        axes.errorbar(x, y, yerr=reach, marker="osD^v"[index % 5], capsize=4, label=plain(name, 30).replace("$", r"\$"))
    axes.set_xticks(range(len(phases)), [plain(phase, 12).replace("$", r"\$") for phase in phases])
    axes.set(xlabel="phase", ylabel="resolved, % (bars: 95 % interval)", xlim=(-0.6, len(phases) - 0.4), ylim=(-3, 103))
    axes.legend()
    figure.tight_layout()
    plt.show()
    """#

  static let discordant = #"""
    before, after = list(runs)[0], list(runs)[-1]
    discordant = []
    for phase in [p for p in runs[before] if p in runs[after]]:
        old, new = runs[before][phase]["rows"], runs[after][phase]["rows"]
        shared = [i for i in old if i in new]
        gained = [i for i in shared if new[i]["verified"] and not old[i]["verified"]]
        lost = [i for i in shared if old[i]["verified"] and not new[i]["verified"]]
        both = sum(old[i]["verified"] and new[i]["verified"] for i in shared)
        p = mcnemar_p(len(gained), len(lost))
        answer = "cannot decide" if p > 0.05 else "better" if len(gained) > len(lost) else "worse"
        difference = (len(gained) - len(lost)) / len(shared) if shared else 0.0
        discordant.append({"phase": phase, "pairs": len(shared), "both": both, "gained": gained, "lost": lost,
                           "neither": len(shared) - both - len(gained) - len(lost), "p": p,
                           "difference": difference, "answer": answer})
        print(f"phase {plain(phase)}: {len(shared)} in both campaigns, {len(old) + len(new) - 2 * len(shared)} in one only")
        print(f"  both {both}, gained {len(gained)}, lost {len(lost)}, neither {discordant[-1]['neither']}; "
              f"exact McNemar p = {p:.4f}; {100 * difference:+.1f} points; {answer}")
        for sign, names in (("+", gained), ("-", lost)):
            for i in names:
                print(f"  {sign} {plain(i)}: {plain(old[i]['error'])} -> {plain(new[i]['error'])}")
    """#

  static let details = #"""
    from collections import Counter

    errors = {name: Counter(row["error"] for run in phases.values() for row in run["rows"].values() if not row["verified"])
              for name, phases in runs.items()}
    means = {}
    for name, phases in runs.items():
        rows = [row for run in phases.values() for row in run["rows"].values()]
        mean = lambda key: (lambda told: sum(told) / len(told) if told else None)([r[key] for r in rows if r[key] is not None])
        means[name] = {"attempts": mean("attempts"), "seconds": mean("seconds")}
        told = {key: "not told" if value is None else f"{value:.2f}" for key, value in means[name].items()}
        print(f"{plain(name)}: mean attempts {told['attempts']}, mean seconds {told['seconds']}")
        for label, count in errors[name].most_common(10):
            print(f"  {count:4d}  {plain(label)}")
    """#

  static let check = #"""
    try:
        from scipy.stats import binomtest
        from statsmodels.stats.contingency_tables import mcnemar
        from statsmodels.stats.proportion import proportion_confint
    except ImportError as missing:
        print(f"not checked: {missing}; `pip install scipy statsmodels`, then run this cell again")
    else:
        def check(what, own, peer):
            assert math.isclose(own, peer, rel_tol=0, abs_tol=1e-9), (what, own, peer)
            print(f"{plain(what, 40):40} {own:.12f} {peer:.12f}")

        kept = {(r["side"], r["phase"]): r for r in ours["rates"]}
        for side, name in (("before", before), ("after", after)):
            for r in [r for r in rates if r["campaign"] == name and (side, r["phase"]) in kept]:
                own = kept[side, r["phase"]]
                low, high = proportion_confint(r["verified"], r["total"], method="wilson")
                check(f"{side} {r['phase']} low", own["low"], low)
                check(f"{side} {r['phase']} high", own["high"], high)
        for d in discordant:
            for own in [o for o in ours["comparisons"] if o["phase"] == d["phase"]]:
                table = [[d["both"], len(d["lost"])], [len(d["gained"]), d["neither"]]]
                check(f"phase {d['phase']} p", own["p"], float(mcnemar(table, exact=True).pvalue))
                check(f"phase {d['phase']} difference", own["difference"], d["difference"])
    """#
}
