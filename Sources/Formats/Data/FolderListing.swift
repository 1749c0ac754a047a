import Foundation

/// The entries of a folder, in an order that depends on neither language nor file system.
enum FolderListing {
  /// The names in a folder but for hidden ones, in the order of their code points.
  /// - Throws: `FormatError` if it cannot be read.
  static func names(in path: String) throws(FormatError) -> [String] {
    do {
      return sorted(
        try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") })
    } catch {
      throw FormatError(path, "cannot be read", remedy: "check the path and its permissions")
    }
  }

  /// Names in the order of their code points, as Python sorts them; Swift's own order takes composed and
  /// decomposed letters for the same.
  static func sorted(_ names: [String]) -> [String] {
    names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// Whether a folder, or one within it, holds a file of a certain name; ends with the first one found.
  static func holdsFile(_ path: String, named isWanted: (String) -> Bool) -> Bool {
    var seen: Set<String> = []
    var folders = [path]
    while let folder = folders.popLast() {
      guard seen.insert(URL(filePath: folder).resolvingSymlinksInPath().path()).inserted,
        let stream = opendir(folder)
      else { continue }
      defer { closedir(stream) }
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name.hasPrefix(".") { continue }
        let path = "\(folder)/\(name)"
        if isWanted(name), !isFolder(path) { return true }
        if !isWanted(name), isFolder(path) { folders.append(path) }
      }
    }
    return false
  }

  /// All files in a folder and those within it, folder by folder; links are followed, each folder once.
  static func walk(_ path: String, _ body: (String) -> Void) throws(FormatError) {
    var seen: Set<String> = []
    var folders = [path]
    while let folder = folders.popLast() {
      guard seen.insert(URL(filePath: folder).resolvingSymlinksInPath().path()).inserted else {
        continue
      }
      var inner: [String] = []
      for name in try names(in: folder) {
        let entry = "\(folder)/\(name)"
        if isFolder(entry) {
          inner.append(entry)
        } else {
          body(entry)
        }
      }
      folders += inner.reversed()
    }
  }
}
