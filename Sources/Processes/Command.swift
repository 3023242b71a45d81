/// One program to run: what it is, what it gets, and how long and how much it may.
package struct Command: Sendable {
  /// The program: an absolute path, or a name that is looked for along the `PATH` of `environment`.
  package var executable: String
  /// Its arguments, without the program's own name.
  package var arguments: [String]
  /// Its whole environment: nothing is inherited. One variable is added, `RAMP_PROCESS`, by which what the program
  /// leaves behind is found.
  package var environment: [String: String]
  /// The folder it starts in; nil means ramp's own.
  package var directory: String?
  /// The bytes of its standard input, which is then closed. Where there are none it reads `/dev/null`.
  package var input: [UInt8]
  /// Wall-clock time after which its whole tree is killed; nil means without end.
  package var timeout: Duration?
  /// How many bytes of standard output, and as many of standard error, are kept. What comes after them is read and
  /// dropped; a program that goes on to `floodFactor` times as many is killed.
  package var outputLimit: Int
  /// True where standard error goes into standard output's pipe, so that the two keep their order.
  package var mergesErrorIntoOutput: Bool
  /// Called with each piece of standard output as it comes, on a thread that must not be held up; nil for no call.
  package var told: (@Sendable ([UInt8]) -> Void)?
  /// What may end the program while it runs; nil where nothing does.
  package var watch: Watch?

  /// How many times `outputLimit` a program may write, in all, before it is killed.
  package static let floodFactor = 16

  /// A command; what is left out is empty, unlimited in time and 16 MiB a stream.
  package init(
    _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:], directory: String? = nil,
    input: [UInt8] = [], timeout: Duration? = nil, outputLimit: Int = 16 << 20, mergesErrorIntoOutput: Bool = false,
    told: (@Sendable ([UInt8]) -> Void)? = nil,
    watch: Watch? = nil
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
    self.input = input
    self.timeout = timeout
    self.outputLimit = outputLimit
    self.mergesErrorIntoOutput = mergesErrorIntoOutput
    self.told = told
    self.watch = watch
  }
}
