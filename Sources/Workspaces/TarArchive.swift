/// A tar archive of plain files, as `tar -x` and container engines read it. Source: POSIX ustar, with GNU's entry for
/// names of more than 100 bytes.
struct TarArchive: Sendable {
  private static let block = 512
  private var entries: [UInt8] = []

  /// True where nothing was added.
  var isEmpty: Bool { entries.isEmpty }

  /// The whole archive.
  var bytes: [UInt8] { entries + [UInt8](repeating: 0, count: 2 * TarArchive.block) }

  /// An empty archive.
  init() {}

  /// Adds a file, root's, of the time 0.
  mutating func add(_ path: String, _ contents: [UInt8], isExecutable: Bool) {
    let name = Array(path.utf8)
    if name.count > 100 { append("././@LongLink", kind: "L", mode: 0o644, contents: name + [0]) }
    append(path, kind: "0", mode: isExecutable ? 0o755 : 0o644, contents: contents)
  }

  /// The contents of the first entry of an archive, where that is a plain file; entries that only describe it are passed
  /// over.
  static func file(in archive: [UInt8]) -> [UInt8]? {
    var place = 0
    while place + block <= archive.count {
      let size = archive[(place + 124)..<(place + 136)].reduce(0) { sum, byte in
        (48...55).contains(byte) ? sum * 8 + Int(byte - 48) : sum
      }
      let begin = place + block
      guard size <= archive.count - begin else { return nil }
      switch archive[place + 156] {
      case 0, UInt8(ascii: "0"): return Array(archive[begin..<(begin + size)])
      case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"): place = begin + (size + block - 1) / block * block
      default: return nil
      }
    }
    return nil
  }

  private mutating func append(_ name: String, kind: Character, mode: Int, contents: [UInt8]) {
    var header = [UInt8](repeating: 0, count: TarArchive.block)
    func put(_ text: some Sequence<UInt8>, at place: Int) {
      for (index, byte) in text.enumerated() { header[place + index] = byte }
    }
    func octal(_ value: Int, _ width: Int) -> String.UTF8View {
      let digits = String(value, radix: 8)
      return (String(repeating: "0", count: max(0, width - digits.count)) + digits).utf8
    }
    put(name.utf8.prefix(100), at: 0)
    put(octal(mode, 7), at: 100)
    put(octal(0, 7), at: 108)
    put(octal(0, 7), at: 116)
    put(octal(contents.count, 11), at: 124)
    put(octal(0, 11), at: 136)
    put(String(kind).utf8, at: 156)
    put("ustar".utf8, at: 257)
    put("00".utf8, at: 263)
    // The sum counts its own field as blanks.
    put("        ".utf8, at: 148)
    put(octal(header.reduce(0) { $0 + Int($1) }, 6), at: 148)
    header[154] = 0
    entries += header + contents
    let over = contents.count % TarArchive.block
    if over > 0 { entries += [UInt8](repeating: 0, count: TarArchive.block - over) }
  }
}
