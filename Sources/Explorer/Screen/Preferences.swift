/// The settings of the screen that are kept from one run of the program to the next.
package struct Preferences: Hashable, Sendable, Codable {
  /// The name of the theme.
  package var theme = "default"
  /// Whether the mouse is reported.
  package var usesMouse = true
  /// The pane that has the keyboard.
  package var focus = Pane.layers
  /// Whether that pane fills the screen.
  package var isZoomed = false
  /// The weight of the past in the curves, 0 (none) to 1.
  package var smoothing = 0.0
  /// Whether the curves' values are spread by their logarithm.
  package var isLogarithmic = false
  /// Whether the search is drawn once a second at most.
  package var reducesMotion = false
  /// The hints that have done their work.
  package var learned: [Hint] = []

  /// As on the first day.
  package init() {}

  /// Reads preferences; one that is missing, or that this version does not understand, is as on the first day.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys, _ usual: Value) -> Value {
      (try? values.decodeIfPresent(Value.self, forKey: key)) ?? usual
    }
    theme = read(.theme, theme)
    usesMouse = read(.usesMouse, usesMouse)
    focus = read(.focus, focus)
    isZoomed = read(.isZoomed, isZoomed)
    let smoothing = read(.smoothing, smoothing)
    self.smoothing = Self.smoothings.contains(smoothing) ? smoothing : 0
    isLogarithmic = read(.isLogarithmic, isLogarithmic)
    reducesMotion = read(.reducesMotion, reducesMotion)
    learned = read(.learned, [String]()).compactMap(Hint.init)
  }

  /// How curves are drawn, if not as they are, as in `smooth 0.6 log`: what was chosen in another week is not to
  /// be taken for the search's own.
  var drawing: String {
    [
      smoothing > 0 ? "smooth \(Numbers.decimal(smoothing, places: 1))" : nil,
      isLogarithmic ? "log" : nil,
    ].compactMap { $0 }.joined(separator: " ")
  }

  /// The smoothings that one key goes through.
  private static let smoothings = [0, 0.6, 0.9]

  /// Goes to the next smoothing, round and round.
  mutating func smoothMore() {
    let place = Self.smoothings.firstIndex(of: smoothing) ?? 0
    smoothing = Self.smoothings[(place + 1) % Self.smoothings.count]
  }
}
