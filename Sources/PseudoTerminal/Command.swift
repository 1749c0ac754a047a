#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The exit code of a program without a terminal, and its output.
public struct Outcome: Hashable, Sendable {
  /// The exit code, or 128 and the number of a signal.
  public var code: Int32
  /// Standard output.
  public var output: String
  /// Standard error.
  public var errors: String
}

extension ChildProcess {
  /// Runs a program with empty input to its end.
  /// - Throws: `TerminalFailure` if there is no such program, or it does not end within `limit`.
  public static func run(
    _ launch: Launch, limit: Duration = .seconds(300)
  ) throws(TerminalFailure) -> Outcome {
    var pipes: [[Int32]] = [[-1, -1], [-1, -1]]
    defer { for end in pipes.joined() where end >= 0 { close(end) } }
    guard pipe(&pipes[0]) == 0, pipe(&pipes[1]) == 0 else {
      throw TerminalFailure("no pipe can be had here")
    }
    // Not for children, but for what they are given.
    for end in pipes.joined() { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let process = try ChildProcess(launch, output: pipes[0][1], errors: pipes[1][1])
    for index in 0..<2 {
      close(pipes[index][1])
      pipes[index][1] = -1
    }
    var texts: [[UInt8]] = [[], []]
    let deadline = ContinuousClock.now + limit
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while pipes.contains(where: { $0[0] >= 0 }) {
      let (seconds, _) = (deadline - .now).components
      // A negative descriptor is one that poll passes over.
      var sources = pipes.map { pollfd(fd: $0[0], events: Int16(POLLIN), revents: 0) }
      let ready = poll(&sources, 2, Int32(max(0, seconds + 1)) * 1000)
      guard ready > 0 || ready < 0 && errno == EINTR else {
        let command = ([launch.program] + launch.arguments).joined(separator: " ")
        throw TerminalFailure("\(command) does not end")
      }
      for index in 0..<2 where sources[index].revents != 0 {
        let count = read(pipes[index][0], &bytes, bytes.count)
        if count > 0 {
          texts[index] += bytes[..<count]
        } else if count == 0 || errno != EINTR {
          close(pipes[index][0])
          pipes[index][0] = -1
        }
      }
    }
    return Outcome(
      code: process.wait(), output: String(decoding: texts[0], as: UTF8.self),
      errors: String(decoding: texts[1], as: UTF8.self))
  }
}
