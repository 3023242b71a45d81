import Attempts
import Edits
import Grading

extension PhaseResults.Label {
  var json: OrderedJSON {
    switch self {
    case .phase(let phase): .whole(phase.rawValue)
    case .batch(let name): .text(name)
    }
  }
}

extension PhaseResults {
  /// The version of the fields that are ours.
  package static let schema = 1

  /// The name of the file: `phase_1_results.json`, and of a run that a later one took the place of
  /// `phase_1_results.2.json`. Of a batch's name only letters, digits, `-` and `_` are left.
  package static func fileName(_ label: Label, run: Int? = nil) -> String {
    let name = String(label.name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) ? $0 : "_" })
    return "phase_\(name)_results\(run.map { ".\($0)" } ?? "").json"
  }

  /// The bytes of the file: the plan's keys in its order, then ours.
  package var json: [UInt8] {
    OrderedJSON.members([
      "phase": label.json, "timestamp": .text(timestamp), "config": config.json,
      "results": .list(results.map(\.json)), "summary": summary,
    ]).adding(ours).indented
  }

  /// The file without its instances.
  var head: OrderedJSON {
    OrderedJSON.members([
      "phase": label.json, "timestamp": .text(timestamp), "config": config.json, "summary": summary,
    ]).adding(ours)
  }

  private var ours: OrderedJSON {
    let ours = OrderedJSON.members([
      "ramp_schema": .whole(PhaseResults.schema), "campaign": .optional(campaign), "look": .whole(look),
      "forced": .flag(forced), "hypothesis": .optional(hypothesis),
      "notes": notes.isEmpty ? .null : .list(notes.map(OrderedJSON.text)),
      "wall_seconds": .optional(wallSeconds), "practice": isPractice ? .flag(true) : .null,
      "gate": decision?.json ?? .null, "evidence": evidence?.json ?? .null,
      "error_analysis": .object(errorCounts.map { .init(key: $0.label, value: .whole($0.count)) }),
      "causes": .list(CauseTable(results).rows.map(\.json)),
    ])
    return ours.withoutNulls
  }

  private var summary: OrderedJSON {
    let plan = OrderedJSON.members([
      "total": .whole(total), "verified": .whole(verified), "success_rate": .number(successRate),
      "avg_attempts": .optional(averageAttempts), "avg_time": .number(averageTime),
    ])
    return plan.adding(
      .members([
        "success_interval": interval.json, "sound_rate": .optional(soundRate), "sound_interval": soundInterval.json,
        "unsound": .list(unsound.map { .text($0.instanceID) }),
        "verified_by_fallback": .whole(verifiedByFallback),
        "solved_by_attempt": .list(curve.resolved.map(OrderedJSON.whole)),
        "models": .list(models.map(\.json)), "alone": .list(alone.map(\.json)), "rates": .list(rates.map(\.json)),
      ]))
  }
}

extension PhaseConfig {
  var json: OrderedJSON {
    let files: OrderedJSON
    switch filesContext {
    case .count(let count): files = .whole(count)
    case .text(let text): files = .text(text)
    case nil: files = .null
    }
    let plan = OrderedJSON.members([
      "model": .optional(model), "approach": .optional(approach), "attempts_max": .optional(attemptsMax),
      "files_context": files,
    ])
    let ours = OrderedJSON.members([
      "ramp": .optional(ramp), "sampling_seed": .optional(samplingSeed), "draw": .optional(draw),
      "named": .texts(named),
      "settings": .texts(settings),
    ])
    return plan.adding(ours.withoutNulls)
  }
}

extension OrderedJSON {
  /// Texts by their names, sorted; null for none.
  fileprivate static func texts(_ texts: [String: String]) -> OrderedJSON {
    texts.isEmpty ? .null : .object(texts.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .text($0.value)) })
  }
}

