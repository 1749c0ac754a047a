/// Which colour each role has.
public struct Theme: Hashable, Sendable {
  /// The user's name for it.
  public let name: String
  private let colors: [Role: ResolvedColor]
  private let ramp: [ResolvedColor]

  /// Makes a theme; a role without a colour is the terminal's own, a ramp needs at least one.
  public init(name: String, colors: [Role: ResolvedColor], heat ramp: [ResolvedColor]) {
    self.name = name
    self.colors = colors
    self.ramp = ramp
  }

  /// The terminal's own 16 colours, so that the program looks like everything else there.
  public static let `default` = Theme(
    name: "default",
    colors: [
      .muted: .ansi(8), .accent: .ansi(6), .border: .ansi(8), .good: .ansi(2), .warning: .ansi(3),
      .bad: .ansi(1), .series1: .ansi(4), .series2: .ansi(3), .series3: .ansi(2),
      .series4: .ansi(5),
    ],
    heat: [8, 4, 6, 2, 3, 1].map(ResolvedColor.ansi))

  /// The colour of a role.
  public func color(for role: Role) -> ResolvedColor { colors[role] ?? .terminal }

  /// The colour that a view named, with the role that stands for "default" there.
  package func color(_ color: Color, default role: Role) -> ResolvedColor {
    switch color {
    case .terminalDefault: self.color(for: role)
    case .palette(let role): self.color(for: role)
    case .ansi(let index): .ansi(index)
    case .rgb(let color): .rgb(color)
    case .heatStep(let step): heat(step)
    }
  }

  /// The ramp at a step: mixed between RGB stops, the nearest stop among the terminal's own.
  private func heat(_ step: UInt8) -> ResolvedColor {
    guard let last = ramp.indices.last else { return .terminal }
    let position = Double(step) / 255 * Double(last)
    let lower = min(Int(position), max(0, last - 1))
    let upper = min(lower + 1, last)
    if case .rgb(let from) = ramp[lower], case .rgb(let to) = ramp[upper] {
      return .rgb(from.mixed(with: to, position - Double(lower)))
    }
    return ramp[Int(position.rounded())]
  }
}
