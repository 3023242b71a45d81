import CZlib

/// Bytes made smaller, as browsers and `gunzip` read them.
package enum Gzip {
  /// One gzip member (RFC 1952) that holds `bytes`, at most 1 GiB. It names no file and no time, so equal bytes give equal
  /// members with one version of zlib. Nil without memory.
  package static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count <= 1 << 30 else { return nil }
    let room = Int(ramp_gzip_bound(UInt(bytes.count)))
    var length = -1
    let member = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      length = ramp_gzip(bytes, UInt32(bytes.count), buffer.baseAddress, UInt32(room))
      count = max(0, length)
    }
    return length < 0 ? nil : member
  }
}
