/// Which characters plots, bars and lines are made of.
public enum GlyphSet: String, Hashable, Sendable, CaseIterable {
  /// Braille dots for plots: 2 x 4 points a cell.
  case braille
  /// Quarter blocks for plots: 2 x 2 points a cell. For fonts without braille.
  case blocks
  /// Nothing but ASCII.
  case ascii

  /// Braille where the locale's encoding is UTF-8, else ASCII.
  ///
  /// The first of `LC_ALL`, `LC_CTYPE` and `LANG` that is not empty decides, as in POSIX.
  public static func detect(environment: [String: String]) -> GlyphSet {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"]
    let locale = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C"
    let encoding = locale.lowercased().filter { $0 != "-" }
    return encoding.contains("utf8") ? .braille : .ascii
  }

  /// The characters of lines and corners.
  public var box: BoxGlyphs { self == .ascii ? .ascii : .light }
}
