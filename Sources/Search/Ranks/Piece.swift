internal import Foundation
internal import Ranks
internal import Threads

/// A piece of a workbench's work that any rank can do: the same on each of them.
protocol Piece: Codable, Sendable {
  /// What comes back.
  associatedtype Outcome: Codable, Sendable

  /// Does it; nil if `cancellation` was asked for.
  func outcome(on workbench: Workbench, _ cancellation: Cancellation?) throws -> Outcome?
}

/// Every kind of piece, which is sent as its place here.
private let kinds: [any Piece.Type] = [
  LookPiece.self, RecognitionPiece.self, ErrorsPiece.self, ChoicePiece.self, MethodPiece.self,
]

extension Workbench {
  /// Has pieces of work done, by all ranks that are free.
  ///
  /// - Parameter tell: called with the outcomes in the order of the pieces.
  /// - Returns: an outcome for each piece, in their order; nil if `cancellation` was asked for.
  func outcomes<P: Piece>(
    of pieces: [P], _ cancellation: Cancellation? = nil,
    tell: (P.Outcome) throws -> Void = { _ in }
  ) throws -> [P.Outcome]? {
    try outcomes(of: pieces, own: { try $0.outcome(on: self, cancellation) }, tell: tell)
  }

  /// The same, where it is to be seen how a piece is done on this rank.
  ///
  /// - Parameter own: does a piece here; nil if it was cancelled.
  func outcomes<P: Piece>(
    of pieces: [P], own: (P) throws -> P.Outcome?, tell: (P.Outcome) throws -> Void
  ) throws -> [P.Outcome]? {
    try ranks.results(
      of: pieces.count,
      message: { index in
        guard let kind = kinds.firstIndex(where: { $0 == P.self }) else {
          preconditionFailure("\(P.self) is no kind of piece")
        }
        return Data([UInt8(kind)]) + (try Parcel(pieces[index]).bytes)
      },
      reading: { try Parcel<P.Outcome>($0).content },
      own: { try own(pieces[$0]) }, tell: tell)
  }

  /// Does what the leading rank deals out, until it ends the job.
  package func follow() {
    ranks.follow { message in
      guard let kind = message.first.map({ Int($0) }), kinds.indices.contains(kind) else {
        throw SearchError("a message of another version of this program")
      }
      return try reply(kinds[kind], to: Data(message.dropFirst()))
    }
  }

  private func reply<P: Piece>(_ kind: P.Type, to bytes: Data) throws -> Data {
    guard let outcome = try Parcel<P>(bytes).content.outcome(on: self, nil) else {
      preconditionFailure("nobody cancels it")
    }
    return try Parcel(outcome).bytes
  }
}

/// A value as bytes, numbers exactly as they are.
private struct Parcel<Content: Codable>: Codable {
  let content: Content

  init(_ content: Content) { self.content = content }

  init(_ bytes: Data) throws { self = try PropertyListDecoder().decode(Self.self, from: bytes) }

  var bytes: Data {
    get throws {
      let encoder = PropertyListEncoder()
      encoder.outputFormat = .binary
      return try encoder.encode(self)
    }
  }
}
