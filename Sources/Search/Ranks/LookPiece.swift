internal import Engine
internal import Foundation
internal import Patterns
internal import Pruning
internal import Ranks
internal import Threads

/// A strategy, and the images that are to say something of it, part by part.
struct LookPiece: Piece {
  var strategy: Strategy
  var parts: [Range<Int>]
  /// What an earlier look came to: the statistics are not measured again then.
  var corrections: [Int: Calibration.Correction]?

  /// What the parts say.
  struct Outcome: Codable, Sendable {
    var looks: [Look]
    /// See `CompiledStrategy.corrections`; nil if whoever asked knew them.
    var corrections: [Int: Calibration.Correction]?
  }

  func outcome(on workbench: Workbench, _ cancellation: Cancellation?) throws -> Outcome? {
    let compiled = try workbench.compiled(strategy, knowing: corrections)
    return try workbench.look(at: compiled.program, on: parts, cancellation: cancellation).map {
      Outcome(looks: $0, corrections: corrections == nil ? compiled.corrections : nil)
    }
  }

  /// Cuts lie so many images from the beginning of a part, or a multiple of it: as many go through the network at a
  /// time, and activations are known again by their images.
  private static let grain = 16

  /// The piece in up to `count` pieces of about as many images, and for each of their parts which of this piece's it
  /// belongs to.
  func shares(_ count: Int) -> [(piece: LookPiece, parts: [Int])] {
    let images = parts.reduce(0) { $0 + $1.count }
    var first = 0
    let starts = parts.map { part in
      defer { first += part.count }
      return first
    }
    let cuts = (0...max(count, 1)).map { share in
      let cut = images * share / max(count, 1)
      guard share < count, let start = starts.last(where: { $0 <= cut }) else { return cut }
      return start + (cut - start) / Self.grain * Self.grain
    }
    return zip(cuts, cuts.dropFirst()).compactMap { lower, upper in
      var share: (piece: LookPiece, parts: [Int]) = (
        LookPiece(strategy: strategy, parts: [], corrections: corrections), []
      )
      for (index, part) in parts.enumerated() {
        let images = (lower..<upper).clamped(to: starts[index]..<starts[index] + part.count)
        guard !images.isEmpty else { continue }
        let offset = part.lowerBound - starts[index]
        share.piece.parts.append(images.lowerBound + offset..<images.upperBound + offset)
        share.parts.append(index)
      }
      return share.parts.isEmpty ? nil : share
    }
  }

  /// In how many shares pieces of so many images are done soonest.
  ///
  /// - Parameter overhead: what it costs to begin a share, in images.
  static func shares(ofPieces pieces: Int, images: Int, overhead: Int, ranks: Int) -> Int {
    guard pieces > 0, ranks > 1 else { return 1 }
    // All ranks do as many shares one after the other as the busiest.
    func time(_ shares: Int) -> Int {
      let rounds = (pieces * shares + ranks - 1) / ranks
      return rounds * (overhead + (images + shares - 1) / shares)
    }
    return (1...max(1, 2 * ranks / pieces)).min { time($0) < time($1) } ?? 1
  }
}

extension Workbench {
  /// Looks at several strategies, each on its parts of the images: dealt out over the ranks, those that are fewer than
  /// the ranks in shares of their images.
  ///
  /// - Returns: what each part says, strategy by strategy; nil if `cancellation` was asked for.
  func looks(
    at wanted: [LookPiece], _ cancellation: Cancellation? = nil
  ) throws -> [LookPiece.Outcome]? {
    let images = wanted.map { $0.parts.reduce(0) { $0 + $1.count } }.max() ?? 0
    let overhead = wanted.allSatisfy { $0.corrections != nil } ? 0 : overhead
    let count = LookPiece.shares(
      ofPieces: wanted.count, images: images, overhead: overhead, ranks: ranks.free)
    let shares = wanted.map { $0.shares(count) }
    let found = try outcomes(of: shares.joined().map(\.piece), cancellation)
    guard var rest = found?[...] else { return nil }
    return zip(wanted, shares).map { piece, shares in
      var looks = [[Look]](repeating: [], count: piece.parts.count)
      var corrections = piece.corrections
      for share in shares {
        let outcome = rest.removeFirst()
        for (part, look) in zip(share.parts, outcome.looks) { looks[part].append(look) }
        corrections = corrections ?? outcome.corrections
      }
      return LookPiece.Outcome(looks: looks.map { Look($0) }, corrections: corrections)
    }
  }
}

extension Look: Codable {
  /// Sixteen bytes an image.
  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    correct = try container.decode(Int.self)
    divergences = try container.decode(Data.self).numbers()
    errors = try container.decode(Data.self).numbers()
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(correct)
    try container.encode(Data(of: divergences))
    try container.encode(Data(of: errors))
  }
}
