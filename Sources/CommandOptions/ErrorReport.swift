public import ArgumentParser
internal import Formats
internal import Foundation

/// How both programs end when something is wrong: one line on standard error, and an exit code.
public enum ErrorReport {
  /// Tells what went wrong, or what help was asked for.
  ///
  /// - Parameters:
  ///   - command: the command that was parsed.
  ///   - program: its name in the message.
  ///   - hint: where help is found.
  /// - Returns: the exit code: 0 if help was asked for, 1 if the work failed, 2 if the command line is
  ///   wrong.
  public static func tell(
    _ error: any Error, of command: any ParsableArguments.Type, program: String, hint: String
  ) -> Int32 {
    let code = command.exitCode(for: error)
    if code == .success {
      print(command.fullMessage(for: error))
      do {
        try StandardOutput.flush()
        return 0
      } catch {
        return tell(error, of: command, program: program, hint: hint)
      }
    }
    let isUsage = code == .validationFailure
    let text = isUsage ? command.message(for: error) : String(describing: error)
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
      .printable
    // A message may end with a question: "Did you mean …?"
    let rest = isUsage ? "\(line.hasSuffix("?") ? "" : ";") see \(hint)" : ""
    FileHandle.standardError.write(Data("\(program): \(line)\(rest)\n".utf8))
    return isUsage ? 2 : 1
  }
}
