#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Paths as text, with `/` between components.
package enum Path {
  /// The folder that holds `path`: `.` for a bare name.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The part behind the last slash.
  package static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// `path` as seen from `folder`, unless it is absolute.
  package static func resolve(_ path: String, against folder: String) -> String {
    if path.hasPrefix("/") || folder == "." { return path }
    return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
  }

  /// How a file in `folder` should name `path`: relative if it lies inside, otherwise absolute.
  package static func reference(to path: String, from folder: String) -> String {
    let target = absolute(path)
    let base = absolute(folder)
    let prefix = base == "/" ? base : base + "/"
    return target.hasPrefix(prefix) ? String(target.dropFirst(prefix.count)) : target
  }

  /// `path` from the root, without empty and `.` components; `..` stays, as links may be involved.
  private static func absolute(_ path: String) -> String {
    var start = ""
    if !path.hasPrefix("/"), let here = getcwd(nil, 0) {
      start = String(cString: here)
      free(here)
    }
    let components = "\(start)/\(path)".split(separator: "/").filter { $0 != "." }
    return "/" + components.joined(separator: "/")
  }
}
