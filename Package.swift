// swift-tools-version: 6.2
import PackageDescription

// The house, floor by floor (docs/architecture.md). Arrows only go down: `scripts/check-arrows` holds every import
// against this list, and the build refuses an import of a module that is not declared here.

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A target of the house and its tests, `Tests/<name>Tests`, which may import `tests` too. `beside` are files that lie
/// beside the tests and are no sources.
func room(
  _ name: String, _ dependencies: [Target.Dependency] = [], tests: [Target.Dependency] = [], beside: [String] = []
) -> [Target] {
  [
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings),
    .testTarget(
      name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies + tests, exclude: beside,
      swiftSettings: swiftSettings),
  ]
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")

/// Programs that run beside the tests of any target.
let testPrograms = Target.target(
  name: "TestPrograms", dependencies: ["CProcess"], path: "Tests/TestPrograms", swiftSettings: swiftSettings)

// Floor 0: bytes, hashes, processes, C.
let floor0: [Target] =
  [
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .systemLibrary(name: "CLandlock"),
    .systemLibrary(name: "CProcess"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CBuiltin", exclude: ["practice"]),
  ]
  + room("Content", ["CCrypto", "CZlib"])
  + room("Processes", ["CProcess", subprocess])
  + [testPrograms]

// Floor 1: one thing each.
let floor1: [Target] =
  room("Script", ["Content"])
  + room("Terminal", ["CEdit", "Content"])
  + room("Transfer", ["CCurl"], tests: ["TestPrograms"])
  + room("Repositories", ["Content", "Processes"])
  + room("Journal", ["Content", grdb])
  + room("Edits", ["Content"])
  + room("Prompts", ["Content"], tests: ["TestPrograms"])

// Floor 2: rows, models, context.
let floor2: [Target] =
  room("Instances", ["CBuiltin", "Content", "Repositories", "Script", "Transfer"], tests: ["TestPrograms"])
  + room("Models", ["Content", "Transfer"], tests: ["TestPrograms"])
  + room("Context", ["Content"], tests: ["TestPrograms"])

// Floor 3: running tests, reading what they said.
let floor3: [Target] =
  room("Workspaces", ["CLandlock", "Content", "Instances", "Processes", "Repositories"], tests: ["TestPrograms"])
  + room("Grading", ["Instances"])

// What the tests of the floors above carry out attempts in.
let testWorld = Target.target(
  name: "TestWorld", dependencies: ["Content", "Instances", "Processes", "Repositories", "TestPrograms", "Workspaces"],
  path: "Tests/TestWorld", swiftSettings: swiftSettings)

// Floor 4: the chain of stages.
let floor4: [Target] =
  room(
    "Attempts",
    [
      "Content", "Context", "Edits", "Grading", "Instances", "Journal", "Models", "Prompts", "Repositories",
      "Workspaces",
    ], tests: ["TestPrograms"], beside: ["feedback.txt"])

// Floor 5: what is open, and what is counted.
let floor5: [Target] =
  room(
    "Sessions",
    [
      "Attempts", "Content", "Context", "Edits", "Grading", "Instances", "Journal", "Models", "Prompts",
      "Repositories", "Script", "Workspaces",
    ], tests: ["TestWorld"])
  + room(
    "Campaigns", ["Attempts", "Content", "Edits", "Grading", "Instances", "Models", "Prompts"],
    tests: ["Processes", "TestWorld"])

// Floors 6 and 7: the words of the language, and the program.
let floor6: [Target] = room(
  "Commands",
  [
    "Attempts", "Campaigns", "Content", "Context", "Edits", "Grading", "Instances", "Journal", "Models", "Prompts",
    "Script", "Sessions", "Terminal", "Workspaces", argumentParser,
  ], tests: ["TestPrograms", "TestWorld"])
let floor7: [Target] = [
  .executableTarget(
    name: "ramp",
    dependencies: [
      "Attempts", "Campaigns", "Commands", "Content", "Edits", "Instances", "Journal", "Models", "Processes",
      "Repositories",
      "Script", "Sessions", "Terminal", "Transfer", "Workspaces",
    ],
    swiftSettings: swiftSettings),
  .testTarget(
    name: "rampTests", dependencies: ["Content", "Processes", "Script", "TestPrograms", "TestWorld"],
    exclude: ["Screen/expected", "Transcripts"],
    swiftSettings: swiftSettings),
]

// `RAMP_TEST_TARGETS=Edits,Grading` leaves out the tests of every other target, so that they are not built either.
// `scripts/test` sets it when its filter names targets.
let chosen = Context.environment["RAMP_TEST_TARGETS"].map { names in
  Set(names.split(separator: ",").map { "\($0)Tests" })
}
let targets = (floor0 + floor1 + floor2 + floor3 + [testWorld] + floor4 + floor5 + floor6 + floor7)
  .filter { target in target.type != .test || chosen?.contains(target.name) ?? true }

let package = Package(
  name: "ramp",
  products: [.executable(name: "ramp", targets: ["ramp"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: targets
)
