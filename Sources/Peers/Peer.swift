internal import Foundation

/// Another engine in a process of its own, which answers questions of one line with one line.
public final class Peer {
  /// Its name and version.
  public let name: String
  private let engine: String
  private let process = Process()
  private let questions = Pipe()
  private let answers = Pipe()
  private let complaints = Pipe()

  /// Starts an engine on a model.
  /// - Throws: `PeerError` if Python or the package is missing.
  public convenience init(_ runtime: InferenceRuntime, on model: String) throws {
    try self.init(runtime.rawValue, script: runtime.script, arguments: [model], python: "python3")
  }

  /// Starts an engine to look at single nodes of models that are named later.
  /// - Throws: `PeerError` if Python or the package is missing.
  convenience init(profilingIn runtime: InferenceRuntime) throws {
    try self.init(
      runtime.rawValue, script: runtime.timing + PackageResources.nodes_py, arguments: [],
      python: "python3")
  }

  /// Starts PyTorch on a `model.json`, whose training steps it times.
  /// - Throws: `PeerError` if Python or the package is missing.
  public convenience init(pyTorchTraining model: String, python: String) throws {
    try self.init(
      "PyTorch", script: PackageResources.pytorch_peer_py, arguments: [model], python: python)
  }

  private init(
    _ engine: String, script: [UInt8], arguments: [String], python: String
  ) throws {
    self.engine = engine
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-c", String(decoding: script, as: UTF8.self)] + arguments
    process.standardInput = questions
    process.standardOutput = answers
    process.standardError = complaints
    try process.run()
    let greeting = Self.line(from: answers)
    guard greeting.hasPrefix("ready") else {
      throw PeerError(description: "\(engine) did not start: \(Self.last(of: complaints))")
    }
    name = engine + greeting.dropFirst(5)
  }

  /// The seconds of one run over `batch` images, the mean of `repeats`.
  /// - Throws: `PeerError` if it stopped.
  public func seconds(threads: Int, batch: Int, repeats: Int) throws -> Double {
    let answer = try answer(to: "\(threads) \(batch) \(repeats)")
    guard let seconds = Double(answer) else {
      throw PeerError(description: "\(engine) answers '\(answer.prefix(100))'")
    }
    return seconds
  }

  /// The answer to a question; both are a line.
  /// - Throws: `PeerError` if it stopped.
  func answer(to question: String) throws -> String {
    guard process.isRunning else { throw stopped }
    try questions.fileHandleForWriting.write(contentsOf: Data("\(question)\n".utf8))
    let answer = Self.line(from: answers)
    guard !answer.isEmpty else { throw stopped }
    return answer
  }

  private var stopped: PeerError {
    PeerError(description: "\(engine) stopped: \(Self.last(of: complaints))")
  }

  /// The next line, empty at the end.
  private static func line(from pipe: Pipe) -> String {
    var line: [UInt8] = []
    while let byte = try? pipe.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 {
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// The last line of what was said by the time the process is over.
  private static func last(of pipe: Pipe) -> String {
    let text = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    return lines.last.map(String.init) ?? "it says nothing"
  }

  deinit {
    try? questions.fileHandleForWriting.close()
    process.terminate()
  }
}

/// The other engine cannot be asked: why, in one line.
public struct PeerError: Error, CustomStringConvertible {
  /// One line for the user.
  public let description: String
}
