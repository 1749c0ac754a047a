public import Formats
internal import Foundation
public import Tensors

/// A checkpoint's file is a line, `sculpt-checkpoint VERSION DIGEST`, and a binary property list whose
/// SHA-256 the digest is: what is cut off or damaged is found before it is decoded.
extension Checkpoint {
  /// The format that the file names.
  static let format = "sculpt-checkpoint"
  /// The version of the format; the first one was of trainings between two epochs.
  static let version = 2
  /// The largest file that is read, in bytes.
  static let maximumSize = 1 << 33

  /// Writes the checkpoint as a whole or not at all, over an older one.
  /// - Throws: `FormatError` if the file cannot be written.
  public func write(to path: String) throws(FormatError) {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    guard let data = try? encoder.encode(self) else {
      throw FormatError(path, "the checkpoint cannot be encoded", remedy: "start the training anew")
    }
    let content = [UInt8](data)
    let digest = try Self.digest(of: content, file: path)
    let line = "\(Self.format) \(Self.version) \(digest)\n"
    try AtomicFile.write(data: Array(line.utf8) + content, to: path)
  }

  /// Reads a checkpoint, and checks that it belongs to `recipe` and to a network with these parameters
  /// and running statistics, whose values do not matter.
  /// - Throws: `FormatError` if it is damaged, foreign, or belongs to another training.
  public static func read(
    at path: String, of recipe: Recipe, fitting parameters: Parameters,
    statistics: [String: Tensor<Float>]
  ) throws(FormatError) -> Checkpoint {
    let bytes = try FileBytes.read(path, limit: maximumSize)
    let content = try content(of: bytes, file: path)
    let checkpoint: Checkpoint
    do {
      checkpoint = try PropertyListDecoder().decode(Checkpoint.self, from: Data(content))
    } catch {
      throw damaged(path)
    }
    if let difference = recipe.difference(fromJSON: checkpoint.recipe) {
      throw FormatError(
        path, "belongs to another recipe: \(difference)",
        remedy: "go on with that recipe, or start the training anew")
    }
    guard checkpoint.hasLayout(of: parameters, statistics) else {
      throw FormatError(
        path, "its weights do not fit \(recipe.modelPath)", remedy: "start the training anew")
    }
    guard checkpoint.isPlausible(for: recipe) else { throw damaged(path) }
    return checkpoint
  }

  /// The rest behind the first line, if that is right.
  private static func content(
    of bytes: [UInt8], file: String
  ) throws(FormatError) -> ArraySlice<UInt8> {
    let end = bytes.prefix(200).firstIndex(of: UInt8(ascii: "\n"))
    let words = String(decoding: bytes[..<(end ?? 0)], as: UTF8.self).split(separator: " ")
    guard let end, words.count == 3, words[0] == format, let number = Int(words[1]) else {
      // The beginning of a checkpoint's line is a checkpoint that was cut off.
      if !bytes.isEmpty, Array("\(format) \(version) ".utf8).starts(with: bytes.prefix(20)) {
        throw damaged(file)
      }
      throw FormatError(
        file, "is no checkpoint of Sculpt", remedy: "name a file that training wrote")
    }
    guard (1...version).contains(number) else {
      throw FormatError(
        file, "is a checkpoint of version \(number), this program reads version \(version)",
        remedy: number > version ? "update the program" : "start the training anew")
    }
    let content = bytes[(end + 1)...]
    guard try digest(of: Array(content), file: file) == words[2] else { throw damaged(file) }
    return content
  }

  private static func digest(of bytes: [UInt8], file: String) throws(FormatError) -> String {
    guard let digest = SHA256.hexDigest(of: [bytes]) else {
      throw FormatError(
        file, "SHA-256 could not be computed", remedy: "check the installation of OpenSSL")
    }
    return digest
  }

  private static func damaged(_ path: String) -> FormatError {
    FormatError(
      path, "is damaged or cut off", remedy: "take an older copy or start the training anew")
  }
}

extension Checkpoint {
  fileprivate func hasLayout(
    of parameters: Parameters, _ statistics: [String: Tensor<Float>]
  ) -> Bool {
    let shapes = statistics.mapValues(\.shape)
    func fits(_ own: Parameters, _ statistics: [String: Tensor<Float>]) -> Bool {
      own.hasSameLayout(as: parameters) && statistics.mapValues(\.shape) == shapes
    }
    return fits(self.parameters, self.statistics) && optimizer.fits(parameters)
      && average.map { fits($0.parameters, $0.statistics) } ?? true
      && best.map { fits($0.parameters, $0.statistics) } ?? true
  }

  /// Whether a training by `recipe` can have come to this.
  fileprivate func isPlausible(for recipe: Recipe) -> Bool {
    let hasRightOptimizer =
      switch (optimizer, recipe.optimizer) {
      case (.sgd, .sgd), (.adam, .adamW): true
      default: false
      }
    return hasRightOptimizer && (0...recipe.epochs).contains(epochsDone)
      && history.count == epochsDone && average?.decay == recipe.averageDecay
      && average.map { (0..<Int.max / 2).contains($0.updateCount) } ?? true
      && underWay.map { $0.batches > 0 && epochsDone < recipe.epochs } ?? true
      && parameters.isFinite && best?.parameters.isFinite ?? true
  }
}
