internal import CPseudoTerminal

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A program that this process has started; killed when nobody refers to it any more.
public final class ChildProcess {
  /// A program, what it is told, and where it runs.
  public struct Launch: Hashable, Sendable {
    /// The path of the program.
    public var program: String
    /// Its arguments, without its name.
    public var arguments: [String]
    /// All of its environment.
    public var environment: [String: String]
    /// The working directory.
    public var folder: String

    /// A program with its arguments.
    public init(
      _ program: String, _ arguments: [String] = [], environment: [String: String],
      folder: String = "."
    ) {
      self.program = program
      self.arguments = arguments
      self.environment = environment
      self.folder = folder
    }
  }

  /// Its number.
  public let identifier: Int32
  private var code: Int32?

  /// Starts it on a terminal, the name of one, or with empty input.
  ///
  /// - Parameters:
  ///   - output: the descriptor of its standard output; nil for the terminal.
  ///   - errors: likewise of its standard error.
  init(
    _ launch: Launch, terminal: String? = nil, output: Int32? = nil, errors: Int32? = nil
  ) throws(TerminalFailure) {
    var arguments = ([launch.program] + launch.arguments).map { strdup($0) }
    var environment = launch.environment.map { strdup("\($0.key)=\($0.value)") }
    defer { for text in arguments + environment { free(text) } }
    arguments.append(nil)
    environment.append(nil)
    var process = pid_t()
    let error = cp_spawn(
      &process, launch.program, arguments, environment, launch.folder, terminal, output ?? -1,
      errors ?? -1)
    guard error == 0 else {
      throw TerminalFailure(
        "\(launch.program) cannot be started: \(String(cString: strerror(error)))")
    }
    identifier = process
  }

  deinit {
    guard code == nil else { return }
    send(SIGKILL)
    wait()
  }

  /// Sends it a signal.
  public func send(_ signal: Int32) {
    if code == nil { kill(identifier, signal) }
  }

  /// Waits for its end.
  /// - Returns: its exit code, or 128 and the number of the signal that ended it, as shells have it.
  @discardableResult
  public func wait() -> Int32 {
    if let code { return code }
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    let result = signal == 0 ? status >> 8 & 0xFF : 128 + signal
    code = result
    return result
  }
}
