import Foundation
import Repositories
import Testing

@Suite struct `a mirror` {
  @Test func `reads the files of a commit`() async throws {
    try await withRepository { folder, ids async throws in
      let mirrors = Mirrors(cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: git)
      let tree = try await mirrors.mirror(of: "o/repo").tree(at: ids[0])
      #expect(tree.entries.map(\.path) == ["a.py", "d/e/f.txt", "empty", "ö.py"])
      #expect(tree["d/e/f.txt"]?.size == 3)
      #expect(tree["a.py"]?.mode == 0o100644)
      let read = try await tree.read(["a.py", "d/e/f.txt", "empty", "ö.py", "nothing"])
      #expect(read == commits[0].files)
    }
  }

  @Test func `asks git twice for a listing and its files, and not at all for nothing`() async throws {
    try await withRepository { folder, ids async throws in
      let count = Counter()
      let mirrors = Mirrors(
        cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: Git(count: count))
      let tree = try await mirrors.mirror(of: "o/repo").tree(at: ids[1])
      #expect(count.value == 1)
      _ = try await tree.read(["a.py"])
      #expect(count.value == 2)
      _ = try await tree.read(["nothing"])
      #expect(count.value == 2)
    }
  }

  @Test func `asks git for no file twice`() async throws {
    try await withRepository { folder, ids async throws in
      let count = Counter()
      let mirrors = Mirrors(
        cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: Git(count: count))
      let tree = try await mirrors.mirror(of: "o/repo").tree(at: ids[0])
      let first = try await tree.read(["a.py", "empty"])
      #expect(count.value == 2)
      #expect(try await tree.read(["empty", "a.py"]) == first)
      #expect(count.value == 2)
      #expect(try await tree.read(["a.py", "d/e/f.txt", "empty", "ö.py"]) == commits[0].files)
      #expect(count.value == 3)
    }
  }

