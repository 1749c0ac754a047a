extension Theme {
  /// Reads a theme from a base16 scheme in YAML.
  ///
  /// Throws `ThemeError`, one line that says what is wrong where.
  public static func load(yaml: String, name: String) throws(ThemeError) -> Theme {
    Theme(scheme: try Base16Scheme(yaml: yaml, name: name), name: name)
  }

  /// Gives each role the scheme's colour for it, moved where text would be hard to read.
  package init(scheme: Base16Scheme, name: String) {
    let base = scheme.colors
    let (background, text) = (base[0x0], base[0x5])
    func legible(_ index: Int, _ ratio: Double) -> ResolvedColor {
      .rgb(base[index].legible(on: background, towards: text, ratio: ratio))
    }
    self.init(
      name: name,
      colors: [
        .text: .rgb(text), .background: .rgb(background),
        .selection: .rgb(base[0x2].legible(on: text, towards: background, ratio: 4.5)),
        .muted: legible(0x3, 4.5), .border: legible(0x3, 1.8), .title: legible(0x6, 4.5),
        .accent: legible(0xD, 4.5), .good: legible(0xB, 4.5), .warning: legible(0xA, 4.5),
        .bad: legible(0x8, 4.5), .series1: legible(0xD, 3), .series2: legible(0x9, 3),
        .series3: legible(0xB, 3), .series4: legible(0xE, 3),
      ],
      heat: [0x2, 0xD, 0xA, 0x6].map { .rgb(base[$0]) })
  }
}
