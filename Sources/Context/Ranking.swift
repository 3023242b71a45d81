/// The files of a tree in the order in which an issue makes them worth showing.
struct Ranking: Sendable {
  /// One file and why it stands where it does.
  struct File: Sendable {
    var path: String
    var score: Double
    var isNamed: Bool
    var isAside: Bool
  }

  /// Best first. Named sources, other sources, then what lies aside; by score and path within each.
  private(set) var files: [File] = []
  /// For each term of the query how rare it is over all files.
  let rarity: [Double]

  /// Ranks what was scanned.
  ///
  /// BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, 2009), over identifiers and their parts; words of the path
  /// count as if the file had them `pathWeight` times more. What the issue names outright is added on top.
  init(_ scanned: [ScannedFile], query: Query, evidence: Evidence) {
    let sources = scanned.filter { $0.kind == .source }
    let counted = sources.isEmpty ? scanned : sources
    var documents = [Int](repeating: 0, count: query.terms.count)
    for file in counted { for hit in file.scan.hits { documents[hit.term] += 1 } }
    let total = Double(counted.count)
    rarity = documents.map { Ranking.rarity(documents: Double($0), of: total) }
    let average = max(1, Double(counted.reduce(0) { $0 + $1.scan.length }) / max(1, total))
    for file in scanned {
      var score = 0.0
      var pathHits = file.pathTerms
      for hit in file.scan.hits {
        let inPath = pathHits.remove(hit.term) != nil
        let count = Double(hit.count) + (inPath ? Ranking.pathWeight : 0)
        score += query.terms[hit.term].weight * rarity[hit.term] * Ranking.saturated(count, file.scan.length, average)
      }
      for term in pathHits.sorted() {
        score +=
          query.terms[term].weight * rarity[term]
          * Ranking.saturated(Ranking.pathWeight, file.scan.length, average)
      }
      let boost = evidence.boost(file.path)
      guard score + boost > 0 else { continue }
      files.append(
        File(
          path: file.path, score: score + boost * Ranking.evidenceWeight,
          isNamed: boost >= Evidence.named, isAside: file.kind == .aside))
    }
    files.sort { left, right in
      if left.isAside != right.isAside { return right.isAside }
      if left.isNamed != right.isNamed { return left.isNamed }
      return left.score != right.score ? left.score > right.score : left.path < right.path
    }
  }

  /// How many more times a file seems to have a word that its path has.
  private static let pathWeight = 3.0
  /// The score that one point of evidence is worth; a good match of a title's rare word brings 20.
  private static let evidenceWeight = 25.0

  static func saturated(_ count: Double, _ length: Int, _ average: Double) -> Double {
    count * 2.2 / (count + 1.2 * (0.25 + 0.75 * Double(length) / average))
  }

  /// ln(1 + (N - n + 0.5) / (n + 0.5)), the form that is never negative.
  private static func rarity(documents: Double, of total: Double) -> Double {
    naturalLogarithm(1 + max(0, total - documents + 0.5) / (documents + 0.5))
  }

  /// ln(x) for x > 0, the same to the last bit on every machine, which a C library's is not: an order of files that hangs
  /// on the last bit would make another prompt elsewhere. From x = m * 2^e and ln(m) = 2 artanh((m - 1) / (m + 1)).
  static func naturalLogarithm(_ x: Double) -> Double {
    let ratio = (x.significand - 1) / (x.significand + 1)
    var power = ratio
    var sum = 0.0
    // The ratio is below 1/3, so that the terms fall below the precision of a double within the first twenty.
    for odd in stride(from: 1.0, through: 39, by: 2) {
      sum += power / odd
      power *= ratio * ratio
    }
    return 2 * sum + Double(x.exponent) * 0.693_147_180_559_945_3
  }
}

/// A file after its one pass.
struct ScannedFile: Sendable {
  var path: String
  var kind: PathKind
  var scan: SourceScan
  /// The terms of the query that are words of the path.
  var pathTerms: Set<Int>
}
