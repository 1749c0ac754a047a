/// The folders of a data set of photographs, one for each class.
struct ClassFolders {
  /// The folders' names with their classes, in the order of the names.
  let folders: [(name: String, label: Int)]
  /// How the classes were found, for the user.
  let rule: String

  /// Folders that programs leave behind.
  private static let litter: Set<String> = [
    "__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information", "lost+found",
  ]
  /// Parts of a data set, which hold folders for classes themselves.
  private static let parts: Set<String> = [
    "train", "training", "val", "valid", "validation", "test", "testing",
  ]

  /// Finds the classes of the folders in a folder.
  ///
  /// A folder without pictures is none, unless the model has just as many classes as there are folders.
  /// - Parameters:
  ///   - count: the number of the model's classes.
  ///   - classes: what the model calls them; may be empty.
  /// - Throws: `FormatError` if the folders cannot be classes.
  init(
    in path: String, _ order: ClassOrder, count: Int, classes: [String]
  ) throws(FormatError) {
    var all: [String] = []
    var names: [String] = []
    for name in try FolderListing.names(in: path)
    where !Self.litter.contains(name) && FolderListing.isFolder("\(path)/\(name)") {
      all.append(name)
      if FolderListing.holdsFile("\(path)/\(name)", named: ImageFolder.isPicture) {
        names.append(name)
      }
    }
    guard !names.isEmpty else {
      throw FormatError(
        path, "holds no folder with pictures", remedy: "name a folder with one for each class")
    }
    guard !names.allSatisfy({ Self.parts.contains($0.lowercased()) }) else {
      throw FormatError(
        path, "holds parts of a data set, \(names.joined(separator: ", ").quoted), not classes",
        remedy: "name one of them")
    }
    let numbers = names.compactMap { name in Int(name).flatMap { $0 >= 0 ? $0 : nil } }
    let areNumbers = numbers.count == names.count
    let known = Dictionary(
      classes.enumerated().map { (Array($1.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    let named = names.compactMap { known[Array($0.utf8)] }
    switch order {
    case .numbers:
      guard areNumbers else {
        throw FormatError(
          path, "has folders that are no numbers", remedy: "leave --class-order numbers out")
      }
      self.init(names, numbers, "by number")
    case .usual where named.count == names.count && Set(named).count == named.count:
      self.init(names, named, "by the model's names")
    case .usual where areNumbers && names.count < count && Set(numbers).count == numbers.count:
      self.init(names, numbers, "by number")
    default:
      let counted = names.count != count && all.count == count ? all : names
      self.init(counted, Array(counted.indices), "in the order of their names")
    }
    if let place = folders.first(where: { $0.label >= count }) {
      throw FormatError(
        path,
        "folder \(place.name.quoted) would be class \(place.label), the model has \(count)",
        remedy: "take away what is no class, or choose by --class-order names or numbers")
    }
  }

  private init(_ names: [String], _ labels: [Int], _ rule: String) {
    folders = zip(names, labels).map { ($0, $1) }
    self.rule = rule
  }

  /// A few of the classes, for the user.
  var summary: String {
    let first = folders.prefix(4).map { "\($0.label) \($0.name.quoted)" }.joined(separator: ", ")
    return "\(folders.count) class folders \(rule) (\(first)"
      + "\(folders.count > 4 ? ", …" : "")); --class-order"
  }
}
