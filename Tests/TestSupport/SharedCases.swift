internal import Foundation

/// Small networks after the faults that users of such tools report, beside the project's folder.
public enum SharedCases {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared/cases/onnx")

  /// The names of the networks; none if they are not there: users do not have them.
  public static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? [])
    .filter { $0.hasSuffix(".onnx") }.map { String($0.dropLast(".onnx".count)) }.sorted()

  /// The path of one of them.
  public static func path(_ name: String) -> String {
    folder.appending(path: "\(name).onnx").path()
  }
}
