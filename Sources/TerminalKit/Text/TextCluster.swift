/// The content of one cell or two: a base character with its marks.
package struct TextCluster: Hashable, Sendable {
  /// The base scalar and at most three marks.
  package var text: String
  /// Columns: 1 or 2.
  package var width: Int
}

extension TextCluster {
  /// Splits text into what terminals can be relied on to show, one cluster after the other.
  ///
  /// Graphemes that terminals disagree about are made plain: of an emoji joined from several only the
  /// first is kept, modifiers and variation selectors are dropped, flags become their two letters, and
  /// control characters become `?`, so that no text can send an escape sequence.
  package static func clusters(of text: String) -> [TextCluster] {
    var clusters: [TextCluster] = []
    clusters.reserveCapacity(text.utf8.count)
    var joins = false
    for scalar in text.unicodeScalars {
      defer { joins = scalar.value == 0x200D }
      if let plain = plain(scalar) {
        clusters.append(plain)
      } else if scalar.columns == 0 {
        append(mark: scalar, to: &clusters)
      } else if !(joins || (0x1F3FB...0x1F3FF).contains(scalar.value)) || clusters.isEmpty {
        clusters.append(TextCluster(text: String(scalar), width: scalar.columns))
      }
    }
    return clusters
  }

  /// ASCII, controls and regional indicators, which need no look at what is around them.
  private static func plain(_ scalar: Unicode.Scalar) -> TextCluster? {
    switch scalar.value {
    case 0x20..<0x7F: return TextCluster(text: String(scalar), width: 1)
    case 0x09: return TextCluster(text: " ", width: 1)
    case ..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: return TextCluster(text: "?", width: 1)
    default:
      guard scalar.isRegionalIndicator else { return nil }
      let letter = Unicode.Scalar(UInt8(scalar.value - 0x1F1E6) + UInt8(ascii: "A"))
      return TextCluster(text: String(letter), width: 1)
    }
  }

  private static func append(mark: Unicode.Scalar, to clusters: inout [TextCluster]) {
    guard let last = clusters.indices.last, mark.properties.generalCategory != .format,
      !mark.properties.isVariationSelector, clusters[last].text.unicodeScalars.count <= 3
    else { return }
    clusters[last].text.unicodeScalars.append(mark)
  }
}
