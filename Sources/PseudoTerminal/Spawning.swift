#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Starting programs with a session of their own, which Foundation's processes cannot have.
enum Spawning {
  #if canImport(Glibc)
    private typealias Attributes = posix_spawnattr_t
    private typealias Actions = posix_spawn_file_actions_t
    private static func attributes() -> Attributes { Attributes() }
    private static func actions() -> Actions { Actions() }
    /// `POSIX_SPAWN_SETSID`, which glibc's headers hide from Swift.
    private static let ownSession: Int32 = 0x80
  #else
    private typealias Attributes = posix_spawnattr_t?
    private typealias Actions = posix_spawn_file_actions_t?
    private static func attributes() -> Attributes { nil }
    private static func actions() -> Actions { nil }
    private static let ownSession = Int32(POSIX_SPAWN_SETSID)
  #endif

  /// Starts a program in a folder, all signals as by default.
  ///
  /// - Parameters:
  ///   - arguments: the program's name first.
  ///   - terminal: the name of the terminal whose session it leads; nil for empty input.
  ///   - output: the descriptor of its standard output; nil for the terminal.
  ///   - errors: likewise of its standard error.
  /// - Throws: `TerminalFailure` if there is no such program or folder.
  static func start(
    _ program: String, arguments: [String], environment: [String: String], in folder: String,
    terminal: String?, output: Int32?, errors: Int32?
  ) throws(TerminalFailure) -> pid_t {
    guard access(program, X_OK) == 0, access(folder, X_OK) == 0 else {
      throw TerminalFailure("\(program) cannot be started in \(folder)")
    }
    // A shell goes to the folder: not every system's headers let Swift ask posix_spawn for it.
    let command = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder, program]
    var arguments = (command + arguments.dropFirst()).map { strdup($0) }
    var environment = environment.map { strdup("\($0.key)=\($0.value)") }
    defer { for text in arguments + environment { free(text) } }
    arguments.append(nil)
    environment.append(nil)
    var (attributes, actions) = (attributes(), actions())
    posix_spawnattr_init(&attributes)
    posix_spawn_file_actions_init(&actions)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    var (all, none) = (sigset_t(), sigset_t())
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    let flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
    posix_spawnattr_setflags(&attributes, Int16(flags | (terminal == nil ? 0 : ownSession)))
    // The first terminal that the leader of a session opens controls the session.
    posix_spawn_file_actions_addopen(
      &actions, 0, terminal ?? "/dev/null", terminal == nil ? O_RDONLY : O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, output ?? 0, 1)
    posix_spawn_file_actions_adddup2(&actions, errors ?? 0, 2)
    var process = pid_t()
    let error = posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, environment)
    guard error == 0 else {
      throw TerminalFailure("\(program) cannot be started: \(String(cString: strerror(error)))")
    }
    return process
  }
}
