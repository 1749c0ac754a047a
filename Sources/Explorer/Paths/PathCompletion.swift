/// The files and folders of a folder that may be meant, to go on with a path that is being typed.
package struct PathCompletion: Hashable, Sendable {
  /// What a path is to be of.
  package enum Kind: Hashable, Sendable {
    /// A model's file.
    case model
    /// A data set.
    case images

    /// Whether a file of that name may be meant.
    fileprivate func isMeant(_ name: String) -> Bool {
      switch self {
      case .model: [".json", ".onnx"].contains(where: name.hasSuffix)
      case .images: [".npz", ".bin"].contains(where: name.hasSuffix) || name.contains("images")
      }
    }
  }

  /// The folder, as it was typed: it ends with a slash, or is empty for the present one.
  package let folder: String
  /// What is in it, by name; names of folders end with a slash.
  package let names: [String]

  /// The names in a folder that may be meant, or be of folders on the way there; the others are left out.
  package init(folder: String, names: [String], of kind: Kind = .model) {
    self.folder = folder
    self.names = names.filter { $0.hasSuffix("/") || kind.isMeant($0) }.sorted()
  }

  /// The folder that a path being typed is in: up to the last slash.
  package static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// The paths that begin with what was typed; hidden ones only after a dot.
  package func candidates(for path: String) -> [String] {
    guard Self.folder(of: path) == folder else { return [] }
    let typed = path.dropFirst(folder.count)
    return names.filter { $0.hasPrefix(typed) && ($0.first != "." || typed.first == ".") }
      .map { folder + $0 }
  }

  /// What was typed, and as much more as all that begin with it have in common.
  package func completed(_ path: String) -> String {
    let candidates = candidates(for: path)
    guard let first = candidates.first else { return path }
    return candidates.dropFirst().reduce(first) { common, other in
      String(zip(common, other).prefix { $0 == $1 }.map(\.0))
    }
  }
}
