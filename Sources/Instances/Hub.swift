import Content
import Foundation
import Transfer

/// Sets of rows from the Hugging Face hub, through its datasets server, kept in a cache.
///
/// Source of the routes and fields: the datasets server's documentation of `/splits` and `/rows`. A page has at most 100
/// rows; cells that would make an answer too long are cut and named in `truncated_cells`, so such a page is asked for
/// again in smaller pieces.
package struct Hub: Sendable {
  /// Where the datasets server answers.
  package static let server = "https://datasets-server.huggingface.co"
  private static let pageSize = 100

  private let server: String
  /// The server as messages name it.
  private let shown: String
  private let headers: [(String, String)]
  private let cache: String
  private let transfer: Transfer
  private let pause: Duration

  /// The hub behind the datasets server `server`, an address without a `/` at its end.
  ///
  /// - Parameters:
  ///   - server: where it answers.
  ///   - cache: a folder, made when first needed; only ramp writes there.
  ///   - token: the hub's own token (`HF_TOKEN`), for sets that only their members see. It goes to ``server`` alone.
  ///   - transfer: what asks.
  ///   - pause: how long a busy server is left alone where it does not say; twice as long the second time.
  package init(
    server: String = Hub.server, cache: String, token: String? = nil, transfer: Transfer,
    pause: Duration = .milliseconds(500)
  ) {
    self.server = server
    shown = Address.shown(server)
    let token = (token ?? "").filter { !$0.isWhitespace }
    let isSent = server == Hub.server && !token.isEmpty
    headers = [("Accept", "application/json")] + (isSent ? [("Authorization", "Bearer \(token)")] : [])
    // What two servers call by one name are two sets.
    self.cache = "\(cache)/\(Hash(of: Array(server.utf8)).hex.prefix(12))"
    self.transfer = transfer
    self.pause = pause
  }

  /// The rows of the cache, or nil where it has none.
  package func cached(_ name: HubName) throws(DatasetError) -> Dataset? {
    let path = "\(cache)/\(name.cachePath)"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return Hub.named(name, try DatasetReader.read(path: path))
  }

  /// The rows of the cache, or of the server. `progress` is told how many have come, of how many.
  ///
  /// - Throws: `HubError`, `DatasetError`, `TransferError`, `CancellationError`. Nothing of a set that did not come whole
  ///   is kept.
  package func dataset(
    _ name: HubName, progress: @Sendable (_ done: Int, _ total: Int) async -> Void
  ) async throws -> Dataset {
    if let kept = try cached(name) { return kept }
    let place = try await split(of: name)
    var lines: [UInt8] = []
    var done = 0
    var total = Int.max
    var size = Hub.pageSize
    while done < total {
      try Task.checkCancellation()
      let page = try await page(place, name, offset: done, length: size)
      if page.isCut {
        guard size > 1 else { throw HubError.cellCut(name: name.description, row: done) }
        size = max(1, size / 10)
        continue
      }
      guard page.count > 0 else { throw HubError.ended(name: name.description, rows: done, expected: page.total) }
      lines += page.lines
      done += page.count
      total = page.total
      await progress(done, total)
    }
    let path = "\(cache)/\(name.cachePath)"
    let set = try DatasetReader.read(bytes: lines, name: name.title, source: name.description)
    try FileManager.default.createDirectory(
      atPath: PathText.folder(of: path), withIntermediateDirectories: true)
    try Data(lines).write(to: URL(fileURLWithPath: path), options: .atomic)
    return set
  }

  private static func named(_ name: HubName, _ set: Dataset) -> Dataset {
    Dataset(name: name.title, source: name.description, rows: set.rows)
  }

  // MARK: - The server's answers

  private struct Split: Decodable, Hashable {
    let config: String
    let split: String
  }

  private struct Page {
    /// One row a line.
    let lines: [UInt8]
    let count: Int
    let total: Int
    /// True where the server has cut a cell.
    let isCut: Bool
  }

  /// The split that is asked for, or `test`, or the only one.
  private func split(of name: HubName) async throws -> Split {
    struct Answer: Decodable { let splits: [Split] }
    let body = try await get("/splits?dataset=\(Hub.escaped(name.dataset))", name)
    guard let splits = try? JSONDecoder().decode(Answer.self, from: Data(body)).splits else {
      throw HubError.notADatasetsServer(server: shown)
    }
    let wanted = name.split ?? "test"
    if let found = splits.first(where: { $0.split == wanted }) { return found }
    if name.split == nil, splits.count == 1 { return splits[0] }
    throw HubError.noSplit(name: name.dataset, split: wanted, splits: splits.map(\.split))
  }

  private func page(_ place: Split, _ name: HubName, offset: Int, length: Int) async throws -> Page {
    struct Answer: Decodable {
      struct Row: Decodable { let truncated_cells: [String]? }
      let rows: [Row]
      let num_rows_total: Int?
    }
    let body = try await get(
      "/rows?dataset=\(Hub.escaped(name.dataset))&config=\(Hub.escaped(place.config))"
        + "&split=\(Hub.escaped(place.split))&offset=\(offset)&length=\(length)", name)
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)) else {
      throw HubError.notADatasetsServer(server: shown)
    }
    if answer.rows.contains(where: { !($0.truncated_cells ?? []).isEmpty }) {
      return Page(lines: [], count: 0, total: 0, isCut: true)
    }
    if answer.rows.isEmpty { return Page(lines: [], count: 0, total: answer.num_rows_total ?? offset, isCut: false) }
    let rows = try DatasetReader.read(bytes: body, name: name.title, source: name.description).rows
    // Between its tokens a row may have line ends; inside a string JSON has none.
    let lines = try rows.flatMap { row in try row.bytes().map { $0 == 10 || $0 == 13 ? 32 : $0 } + [10] }
    return Page(lines: lines, count: rows.count, total: answer.num_rows_total ?? offset + rows.count, isCut: false)
  }

  /// The body of an answer with status 200. Tries three times where the server is busy or the connection breaks.
  private func get(_ path: String, _ name: HubName) async throws -> [UInt8] {
    var wait = pause
    for attempt in 1... {
      let isLast = attempt == 3
      do {
        let answer = try await transfer.fetch(
          HTTPRequest(
            url: server + path, headers: headers,
            limits: .init(firstByte: .seconds(60), idle: .seconds(60)), maxBodyBytes: 256 << 20))
        switch answer.status {
        case 200: return answer.body
        case 401, 403, 404: throw HubError.notFound(name: name.dataset, status: answer.status)
        case 429 where !isLast, 500...599 where !isLast:
          try await Task.sleep(for: Hub.asked(answer.header("Retry-After")) ?? wait)
        default: throw HubError.refused(server: shown, status: answer.status)
        }
      } catch let error as TransferError {
        guard !isLast, case .cutOff = error else { throw HubError.unreachable(server: shown, error) }
        try await Task.sleep(for: wait)
      }
      wait = wait * 2
    }
    throw CancellationError()
  }

  /// The seconds of a `Retry-After`, at most a minute; nil where it names none (its other form is a date).
  static func asked(_ header: String?) -> Duration? {
    header.flatMap { Int($0) }.map { .seconds(min(max(0, $0), 60)) }
  }

  /// `text` for a query: everything but letters, digits and `-._~` in percent signs (RFC 3986, 2.3).
  private static func escaped(_ text: String) -> String {
    text.utf8.reduce(into: "") { result, byte in
      switch byte {
      case 48...57, 65...90, 97...122, 45, 46, 95, 126: result.unicodeScalars.append(Unicode.Scalar(byte))
      default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
  }
}

/// Why a set did not come from the hub.
package enum HubError: Error, Hashable, Sendable {
  /// The hub knows no such set, or shows it to its members only.
  case notFound(name: String, status: Int)
  case noSplit(name: String, split: String, splits: [String])
  /// The server could not be asked.
  case unreachable(server: String, TransferError)
  case refused(server: String, status: Int)
  /// What answered speaks another language.
  case notADatasetsServer(server: String)
  /// A single row is too long for the server's answers. `row` counts from 0.
  case cellCut(name: String, row: Int)
  /// The server has fewer rows than it says.
  case ended(name: String, rows: Int, expected: Int)
}

extension HubError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .notFound(let name, let status): "the hub shows no set \(name) (status \(status))"
    case .noSplit(let name, let split, let splits):
      "\(name) has no split \(split); there are \(splits.joined(separator: ", "))"
    case .unreachable(_, let error): "the datasets server did not answer: \(error.localizedDescription)"
    case .refused(let server, 429): "\(server) has been asked too often and answers no more for now (status 429)"
    case .refused(let server, let status): "\(server) answered with status \(status)"
    case .notADatasetsServer(let server): "\(server) is no datasets server"
    case .cellCut(let name, let row): "the datasets server cuts row \(row) of \(name), which is too long for it"
    case .ended(let name, let rows, let expected): "\(name) ended after \(rows) of \(expected) rows"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .notFound(_, let status):
      (status == 404 ? "" : "put a token of the hub into the environment variable HF_TOKEN and start ramp again; or ")
        + "`load lite`, `load verified`, or the name as the hub spells it: `load OWNER/NAME`"
    case .noSplit(let name, _, let splits): splits.first.map { "`load \(name):\($0)`" }
    case .unreachable, .refused, .ended: "get the rows another way and `load FILE.jsonl`, or try again later"
    case .notADatasetsServer: "`settings datasets.server` shows where ramp asks"
    case .cellCut: "get the rows another way and `load FILE.jsonl`"
    }
  }
}
