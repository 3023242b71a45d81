import Foundation
import TestPrograms
import TestWorld
import Testing

/// Ten rows of a repository with real tests, as `scripts/kills` makes them, and what became of them in a journal.
private struct Shop {
  let program: Program
  private let kills = project.path + "/scripts/kills"

  init() async throws {
    program = try Program()
    try program.write(
      """
      import importlib.machinery, importlib.util, json, pathlib, sys
      loader = importlib.machinery.SourceFileLoader("kills", sys.argv[1])
      kills = importlib.util.module_from_spec(importlib.util.spec_from_loader("kills", loader))
      loader.exec_module(kills)
      if sys.argv[2] == "make":
          kills.make(pathlib.Path.cwd())
          lines = pathlib.Path("batch.ramp").read_text().splitlines()
          for name, ids in ("first", range(5)), ("second", range(5, 10)):
              words = " ".join(f"o__shop-{number}" for number in ids)
              pathlib.Path(name + ".ramp").write_text("\\n".join(lines).replace("--all", words) + "\\n")
      else:
          for key, value in sorted(kills.stages(pathlib.Path(sys.argv[2])).items()):
              print(json.dumps([key, value]))
      """, to: "shop.py")
    let made = try await program.shell("python3 shop.py '\(kills)' make")
    try #require(made.status == 0, "\(made.err)")
  }

  func batch(_ journal: String, _ script: String = "batch.ramp") async throws -> Program.Ended {
    try await program("--json", "--journal", journal, script)
  }

  /// Every finished stage: its take, what it came to, and when.
  func stages(_ journal: String) async throws -> Set<String> {
    let said = try await program.shell("python3 shop.py '\(kills)' '\(journal)'")
    try #require(said.status == 0, "\(said.err)")
    return Set(said.out.split(separator: "\n").map(String.init))
  }

  /// What an undisturbed batch comes to.
  func calm() async throws -> [String: String] {
    let ended = try await batch("calm.sqlite")
    try #require(ended.status == 0, "\(ended.err)")
    let outcome = Shop.outcome(ended)
    try #require(outcome.count == 10 && outcome.values.contains { $0.hasPrefix("true") })
    return outcome
  }

  /// What each instance came to, without times.
  static func outcome(_ ended: Program.Ended) -> [String: String] {
    Dictionary(
      records(ended).map { record in
        let fields = ["verified", "attempts", "stop_reason", "patch"].map { name -> String in
          if name == "verified" { return (record[name] as? Bool ?? false) ? "true" : "false" }
          return "\(record[name] ?? "")"
        }
        return (record["instance_id"] as? String ?? "", fields.joined(separator: " "))
      }, uniquingKeysWith: { "\($0) twice \($1)" })
  }

  static func records(_ ended: Program.Ended) -> [NSDictionary] { ended.objects.filter { $0["instance_id"] != nil } }

  /// The instances that this process ran itself.
  static func ran(_ ended: Program.Ended) -> [String] {
    records(ended).filter { ($0["kept"] as? Bool) == false }.compactMap { $0["instance_id"] as? String }.sorted()
  }
}

@Suite(.enabled(if: TestWorld.hasSandbox, "bubblewrap cannot make a sandbox here")) struct `a journal of two processes`
{
  @Test func `that run one batch has each instance run by one of them`() async throws {
    let shop = try await Shop()
    let calm = try await shop.calm()
    async let first = shop.batch("j.sqlite")
    async let second = shop.batch("j.sqlite")
    let both = try await [first, second]
    for ended in both {
      #expect(ended.status == 0, "\(ended.err)")
      #expect(Shop.outcome(ended) == calm)
    }
    #expect(both.flatMap(Shop.ran).sorted() == calm.keys.sorted())
    #expect(try await shop.stages("j.sqlite").count == shop.stages("calm.sqlite").count)
  }

  @Test func `that run two batches has both as if each were alone`() async throws {
    let shop = try await Shop()
    let calm = try await shop.calm()
    async let first = shop.batch("j.sqlite", "first.ramp")
    async let second = shop.batch("j.sqlite", "second.ramp")
    let both = try await [first, second]
    for ended in both {
      #expect(ended.status == 0, "\(ended.err)")
      #expect(ended.err.isEmpty)
    }
    #expect(Shop.outcome(both[0]).merging(Shop.outcome(both[1])) { "\($0) twice \($1)" } == calm)
    #expect(try await shop.stages("j.sqlite").count == shop.stages("calm.sqlite").count)
  }

  @Test func `of which one is killed is finished by the other, and nothing that was finished is done twice`()
    async throws
  {
    let shop = try await Shop()
    let calm = try await shop.calm()
    let program = shop.program
    let killed = try Child(
      Program.path, ["--json", "--journal", "j.sqlite", "batch.ramp"], environment: program.environment,
      folder: program.folder)
    _ = await killed.line()
    async let other = shop.batch("j.sqlite")
    kill(killed.process, SIGKILL)
    _ = await killed.ended()
    let before = try await shop.stages("j.sqlite")
    let ended = try await other
    #expect(ended.status == 0, "\(ended.err)")
    #expect(Shop.outcome(ended) == calm)
    #expect(try await shop.stages("j.sqlite").isSuperset(of: before))
  }

  @Test func `says whom it waits for, and goes on when the other has ended`() async throws {
    let shop = try await Shop()
    let calm = try await shop.calm()
    // All that can be claimed, by one that does nothing with it: struct flock of 64-bit Linux, and F_OFD_SETLK.
    let holder = try Child(
      "python3",
      [
        "-c",
        "import fcntl, os, struct, sys; f = os.open('j.sqlite-batches', os.O_RDWR | os.O_CREAT, 0o600); "
          + "fcntl.fcntl(f, 37, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0)); print('held', flush=True); sys.stdin.read()",
      ], environment: shop.program.environment, folder: shop.program.folder)
    #expect(await holder.line() == "held")
    let waiting = try Child(
      "/bin/sh", ["-c", "exec '\(Program.path)' --json --journal j.sqlite batch.ramp 2>&1"],
      environment: shop.program.environment, folder: shop.program.folder)
    #expect(
      await waiting.output(until: "waiting for").contains("another ramp with this journal is at work on the rest"))
    holder.closeInput()
    let out = String(decoding: await waiting.output(), as: UTF8.self)
    #expect(await waiting.ended() == 0)
    #expect(Shop.outcome(Program.Ended(status: 0, out: out, err: "")) == calm)
  }
}

