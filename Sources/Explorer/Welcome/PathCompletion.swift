/// The models and folders of a folder, to go on with a path that is being typed.
package struct PathCompletion: Hashable, Sendable {
  /// The folder, as it was typed: it ends with a slash, or is empty for the present one.
  package let folder: String
  /// What is in it, by name; names of folders end with a slash.
  package let names: [String]

  /// The names in a folder that a model may have or be in; the others are left out.
  package init(folder: String, names: [String]) {
    self.folder = folder
    self.names = names.filter { name in
      ["/", ".json", ".onnx"].contains(where: name.hasSuffix)
    }.sorted()
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
