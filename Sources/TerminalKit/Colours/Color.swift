/// A colour as a view names it, resolved by a `Theme` when the frame is shown.
public enum Color: Hashable, Sendable {
  /// The theme's text or background: for the built-in theme, the terminal's own.
  case terminalDefault
  /// The theme's colour for a purpose.
  case palette(Role)
  /// A step of the theme's heat ramp, 0 (cold) to 255 (hot).
  case heatStep(UInt8)
  /// One of the terminal's own 16 colours; above 15 the terminal's 256.
  case ansi(UInt8)
  /// A fixed colour.
  case rgb(RGB)

  /// The theme's heat ramp at a fraction from 0 to 1; anything else is clamped, NaN is cold.
  public static func heat(_ fraction: Double) -> Color {
    .heatStep(fraction.isNaN ? 0 : UInt8((min(max(fraction, 0), 1) * 255).rounded()))
  }

  /// The colour of the n-th line of a plot, 0 first; after four they repeat.
  public static func series(_ index: Int) -> Color {
    let roles: [Role] = [.series1, .series2, .series3, .series4]
    return .palette(roles[((index % 4) + 4) % 4])
  }
}