extension InstanceRecord {
  /// The plan's five keys, then ours.
  var json: OrderedJSON {
    let plan = OrderedJSON.members([
      "instance_id": .text(instanceID), "verified": .flag(verified), "attempts": .whole(attempts),
      "time_seconds": .number(timeSeconds), "error": .optional(finalError),
    ])
    let ours = OrderedJSON.members([
      "repository": .text(repository), "dataset": .text(dataset), "practice": practice ? .flag(true) : .null,
      "difficulty": .optional(difficulty), "attempts_needed": .optional(attemptsNeeded),
      "reached": .optional(reached?.rawValue), "error_type": .optional(errorType?.rawValue),
      "stop_reason": .text(stop.rawValue), "failure": .optional(failure?.rawValue), "cause": cause?.json ?? .null,
      "model": .optional(model), "escalated": .flag(escalated), "models": .list(models.map(\.json)),
      "assisted": .flag(assisted), "prompt_tokens": .whole(promptTokens), "reply_tokens": .whole(replyTokens),
      "cost": .optional(cost), "environment_seconds": .optional(environmentSeconds), "patch": .text(patch),
      "best": .optional(best), "gold_shown": .optional(goldShown?.rawValue),
      "attempt_records": .list(each.map(\.json)),
    ])
    return plan.adding(ours.withoutNulls)
  }
}

extension FailureCause {
  fileprivate var json: OrderedJSON {
    OrderedJSON.members([
      "stage": .text(stage.rawValue), "code": .text(kind.rawValue), "sentence": .text(sentence),
      "next": .optional(next), "attempt": .optional(attempt),
    ]).withoutNulls
  }
}

extension ModelShare {
  fileprivate var json: OrderedJSON {
    .members([
      "model": .text(model), "attempts": .whole(attempts), "resolved": .flag(resolved),
      "escalated": .flag(escalated), "assisted": .flag(assisted),
    ])
  }
}

extension AttemptRecord {
  fileprivate var json: OrderedJSON {
    let told = OrderedJSON.members([
      "attempt": .whole(attempt), "verified": .flag(verified), "error_type": .optional(errorType?.rawValue),
      "error": .optional(error), "time_seconds": .number(timeSeconds), "verdict": .optional(verdict?.rawValue),
      "failure": .optional(failure?.rawValue), "reached": .optional(reached?.rawValue), "model": .optional(model),
      "escalated": escalated ? .flag(true) : .null, "assisted": .flag(assisted),
      "format": .text(format.rawValue), "template": .text(template), "temperature": .number(temperature),
      "seed": .whole(seed), "prompt_tokens": .optional(promptTokens), "reply_tokens": .optional(replyTokens),
      "cost": .optional(cost), "patch_sha256": .optional(patchSHA256), "repeats": .optional(repeats),
      "no_canary": .optional(noCanary),
      "environment_seconds": .optional(environmentSeconds),
    ])
    return told.withoutNulls
  }
}

extension Interval {
  var json: OrderedJSON { .list([.number(low), .number(high)]) }
}

extension Rate {
  fileprivate var json: OrderedJSON {
    .members([
      "name": .text(name.rawValue), "model": .text(model), "escalated": .flag(escalated),
      "assisted": assisted.map(OrderedJSON.flag) ?? .null, "resolved": .whole(resolved), "total": .whole(total),
      "attempts": .whole(attempts), "interval": interval.json,
    ])
  }
}

extension ModelTally {
  fileprivate var json: OrderedJSON {
    .members([
      "model": .text(model), "escalated": .flag(escalated), "asked": .whole(asked), "resolved": .whole(resolved),
      "attempts": .whole(attempts),
    ])
  }
}

extension CauseTable.Row {
  /// What a person reads of it stands in no other place of the file.
  var json: OrderedJSON {
    OrderedJSON.members([
      "stage": .optional(stage?.rawValue), "code": .optional(kind?.rawValue), "root": .optional(root?.rawValue),
      "title": .text(title), "count": .whole(ids.count), "instance_ids": .list(ids.map(OrderedJSON.text)),
      "change": .optional(change),
    ])
  }
}

extension PlanDecision {
  fileprivate var json: OrderedJSON {
    .members([
      "word": .text(word.rawValue), "open": .flag(isOpen), "advice": .list(advice.map(OrderedJSON.text)),
    ])
  }
}

extension Evidence {
  fileprivate var json: OrderedJSON {
    .members([
      "word": .text(word.rawValue), "look": .whole(look), "alpha": .number(alpha), "share": .number(share),
      "chance_above": .number(chanceAbove), "chance_below": .number(chanceBelow),
    ])
  }
}
