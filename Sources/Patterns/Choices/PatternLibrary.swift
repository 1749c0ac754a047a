public import Formats
public import Foundation

/// The patterns on offer, in menu order. Libraries are data: a JSON file, to which users add.
///
///     let library = try PatternLibrary(
///       json: Data(
///         #"{"format": "sculpt-patterns", "version": 1, "patterns": [{"family": "taps", "masks": ["272"]}]}"#
///           .utf8))
///     let names = library.patterns.map(\.name)  // 272
public struct PatternLibrary: Sendable, Hashable {
  /// In menu order; the first entries are AutoSculpt's six masks (Jing et al. 2024).
  public let patterns: [Pattern]

  /// A library of the given patterns.
  public init(_ patterns: [Pattern]) {
    self.patterns = patterns
  }

  /// The library that the program ships.
  public static let standard: PatternLibrary = {
    do {
      return try PatternLibrary(json: Data(PackageResources.library_json))
    } catch {
      preconditionFailure("the built-in library is damaged: \(error)")
    }
  }()

  /// Reads a library file of at most a megabyte.
  /// - Throws: `FormatError`, which names the file and the entry at fault.
  public static func read(at path: String) throws(FormatError) -> PatternLibrary {
    let bytes = try FileBytes.read(path, limit: 1 << 20)
    do {
      return try PatternLibrary(json: Data(bytes))
    } catch {
      throw FormatError(
        path, error.description,
        remedy: "write it like {\"format\": \"sculpt-patterns\", \"version\": 1, "
          + "\"patterns\": [{\"family\": \"taps\", \"masks\": [\"272\"]}]}")
    }
  }

  /// Reads the text of a library file.
  /// - Throws: `PatternError`, which names the entry at fault.
  public init(json: Data) throws(PatternError) {
    let file: LibraryFile
    do {
      file = try JSONDecoder().decode(LibraryFile.self, from: json)
    } catch {
      throw PatternError("not a pattern library: \(error.plainDescription)")
    }
    guard file.format == "sculpt-patterns", file.version == 1 else {
      throw PatternError("format \(file.format.quoted) version \(file.version) is not known here")
    }
    guard !file.patterns.isEmpty else { throw PatternError("the library has no patterns") }
    var patterns: [Pattern] = []
    for (index, entry) in file.patterns.enumerated() {
      do {
        patterns.append(try entry.pattern())
      } catch {
        throw PatternError("pattern \(index + 1) of the library: \(error)")
      }
    }
    self.init(patterns)
  }
}

private struct LibraryFile: Decodable {
  var format: String
  var version: Int
  var patterns: [PatternRecord]
}

/// A fault of a pattern, a library or a strategy.
public struct PatternError: Error, Hashable, CustomStringConvertible {
  /// One line for the user.
  public let description: String

  package init(_ description: String) { self.description = description }
}
