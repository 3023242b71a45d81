import Glibc

extension Transfer {
  /// Whether something listens on a port, looked for without a request and for no longer than `patience`. This machine
  /// answers at once either way; where no answer came, and where `host` is a name that would have to be asked for, the
  /// answer is nil.
  package static func listens(host: String, port: Int, patience: Duration = .milliseconds(20)) -> Bool? {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let number = host.lowercased() == "localhost" ? "127.0.0.1" : host
    guard getaddrinfo(number, "\(port)", &hints, &found) == 0, let place = found?.pointee else { return nil }
    defer { freeaddrinfo(found) }
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(place.ai_family, kind, 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    if connect(descriptor, place.ai_addr, place.ai_addrlen) == 0 { return true }
    guard errno == EINPROGRESS else { return errno == ECONNREFUSED ? false : nil }
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    let milliseconds = patience.components.seconds * 1000 + patience.components.attoseconds / 1_000_000_000_000_000
    guard poll(&waiting, 1, Int32(clamping: milliseconds)) == 1 else { return nil }
    var fault: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &fault, &size) == 0 else { return nil }
    return fault == 0 ? true : fault == ECONNREFUSED ? false : nil
  }
}