  @Test func `says which commit is not there, and where it looked`() async throws {
    try await withRepository { folder, _ async throws in
      let path = "\(folder)/o/repo.git"
      let mirrors = Mirrors(cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: git)
      let mirror = try await mirrors.mirror(of: "o/repo")
      for commit in [String(repeating: "1", count: 40), "HEAD", "--help", ""] {
        await #expect(throws: GitError.noSuchCommit(commit: commit, repo: "o/repo", path: path)) {
          try await mirror.tree(at: commit)
        }
      }
    }
  }

  @Test func `says that a broken repository is none`() async throws {
    try await withRepository { folder, ids async throws in
      let path = "\(folder)/o/repo.git"
      try "nonsense".write(toFile: "\(path)/HEAD", atomically: true, encoding: .utf8)
      let mirrors = Mirrors(cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: git)
      let mirror = try await mirrors.mirror(of: "o/repo")
      await #expect(throws: GitError.notARepository(path: path, isOurs: false)) { try await mirror.tree(at: ids[0]) }
    }
  }

  @Test(arguments: ["o/n.git", "o/n", "o__n.git", "o__n", "o+n", "n.git", "n", "n/.git"])
  func `is found under the names people give to it`(name: String) async throws {
    try await TemporaryFolder.use { folder async throws in
      let ids = try await FastImport(git: git).make(commits, at: "\(folder)/\(name)")
      let mirrors = Mirrors(cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: git)
      #expect(try await mirrors.mirror(of: "o/n").tree(at: ids[1]).entries.count == 1)
    }
  }

  @Test func `is found by a path with its names`() async throws {
    try await withRepository { folder, ids async throws in
      let source = RepositorySource(pattern: "\(folder)/{owner}/{name}.git")
      let mirrors = Mirrors(cache: "\(folder)/cache", source: source, git: git)
      #expect(try await mirrors.mirror(of: "o/repo").path == "\(folder)/o/repo.git")
      await #expect(throws: GitError.noMirror(repo: "o/other", tried: ["\(folder)/o/other.git"])) {
        try await mirrors.mirror(of: "o/other")
      }
      #expect(ids.count == 2)
    }
  }

  @Test(arguments: ["", "o", "o/", "/n", "o/n/m", "../n", "o/..", "-o/n", "o/n\n", "o/$(x)"])
  func `is not looked for under a name that is none`(name: String) async throws {
    let mirrors = Mirrors(cache: "/nonexistent", source: .gitHub, git: git)
    await #expect(throws: GitError.badName(name)) { try await mirrors.mirror(of: name) }
  }

  @Test func `of a URL is cloned once, whole, by two askers`() async throws {
    try await withRepository { folder, ids async throws in
      let count = Counter()
      let source = RepositorySource(pattern: "file://\(folder)/{owner}/{name}.git")
      let mirrors = Mirrors(cache: "\(folder)/cache", source: source, git: Git(count: count))
      async let one = mirrors.mirror(of: "o/repo")
      async let two = mirrors.mirror(of: "o/repo")
      let (first, second) = try await (one, two)
      #expect(first.path == second.path)
      #expect(first.path == "\(folder)/cache/o/repo.git")
      #expect(count.value == 2)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/cache/o") == ["repo.git"])
      #expect(!(try String(contentsOfFile: "\(first.path)/config", encoding: .utf8).contains("file://")))
      #expect(try await first.tree(at: ids[0]).entries.count == 4)
    }
  }

  @Test func `of a URL fetches a commit that came later, and only then`() async throws {
    try await withRepository { folder, _ async throws in
      let origin = "\(folder)/o/repo.git"
      let count = Counter()
      let source = RepositorySource(pattern: "file://\(folder)/{owner}/{name}.git")
      let mirrors = Mirrors(cache: "\(folder)/cache", source: source, git: Git(count: count))
      let mirror = try await mirrors.mirror(of: "o/repo")
      let later =
        commits + [
          FastImport.Commit(message: "third\n", author: "A <a@example.org>", date: 1_000_000_200, files: ["z": []])
        ]
      try FileManager.default.removeItem(atPath: origin)
      let ids = try await FastImport(git: git).make(later, at: origin)
      #expect(try await mirror.tree(at: ids[2]).entries.map(\.path) == ["z"])
      let calls = count.value
      _ = try await mirror.tree(at: ids[2])
      #expect(count.value == calls + 1)
    }
  }

  @Test func `of a URL that is not there leaves nothing behind`() async throws {
    try await TemporaryFolder.use { folder async throws in
      let source = RepositorySource(pattern: "file://\(folder)/{owner}/{name}.git")
      let mirrors = Mirrors(cache: "\(folder)/cache", source: source, git: git)
      await #expect(throws: GitError.self) { try await mirrors.mirror(of: "o/repo") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/cache/o").isEmpty)
    }
  }

  @Test func `needs git, and says so`() async throws {
    try await withRepository { folder, ids async throws in
      let mirrors = Mirrors(
        cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: Git(executable: "no-such-git"))
      let error = GitError.notInstalled(executable: "no-such-git")
      await #expect(throws: error) { try await mirrors.mirror(of: "o/repo").tree(at: ids[0]) }
      #expect(error.recoverySuggestion == "`apt install git`")
    }
  }

  @Test func `is found below the working directory where its folder is relative`() async throws {
    try await withRepository { folder, ids async throws in
      // The way from here to there: tests share one working directory.
      let here = FileManager.default.currentDirectoryPath
      let up = String(repeating: "../", count: here.split(separator: "/").count)
      for pattern in ["\(up)\(folder.dropFirst())", "\(up)\(folder.dropFirst())/{owner}/{name}.git"] {
        let mirrors = Mirrors(cache: "\(folder)/cache", source: RepositorySource(pattern: pattern), git: git)
        #expect(try await mirrors.mirror(of: "o/repo").tree(at: ids[1]).entries.count == 1)
      }
    }
  }

  @Test func `that is broken may be removed where it is a clone, and is to be looked at where it is not`() {
    #expect(
      GitError.notARepository(path: "/c/o/n.git", isOurs: true).recoverySuggestion == "remove /c/o/n.git and try again")
    let advice = GitError.notARepository(path: "/home/me/n", isOurs: false).recoverySuggestion
    #expect(advice?.contains("remove") == false && advice?.contains("fsck") == true)
  }

  @Test func `gives no more bytes of files at once than its git takes`() async throws {
    try await withRepository { folder, ids async throws in
      let small = Git(readLimit: 8)
      let mirrors = Mirrors(cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: small)
      let tree = try await mirrors.mirror(of: "o/repo").tree(at: ids[0])
      #expect(try await tree.read(["a.py"]).count == 1)
      await #expect(throws: GitError.tooLarge(bytes: 9, limit: 8)) { try await tree.read(["d/e/f.txt", "a.py"]) }
    }
  }

  @Test(arguments: [
    ("https://me:TOKEN@host/{owner}/{name}", true), ("https://TOKEN@host/{owner}", true), ("HTTP://a@b/c", true),
    ("ssh://git@host/{owner}/{name}", false), ("ssh://git:secret@host/x", true),
    ("git@github.com:{owner}/{name}", false),
    ("https://host/{owner}/{name}@2", false), ("/home/me@work/mirrors", false), ("file:///a/b", false),
  ])
  func `of a URL with a secret in it is told`(pattern: String, holds: Bool) {
    #expect(RepositorySource(pattern: pattern).holdsSecret == holds)
  }

  @Test func `is asked for with the header of the environment, which goes to its server only`() async throws {
    let secret = Git(
      environment: [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
        "RAMP_GIT_HEADER": "https://a.example/ Authorization: Basic c2VjcmV0",
      ])
    func header(_ url: String) async throws -> String {
      text(try await secret.call(["config", "--get-urlmatch", "http.extraHeader", url]).output)
    }
    #expect(try await header("https://a.example/o/n") == "Authorization: Basic c2VjcmV0\n")
    #expect(try await header("https://b.example/o/n").isEmpty)
  }
}
