import Foundation
import Processes
import Repositories
import Testing

@Suite struct `a hostile repository` {
  @Test func `runs nothing and changes no byte`() async throws {
    try await TemporaryFolder.use { folder async throws in
      // A work tree whose hooks, filters, text conversions, monitor and aliases all leave a trace, and a home that asks
      // for the same.
      try await shell(
        """
        mkdir -p home o/repo && cd o/repo && git init -q -b main
        cat > .gitattributes <<'END'
        * filter=bad diff=bad ident text eol=crlf
        END
        printf 'line $Id$\\n' > a.py
        git add -A && git -c user.name=A -c user.email=a@example.org commit -qm first
        for hook in post-checkout reference-transaction pre-auto-gc post-index-change fsmonitor-watchman; do
          printf '#!/bin/sh\\ntouch %s/trace-%s\\n' "\(folder)" $hook > .git/hooks/$hook; chmod +x .git/hooks/$hook
        done
        for key in filter.bad.smudge filter.bad.clean diff.bad.textconv diff.external core.fsmonitor core.pager \\
          core.alternateRefsCommand uploadpack.packObjectsHook core.sshCommand credential.helper core.askPass; do
          git config $key "touch \(folder)/trace-$key; cat"
          HOME=\(folder)/home git config --global $key "touch \(folder)/trace-$key; cat"
        done
        git config filter.bad.required true
        """, in: folder)
      let hostile = Git(
        environment: ProcessInfo.processInfo.environment.merging(["HOME": "\(folder)/home", "GIT_DIR": "/x"]) { $1 })
      let mirrors = Mirrors(cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: hostile)
      let mirror = try await mirrors.mirror(of: "o/repo")
      let head = try await hostile.run(["rev-parse", "main"], repository: mirror.path)
      let tree = try await mirror.tree(at: text(head).trimmingCharacters(in: .whitespacesAndNewlines))
      #expect(try await tree.read(["a.py"]) == ["a.py": bytes("line $Id$\n")])
      let copies = Mirrors(
        cache: "\(folder)/cache", source: RepositorySource(pattern: "file://\(folder)/{owner}/{name}"), git: hostile)
      #expect(try await copies.mirror(of: "o/repo").tree(at: tree.commit).entries.count == 2)
      let traces = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("trace-") }
      #expect(traces == [])
    }
  }

  @Test func `has its odd paths and submodules left out and counted`() async throws {
    try await TemporaryFolder.use { folder async throws in
      try await shell(
        """
        mkdir -p o/repo && cd o/repo && git init -q -b main
        echo a > a.py; ln -s /etc/passwd link; echo b > b.sh; chmod +x b.sh
        printf x > "$(printf 'bad\\377name')"; printf x > "$(printf 'new\\nline')"
        git add -A
        git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,sub
        git -c user.name=A -c user.email=a@example.org commit -qm first
        """, in: folder)
      let mirrors = Mirrors(cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: git)
      let mirror = try await mirrors.mirror(of: "o/repo")
      let head = text(try await git.run(["rev-parse", "main"], repository: mirror.path))
      let tree = try await mirror.tree(at: head.trimmingCharacters(in: .whitespacesAndNewlines))
      #expect(tree.entries.map(\.path) == ["a.py", "b.sh", "link"])
      #expect(tree.entries.map(\.mode) == [0o100644, 0o100755, 0o120000])
      #expect(tree.oddPaths == 2)
      #expect(try await tree.read(["link"]) == ["link": bytes("/etc/passwd")])
    }
  }
}

@Suite struct `a made repository` {
  @Test func `has the same ids everywhere`() async throws {
    let ids = try await withRepository { $1 }
    #expect(ids == ["11b80e4e096d3dd2575c5a01c7150d5d17a79319", "82fcb4be0016e22dde0b707ecc220f7c7a6152f4"])
  }

  @Test func `may be made where it is already`() async throws {
    try await withRepository { folder, ids async throws in
      #expect(try await FastImport(git: git).make(commits, at: "\(folder)/o/repo.git") == ids)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/o") == ["repo.git"])
    }
  }

  @Test(arguments: ["../a", ".git/config", "a//b", "/a", "a\nb"])
  func `takes no file outside of it`(path: String) async throws {
    let bad = FastImport.Commit(message: "", author: "A <a@b>", date: 0, files: [path: []])
    try await TemporaryFolder.use { folder async throws in
      await #expect(throws: PatchError.unsafePath(path)) {
        try await FastImport(git: git).make([bad], at: "\(folder)/x.git")
      }
    }
  }
}

@Suite struct `a temporary folder` {
  @Test func `is gone whatever was made in it`() async throws {
    let path = try await TemporaryFolder.use { folder async throws in
      try await shell(
        """
        printf x > "$(printf 'bad\\377name')"; mkdir -p a/b c; touch a/b/f c/g; ln -s / out; mkfifo pipe
        for i in $(seq 300); do touch "c/$i"; done; chmod 000 a/b c; chmod 500 a
        """, in: folder)
      return folder
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `is gone however deep the folders in it lie`() async throws {
    // Deeper than a path can tell, and than a program may have files open.
    let nest = """
      import os
      for side in ("a", "b"):
        os.mkdir(side); os.chdir(side)
        for i in range(1100):
          open("file", "w").close(); os.mkdir("folder"); os.chdir("folder")
        for i in range(1101): os.chdir("..")
      """
    let path = try await TemporaryFolder.use { folder async throws in
      try await shell("python3 -c '\(nest)'", in: folder)
      return folder
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `says where something is left`() async throws {
    #expect(TemporaryFolder.remove("/proc/self/fdinfo") == false)
    #expect(TemporaryFolder.remove("/no/such/folder"))
  }

  @Test func `of a ramp that was killed is removed by the next, and no other`() async throws {
    let gone = try await Launcher.run(Command("sh", ["-c", "echo $$"]))
    let dead = text(gone.output).trimmingCharacters(in: .whitespacesAndNewlines)
    try await TemporaryFolder.use { folder async throws in
      let names = [
        "ramp-\(dead)-used", "ramp-\(dead)-left", "ramp-\(getppid())-alive", "ramp-tests-\(dead)", "other-\(dead)-x",
      ]
      for name in names { try FileTree.makeFolder("\(name)/x", under: folder) }
      // One that is in use where process ids mean something else.
      let lock = open("\(folder)/\(names[0])", O_RDONLY)
      flock(lock, LOCK_SH)
      defer { close(lock) }
      try await TemporaryFolder.use(in: folder) { _ async throws in }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(Set(left) == Set(names).subtracting(["ramp-\(dead)-left"]))
    }
  }
}
