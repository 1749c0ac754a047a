internal import Foundation

/// What a rank answers: a result or what went wrong, and the seconds that it took.
struct Reply: Sendable {
  /// Whether it went wrong.
  let isFailure: Bool
  /// The seconds that it took.
  let seconds: Double
  private let content: Data

  init(_ result: Result<Data, any Error>, seconds: Double) {
    switch result {
    case .success(let data): (isFailure, content) = (false, data)
    case .failure(let error): (isFailure, content) = (true, Data("\(error)".utf8))
    }
    self.seconds = seconds
  }

  /// From the bytes of a message.
  init(_ bytes: Data) {
    isFailure = bytes.first != 0
    seconds = Double(
      bitPattern: bytes.dropFirst().prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) })
    content = Data(bytes.dropFirst(9))
  }

  /// As a message.
  var bytes: Data {
    Data([isFailure ? 1 : 0])
      + (0..<8).map { UInt8(truncatingIfNeeded: seconds.bitPattern >> (8 * $0)) }
      + content
  }

  /// The result.
  /// - Throws: what went wrong on a rank.
  func get(from rank: Int) throws(RanksError) -> Data {
    if isFailure { throw RanksError("rank \(rank): \(String(decoding: content, as: UTF8.self))") }
    return content
  }
}
