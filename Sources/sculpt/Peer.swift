internal import Foundation

/// Another engine in a process of its own, which times the same network when it is asked to.
final class Peer {
  /// Its name and version.
  let name: String
  private let engine: String
  private let process = Process()
  private let questions = Pipe()
  private let answers = Pipe()

  /// Starts ONNX Runtime on a model.
  /// - Throws: `PeerError` if Python or the package is missing.
  convenience init(onnxRuntimeOn model: String) throws {
    try self.init(
      "ONNX Runtime", script: PackageResources.onnxruntime_peer_py, model: model, python: "python3")
  }

  /// Starts PyTorch on a `model.json`, whose training steps it times.
  /// - Throws: `PeerError` if Python or the package is missing.
  convenience init(pyTorchTraining model: String, python: String) throws {
    try self.init(
      "PyTorch", script: PackageResources.pytorch_peer_py, model: model, python: python)
  }

  private init(_ engine: String, script: [UInt8], model: String, python: String) throws {
    self.engine = engine
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-c", String(decoding: script, as: UTF8.self), model]
    process.standardInput = questions
    process.standardOutput = answers
    try process.run()
    let greeting = try Self.line(from: answers)
    guard greeting.hasPrefix("ready") else {
      throw PeerError(description: "\(engine) did not start on \(model)")
    }
    name = engine + greeting.dropFirst(5)
  }

  /// The seconds of one run over `batch` images, the mean of `repeats`.
  func seconds(threads: Int, batch: Int, repeats: Int) throws -> Double {
    try questions.fileHandleForWriting.write(
      contentsOf: Data("\(threads) \(batch) \(repeats)\n".utf8))
    guard let seconds = Double(try Self.line(from: answers)) else {
      throw PeerError(description: "\(engine) stopped; see its message above")
    }
    return seconds
  }

  private static func line(from pipe: Pipe) throws -> String {
    var line: [UInt8] = []
    while let byte = try pipe.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 {
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }

  deinit {
    try? questions.fileHandleForWriting.close()
    process.terminate()
  }
}

/// The other engine cannot be asked.
struct PeerError: Error, CustomStringConvertible {
  var description: String
}
