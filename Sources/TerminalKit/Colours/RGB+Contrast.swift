#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension RGB {
  /// The relative luminance of WCAG 2, 0 (black) to 1 (white).
  public var luminance: Double {
    func linear(_ part: UInt8) -> Double {
      let value = Double(part) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// The contrast ratio of WCAG 2, 1 (none) to 21 (black on white).
  public func contrast(with other: RGB) -> Double {
    let (dark, light) = (min(luminance, other.luminance), max(luminance, other.luminance))
    return (light + 0.05) / (dark + 0.05)
  }

  /// The colour moved towards `anchor` until its contrast with `background` reaches `ratio`.
  ///
  /// Schemes made for editors often have comments too faint for a whole pane of small numbers.
  public func legible(on background: RGB, towards anchor: RGB, ratio: Double) -> RGB {
    let steps = stride(from: 0, through: 1, by: 0.1).lazy.map { mixed(with: anchor, $0) }
    return steps.first { $0.contrast(with: background) >= ratio } ?? anchor
  }
}
