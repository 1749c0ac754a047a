internal import Formats
internal import Foundation
internal import ModelGraph

/// A pattern as JSON files write it: `{"family": "stripe", "density": "2/3"}` or
/// `{"family": "taps", "kernel": [3, 3], "masks": ["272"]}`.
package struct PatternRecord: Codable, Hashable {
  var family: String
  var density: String?
  var kernel: [Int]?
  var masks: [String]?

  package init(_ pattern: Pattern) {
    family = pattern.family
    switch pattern {
    case .dense: break
    case .stripe(let density), .taps(let density), .boxes(let density), .tile(let density),
      .thirds(let density), .nOfM(let density), .filter(let density), .head(let density),
      .neuron(let density):
      self.density = density.description
    case .masks(let masks):
      kernel = masks.first.map { [$0.kernel.height, $0.kernel.width] }
      self.masks = masks.map(\.description)
    }
  }

  package func pattern() throws(PatternError) -> Pattern {
    switch family {
    case "dense": return .dense
    case "stripe": return .stripe(try readDensity())
    case "boxes": return .boxes(try readDensity())
    case "tile": return .tile(try readDensity())
    case "thirds":
      let density = try readDensity()
      guard density.of == 3 else { throw PatternError("thirds have a density of 1/3 or 2/3") }
      return .thirds(density)
    case "n:m": return .nOfM(try readDensity())
    case "filter": return .filter(try readDensity())
    case "head": return .head(try readDensity())
    case "neuron": return .neuron(try readDensity())
    case "taps":
      guard self.masks != nil else { return .taps(try readDensity()) }
      let masks = try readMasks()
      return masks[0].isDense ? .dense : .masks(masks)
    default:
      throw PatternError(
        "family \(family.quoted) is not known; known are \(Pattern.families.joined(separator: ", "))"
      )
    }
  }

  private func readDensity() throws(PatternError) -> Density {
    guard let density = density.flatMap({ Density($0) }) else {
      throw PatternError(
        "family '\(family)' needs a \"density\" such as \"2/3\", not \((density ?? "none").quoted)")
    }
    return density
  }

  private func readMasks() throws(PatternError) -> [TapMask] {
    let extents = kernel ?? [3, 3]
    guard extents.count == 2, extents.allSatisfy({ (1...64).contains($0) }),
      extents[0] * extents[1] <= TapMask.maximumTaps
    else { throw PatternError("kernel \(extents) is not [rows, columns] of at most 64 taps") }
    let kernel = Extent(extents[0], extents[1])
    var masks: [TapMask] = []
    for name in self.masks ?? [] {
      guard let mask = TapMask(name, kernel: kernel) else {
        throw PatternError("\(name.quoted) names no \(kernel) mask; 272 is a 3x3 cross")
      }
      masks.append(mask)
    }
    guard let first = masks.first, masks.allSatisfy({ $0.count == first.count }) else {
      throw PatternError(
        "the masks of one pattern must keep equally many taps, and be at least one")
    }
    return masks
  }
}

extension Pattern: Codable {
  /// Writes the pattern as strategy files do.
  public func encode(to encoder: any Encoder) throws {
    try PatternRecord(self).encode(to: encoder)
  }

  /// Reads what `encode(to:)` wrote.
  public init(from decoder: any Decoder) throws {
    self = try PatternRecord(from: decoder).pattern()
  }
}

extension Error {
  /// The decoding error in one line.
  var plainDescription: String {
    switch self as? DecodingError {
    case .keyNotFound(let key, _): "the key \"\(key.stringValue)\" is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(context.codingPath.map(\.stringValue).joined(separator: ".")) has the wrong type"
    default: "it is not well-formed JSON"
    }
  }
}
