import CZip

/// numpy's NPZ: a ZIP archive of NPY arrays, stored or deflated.
enum NPZFile {
  /// Names under which images and labels are looked for, the first found counts.
  private static let imageNames = ["images", "x", "x_val", "x_test", "data", "arr_0"]
  private static let labelNames = ["labels", "y", "y_val", "y_test", "targets", "arr_1"]

  /// Reads the images and labels of an archive.
  static func read(_ path: String) throws(FormatError) -> LabelledImages {
    guard FileBytes.exists(path) else {
      throw FormatError(path, "is not there", remedy: "check the path")
    }
    var code: Int32 = 0
    guard let archive = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code) else {
      throw FormatError(
        path, "is no intact ZIP archive", remedy: "write it again with numpy.savez")
    }
    defer { zip_discard(archive) }
    let entries = try self.entries(archive, path)
    let images = try array(imageNames, entries, archive, path)
    let labels = try array(labelNames, entries, archive, path)
    return try LabelledImages(
      images: images.array, imageFile: images.file, labels: labels.array, labelFile: labels.file)
  }

  /// An array in the archive, sizes in bytes.
  private struct Entry {
    var index: UInt64
    var size: Int
    var compressedSize: Int

    /// Whether it would grow as no images do: more than a hundredfold, beyond 64 MiB.
    var isBomb: Bool { size > 1 << 26 && size / 100 > compressedSize }
  }

  /// The arrays by their names without `.npy`.
  private static func entries(
    _ archive: OpaquePointer, _ path: String
  ) throws(FormatError) -> [String: Entry] {
    var entries: [String: Entry] = [:]
    for index in 0..<max(0, zip_get_num_entries(archive, 0)) {
      var status = zip_stat_t()
      guard zip_stat_index(archive, UInt64(index), 0, &status) == 0, let name = status.name else {
        throw FormatError(path, "is damaged", remedy: "write it again with numpy.savez")
      }
      let text = String(cString: name)
      let key = text.hasSuffix(".npy") ? String(text.dropLast(4)) : text
      entries[key] = Entry(
        index: UInt64(index), size: Int(clamping: status.size),
        compressedSize: Int(clamping: status.comp_size))
    }
    return entries
  }

  private static func array(
    _ names: [String], _ entries: [String: Entry], _ archive: OpaquePointer, _ path: String
  ) throws(FormatError) -> (array: NPYArray, file: String) {
    guard let name = names.first(where: { entries[$0] != nil }), let entry = entries[name] else {
      let found = entries.keys.sorted().joined(separator: ", ")
      throw FormatError(
        path, "holds none of the arrays \(names.joined(separator: ", ")) but \(found.quoted)",
        remedy: "save it with numpy.savez(file, images=…, labels=…)")
    }
    let file = "\(path)/\(name)"
    guard entry.size <= 4 * Dataset.maximumCount else {
      throw FormatError(file, "is too large to be read", remedy: "save fewer images")
    }
    guard !entry.isBomb else {
      throw FormatError(
        file, "would grow from \(entry.compressedSize) to \(entry.size) bytes, as no images do",
        remedy: "check where the file comes from")
    }
    guard let stream = zip_fopen_index(archive, entry.index, 0) else {
      throw FormatError(
        file, "cannot be decompressed", remedy: "save it with numpy.savez or savez_compressed")
    }
    defer { zip_fclose(stream) }
    var filled = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: entry.size) { buffer, count in
      while filled < entry.size, let start = buffer.baseAddress {
        let done = zip_fread(stream, start + filled, UInt64(entry.size - filled))
        if done <= 0 { break }
        filled += Int(done)
      }
      count = filled
    }
    guard filled == entry.size else {
      throw FormatError(file, "is damaged", remedy: "write it again with numpy.savez")
    }
    return (try NPYArray(bytes[...], file: file), file)
  }
}
