import Foundation

/// What an error says to a person, whatever it is an error of: the system's own are told in plain words, and no name of a
/// type reaches anybody.
package enum ErrorText {
  /// What is wrong, on one line.
  package static func of(_ error: any Error) -> String {
    if let text = (error as? any LocalizedError)?.errorDescription { return text }
    if error is CancellationError { return "interrupted" }
    if error is DecodingError { return "what is kept does not have the form it should have" }
    if error is EncodingError { return "this cannot be written as JSON" }
    let system = error as NSError
    guard let reason = reason(system) else { return "something that ramp does not know went wrong" }
    let path = system.userInfo[NSFilePathErrorKey] as? String ?? (system.userInfo[NSURLErrorKey] as? URL)?.path
    return path.map { "\($0): \(reason)" } ?? reason
  }

  /// Why the system refused; nil where it does not say.
  private static func reason(_ error: NSError) -> String? {
    if error.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(clamping: error.code))).lowercased() }
    if let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError, let reason = reason(inner) { return reason }
    guard error.domain == NSCocoaErrorDomain else { return nil }
    return switch error.code {
    case 4, 260: "no such file or directory"
    case 257, 513: "permission denied"
    case 516: "it is there already"
    case 640: "no space left on device"
    case 642: "the file system is read-only"
    case 514, 258: "not a name that a file can have"
    case 256, 261, 263, 264: "it cannot be read"
    case 512, 517, 518: "it cannot be written"
    default: nil
    }
  }
}
