import Glibc

/// A large file of rows. It is read once, in place, to check every row; after that only the rows that are used are read,
/// so that a set of any size takes little memory.
final class RowFile: Sendable {
  /// Files above this many bytes are read so; below it the bytes are kept.
  static let threshold = 32 << 20
  /// The most that is read of one file, in bytes.
  static let limit = 16 << 30

  private let path: String
  private let descriptor: Int32
  private let status: stat

  /// Nil where the file is not there, is none, or is not larger than `threshold`: `FileBytes` reads it then, or says why
  /// not.
  init?(path: String, threshold: Int) throws(DatasetError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > threshold
    else {
      close(descriptor)
      return nil
    }
    guard status.st_size <= RowFile.limit else {
      close(descriptor)
      throw .tooLarge(path: path, limit: RowFile.limit)
    }
    (self.path, self.descriptor, self.status) = (path, descriptor, status)
  }

  deinit { close(descriptor) }

  /// Gives `body` the whole text. `Pages` lets go of what has been read.
  func withText<Result>(
    _ body: (UnsafeBufferPointer<UInt8>, Pages) throws(DatasetError) -> Result
  ) throws(DatasetError) -> Result {
    let size = Int(status.st_size)
    guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)).lowercased())
    }
    defer { munmap(base, size) }
    madvise(base, size, MADV_SEQUENTIAL)
    let text = UnsafeBufferPointer(start: base.assumingMemoryBound(to: UInt8.self), count: size)
    return try body(text, Pages(base: base))
  }

  /// The bytes at `range`.
  ///
  /// - Throws: `changed` where the file is not as it was when its rows were checked.
  func bytes(_ range: Range<Int>) throws(DatasetError) -> [UInt8] {
    var now = stat()
    guard fstat(descriptor, &now) == 0, now.st_size == status.st_size, now.st_mtim.tv_sec == status.st_mtim.tv_sec,
      now.st_mtim.tv_nsec == status.st_mtim.tv_nsec
    else { throw .changed(path: path) }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      while count < range.count {
        let got = pread(
          descriptor, buffer.baseAddress?.advanced(by: count), range.count - count, range.lowerBound + count)
        if got < 0, errno == EINTR { continue }
        if got <= 0 {
          failure = got < 0 ? errno : 0
          break
        }
        count += got
      }
    }
    if failure != 0 { throw .unreadable(path: path, reason: String(cString: strerror(failure)).lowercased()) }
    guard bytes.count == range.count else { throw .changed(path: path) }
    return bytes
  }
}

/// The pages of a mapped file, let go in steps as it is read from front to back.
struct Pages {
  private static let step = 8 << 20
  private let base: UnsafeMutableRawPointer
  private var gone = 0

  init(base: UnsafeMutableRawPointer) { self.base = base }

  /// Says that everything before `offset` has been read. It may be read again.
  mutating func release(upTo offset: Int) {
    guard offset - gone >= Pages.step else { return }
    let end = offset / Pages.step * Pages.step
    madvise(base + gone, end - gone, MADV_DONTNEED)
    gone = end
  }
}
