import Formats
import Foundation

/// What the environment variable `READER` names: onnx, model or safetensors.
private let reader = ProcessInfo.processInfo.environment["READER"] ?? "onnx"

/// The one file that is read, in memory where the system has such a folder.
private let path: String = {
  let shared = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
  let folder = "\(shared)/sculpt-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
  try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  let names = ["onnx": "model.onnx", "model": "model.json", "safetensors": "weights.safetensors"]
  return "\(folder)/\(names[reader] ?? "model.onnx")"
}()

/// Reads `count` bytes as a file; whatever they are, this returns.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard let file = fopen(path, "w") else { return 0 }
  fwrite(data, 1, count, file)
  fclose(file)
  if reader == "safetensors" {
    _ = try? SafeTensors.read(at: path)
    return 0
  }
  // Weights are read where they stand in the file: ConstantOfShape may rightly fill more memory than
  // ten times the file.
  guard let structure = try? ModelFile.readStructure(at: path) else { return 0 }
  if structure.model.graph.parameterCount * 4 <= 10 * count { _ = try? structure.readingWeights() }
  return 0
}