@Suite(
  .enabled(if: TestWorld.hasSandbox, "bubblewrap cannot make a sandbox here"),
  .enabled("only root may mount a small disk", { await SmallDisk.canMake() })) struct `a disk that is full`
{
  @Test func `ends a batch with its place and what to do, and nothing that was finished is lost`() async throws {
    let shop = try await Shop()
    let calm = try await shop.calm()
    let disk = try await SmallDisk(shop.program, kilobytes: 600)
    let journal = "\(disk.path)/j.sqlite"
    let full = try await shop.batch(journal)
    #expect(full.status == 1)
    #expect(
      full.err.hasSuffix(
        "no room left on the disk for the journal \(journal)\n  free some room; what was written before is kept\n"),
      "\(full.err)")
    // Some came to their end, and some did not.
    #expect(Shop.records(full).count < 10)
    let before = try await shop.stages(journal)
    #expect(!before.isEmpty)
    try await disk.grow()
    let ended = try await shop.batch(journal)
    #expect(ended.status == 0, "\(ended.err)")
    #expect(Shop.outcome(ended) == calm)
    #expect(try await shop.stages(journal).isSuperset(of: before))
    #expect(Set(Shop.ran(ended)).isDisjoint(with: Shop.ran(full)))
    try await disk.remove()
  }

  @Test func `of temporary files ends a batch with its place, and no instance is called broken for it`() async throws {
    let shop = try await Shop()
    let calm = try await shop.calm()
    let disk = try await SmallDisk(shop.program, kilobytes: 64)
    let batch = "--json --journal j.sqlite batch.ramp"
    let full = try await shop.program.shell(
      "cat /dev/zero >'\(disk.path)/filler' 2>/dev/null; TMPDIR='\(disk.path)' $RAMP \(batch)")
    #expect(full.status == 1)
    #expect(full.err.contains("no room is left on the disk of \(disk.path)\n  `df -h "), "\(full.err)")
    #expect(Shop.records(full).isEmpty)
    let ended = try await shop.program.shell("rm '\(disk.path)/filler'; $RAMP \(batch)")
    #expect(Shop.outcome(ended) == calm)
    try await disk.remove()
  }

  @Test func `takes no file away that an export would have replaced`() async throws {
    let program = try Program()
    let disk = try await SmallDisk(program, kilobytes: 16)
    let file = "\(disk.path)/p.jsonl"
    let run = "model use gold; run \(flask) --through patch"
    #expect(try await program("-c", "\(run); export predictions \(file)").status == 0)
    let before = try String(contentsOfFile: file, encoding: .utf8)
    _ = try await program.shell("cat /dev/zero >'\(disk.path)/filler' 2>/dev/null")
    let full = try await program("-c", "\(run); export predictions \(file)")
    #expect(full.status == 1)
    #expect(
      full.err.contains("\(file) cannot be written: no room is left on its disk\n  free some room"), "\(full.err)")
    #expect(try String(contentsOfFile: file, encoding: .utf8) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).sorted() == ["filler", "p.jsonl"])
    try await disk.remove()
  }
}

/// A disk of its own in memory, which only root may make.
private struct SmallDisk {
  let path: String
  private let program: Program

  static func canMake() async -> Bool {
    guard getuid() == 0, let program = try? Program() else { return false }
    guard let disk = try? await SmallDisk(program, kilobytes: 16) else { return false }
    return (try? await disk.remove()) != nil
  }

  init(_ program: Program, kilobytes: Int) async throws {
    self.program = program
    path = "\(program.folder)/disk"
    let made = try await program.shell(
      "mkdir -p '\(path)' && mount -t tmpfs -o size=\(kilobytes)k tmpfs '\(path)'")
    try #require(made.status == 0, "\(made.err)")
  }

  func grow() async throws {
    let done = try await program.shell("mount -o remount,size=64m '\(path)'")
    try #require(done.status == 0, "\(done.err)")
  }

  func remove() async throws {
    let done = try await program.shell("umount '\(path)'")
    try #require(done.status == 0, "\(done.err)")
  }
}
