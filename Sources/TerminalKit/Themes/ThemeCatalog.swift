#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The themes there are: the built-in one and the `.yaml` files of some folders.
public struct ThemeCatalog: Sendable {
  /// Where themes are looked for; an earlier folder wins.
  public let directories: [String]

  /// Makes a catalog of those folders; they need not exist.
  public init(directories: [String]) {
    self.directories = directories
  }

  /// Makes a catalog of the places where an application's themes may be.
  ///
  /// The user's own (`$XDG_CONFIG_HOME/APPLICATION/Themes`) come before those of `InstalledFolders`.
  public init(application: String, executable: String, environment: [String: String]) {
    var directories: [String] = []
    if let config = environment["XDG_CONFIG_HOME"], !config.isEmpty {
      directories.append("\(config)/\(application)/Themes")
    } else if let home = environment["HOME"], !home.isEmpty {
      directories.append("\(home)/.config/\(application)/Themes")
    }
    directories += InstalledFolders.places(
      of: "Themes", application: application, executable: executable)
    self.init(directories: directories)
  }

  /// The names of all themes, `default` first.
  public var names: [String] {
    var names: Set<String> = []
    for directory in directories {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
      names.formUnion(files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) })
    }
    names.remove(Theme.default.name)
    return [Theme.default.name] + names.sorted()
  }

  /// The theme of that name.
  ///
  /// Throws `ThemeError` when there is none or its file is bad.
  public func theme(named name: String) throws(ThemeError) -> Theme {
    if name == Theme.default.name { return .default }
    guard !name.isEmpty, !name.contains("/") else { throw .unknown(name: name, known: names) }
    for directory in directories {
      let path = "\(directory)/\(name).yaml"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      guard let yaml = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw .unreadable(path: path)
      }
      return try Theme.load(yaml: yaml, name: name)
    }
    throw .unknown(name: name, known: names)
  }
}
