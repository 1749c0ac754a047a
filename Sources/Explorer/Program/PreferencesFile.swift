internal import Formats
internal import Foundation

/// Where preferences are kept: `$XDG_CONFIG_HOME/sculpt/settings.json`.
struct PreferencesFile: Sendable {
  /// The file; it need not exist.
  let path: String

  init(environment: [String: String]) {
    path = UserFolder.configuration.path(in: environment) + "/sculpt/settings.json"
  }

  /// The preferences; as on the first day if none were kept.
  ///
  /// Throws one line if the file is there and cannot be read; it is not to be written then.
  func read() throws(FormatError) -> Preferences {
    guard FileBytes.exists(path) else { return Preferences() }
    let bytes = try FileBytes.read(path, limit: 1 << 16)
    do {
      return try JSONDecoder().decode(Preferences.self, from: Data(bytes))
    } catch {
      throw FormatError(path, "is not JSON", remedy: "mend or remove it; nothing is kept meanwhile")
    }
  }

  /// Keeps preferences, whole or not at all.
  func write(_ preferences: Preferences) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let json = try encoder.encode(preferences)
    try FileManager.default.createDirectory(
      at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try AtomicFile.write(data: Array(json) + [0x0A], to: path)
  }
}
