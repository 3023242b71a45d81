import Foundation

/// Why a journal cannot be used. Nothing in it has been changed or lost when one is thrown.
package enum JournalError: Error, Hashable, Sendable {
  /// Another process holds the journal longer than the wait allows.
  case locked(path: String)
  /// The file or its folder cannot be written.
  case readOnly(path: String)
  /// A newer ramp has written it; this one does not know its tables.
  case newer(path: String)
  /// The file is there and is no SQLite database, a damaged one, or another program's.
  case notAJournal(path: String)
  /// No room on the disk.
  case full(path: String)
  /// Anything else that SQLite reports, in its words.
  case failed(path: String, message: String)
}

extension JournalError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .locked(let path): "the journal \(path) is locked by another process"
    case .readOnly(let path): "the journal \(path) cannot be written"
    case .newer(let path): "the journal \(path) was written by a newer ramp"
    case .notAJournal(let path): "\(path) is not a journal, or a damaged one"
    case .full(let path): "no room left on the disk for the journal \(path)"
    case .failed(let path, let message): "the journal \(path): \(message)"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .locked: "end the other ramp, or use another journal: ramp --journal FILE"
    case .readOnly: "make it writable, or use another journal: ramp --journal FILE"
    case .newer: "update ramp, or use another journal: ramp --journal FILE"
    case .notAJournal: "name another file: ramp --journal FILE (this one was left as it is)"
    case .full: "free some room; what was written before is kept"
    case .failed: "use another journal: ramp --journal FILE"
    }
  }
}
