import Foundation

extension DataSource {
  /// The data at a path, judged by its name and, of a folder, by what is in it.
  ///
  /// - Parameters:
  ///   - fitting: how photographs are fitted, if it is a folder of them.
  ///   - order: which classes its folders are.
  /// - Throws: `FormatError` if no data set is recognised.
  public static func recognised(
    at path: String, fitting: ImageFitting = .standardCrop, order: ClassOrder = .usual
  ) throws(FormatError) -> DataSource {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw FormatError(path, "is not there", remedy: "check the path")
    }
    if isFolder.boolValue { return try inFolder(path, fitting, order) }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    if name.hasSuffix(".npz") { return .archive(path) }
    if name.hasSuffix(".bin") { return .cifar([path]) }
    if let labels = labels(besides: path) {
      return name.hasSuffix(".npy")
        ? .arrays(images: path, labels: labels) : .idx(images: path, labels: labels)
    }
    throw unknown(path)
  }

  private static func inFolder(
    _ path: String, _ fitting: ImageFitting, _ order: ClassOrder
  ) throws(FormatError) -> DataSource {
    let entries = try FolderListing.names(in: path)
    // Folders of pictures are what is meant, whatever lies beside them.
    for name in entries where FolderListing.isFolder("\(path)/\(name)") {
      guard FolderListing.holdsFile("\(path)/\(name)", named: ImageFolder.isPicture) else {
        continue
      }
      return .folder(path, fitting, order)
    }
    let binaries = entries.filter { $0.hasSuffix(".bin") }
    // CIFAR's folder holds train and test: what is to be evaluated is the test.
    if let test = binaries.first(where: { $0.hasPrefix("test") }) {
      return .cifar(["\(path)/\(test)"])
    }
    if !binaries.isEmpty { return .cifar(binaries.map { "\(path)/\($0)" }) }
    let images = entries.filter { $0.contains("images") }
    let preferred = images.first { $0.hasPrefix("t10k") || $0.hasPrefix("test") } ?? images.first
    if let preferred, let labels = labels(besides: "\(path)/\(preferred)") {
      let images = "\(path)/\(preferred)"
      return preferred.hasSuffix(".npy")
        ? .arrays(images: images, labels: labels) : .idx(images: images, labels: labels)
    }
    throw unknown(path)
  }

  /// The file whose name says labels where that of `path` says images.
  private static func labels(besides path: String) -> String? {
    let folder = Path.folder(of: path)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard name.contains("images") else { return nil }
    let label = name.replacingOccurrences(of: "images", with: "labels")
    return [label, label.replacingOccurrences(of: "idx3", with: "idx1")]
      .map { Path.resolve($0, against: folder) }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  private static func unknown(_ path: String) -> FormatError {
    FormatError(
      path, "holds no data set that is recognised",
      remedy:
        "name an .npz, CIFAR .bin files, IDX or NPY files called …images… with …labels… beside "
        + "them, or a folder with a folder of images for each class")
  }
}
