// Reads whatever libFuzzer makes up with the reader that READER names: onnx, model or safetensors.
import CLibFuzzer
import Formats
import Foundation

/// The one file that is read, in memory where the system has a folder for that.
struct Candidate {
  let reader: String
  let path: String

  init(_ reader: String) throws {
    let names = [
      "onnx": "model.onnx", "model": "model.json", "safetensors": "weights.safetensors",
    ]
    guard let name = names[reader] else { throw CocoaError(.fileNoSuchFile) }
    let memory = "/dev/shm"
    let parent = FileManager.default.fileExists(atPath: memory) ? memory : NSTemporaryDirectory()
    let folder = "\(parent)/sculpt-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    self.reader = reader
    path = "\(folder)/\(name)"
  }

  /// Reads some bytes as a file; whatever they are, this returns.
  func read(_ bytes: UnsafeRawBufferPointer) {
    guard let file = fopen(path, "w") else { return }
    fwrite(bytes.baseAddress, 1, bytes.count, file)
    fclose(file)
    if reader == "safetensors" {
      _ = try? SafeTensors.read(at: path)
      return
    }
    guard let structure = try? ModelFile.readStructure(at: path) else { return }
    // ConstantOfShape may rightly fill more memory than ten times the file.
    if structure.model.graph.parameterCount * 4 <= 10 * bytes.count {
      _ = try? structure.readingWeights()
    }
  }
}

let candidate = try Candidate(ProcessInfo.processInfo.environment["READER"] ?? "onnx")
var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
let code = LLVMFuzzerRunDriver(&count, &arguments) { data, size in
  candidate.read(UnsafeRawBufferPointer(start: data, count: size))
  return 0
}
exit(code)
