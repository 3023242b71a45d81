import Testing

@testable import Repositories

@Suite struct `a shelf of blobs` {
  private let ten = [UInt8](repeating: 1, count: 10)

  @Test func `gives back what was put in, by repository`() {
    let shelf = BlobShelf(limit: 100)
    shelf.keep(["a": ten, "b": []], at: "/one")
    #expect(shelf.contents(of: ["a", "b", "c"], at: "/one") == ["a": ten, "b": []])
    #expect(shelf.contents(of: ["a"], at: "/two").isEmpty)
  }

  @Test func `begins anew where it would hold too much`() {
    let shelf = BlobShelf(limit: 25)
    shelf.keep(["a": ten], at: "/one")
    shelf.keep(["a": ten, "b": ten], at: "/one")
    #expect(shelf.contents(of: ["a", "b"], at: "/one") == ["a": ten, "b": ten])
    shelf.keep(["c": ten], at: "/one")
    #expect(shelf.contents(of: ["a", "b", "c"], at: "/one") == ["c": ten])
    shelf.keep(["d": ten + ten + ten], at: "/one")
    #expect(shelf.contents(of: ["c", "d"], at: "/one") == ["c": ten])
  }
}
