import TerminalKit
import Testing

struct ThemeTests {
  /// The folder of themes in this checkout.
  static let catalog = ThemeCatalog(
    directories: [
      #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/Themes"
    ])
  static let shipped = [
    "colour-blind", "dark", "gruvbox", "high-contrast", "light", "nord", "solarized",
  ]

  static func scheme(_ indent: String = "", replacing key: String? = nil, by line: String = "")
    -> String
  {
    Base16Scheme.keys.map {
      $0 == key ? line : "\(indent)\($0): \"1020\($0.dropFirst(5))\($0.dropFirst(5))\""
    }
    .joined(separator: "\n")
  }

  @Test func shippedThemesAreFound() {
    #expect(Self.catalog.names == ["default"] + Self.shipped)
  }

  @Test(arguments: shipped, ColorDepth.allCases)
  func shippedThemesAreLegible(name: String, depth: ColorDepth) throws {
    let theme = try Self.catalog.theme(named: name)
    for role in Role.allCases where ![.background, .selection].contains(role) {
      let style = theme.resolve(Style(role), depth: depth)
      #expect(style.foreground != style.background || style.foreground == .terminal)
      guard depth == .truecolor, case .rgb(let text) = style.foreground,
        case .rgb(let behind) = style.background
      else { continue }
      let isDrawn = [.series1, .series2, .series3, .series4].contains(role)
      let least = role == .border ? 1.8 : isDrawn ? 3 : 4.5
      #expect(text.contrast(with: behind) >= least, "\(name) \(role)")
      let selected = theme.resolve(Style(role).on(.palette(.selection)), depth: depth)
      if case .rgb(let text) = selected.foreground, case .rgb(let behind) = selected.background {
        #expect(text.contrast(with: behind) >= 4.5, "\(name) \(role) on the selection")
      }
    }
    guard case .rgb(let text) = theme.color(for: .text),
      case .rgb(let selection) = theme.color(for: .selection)
    else { return }
    #expect(text.contrast(with: selection) >= 4.5, "\(name) selection")
  }

  @Test func bothLayoutsAreRead() throws {
    let flat = try Theme.load(yaml: Self.scheme(), name: "t")
    let nested = try Theme.load(yaml: "name: x\npalette:\n" + Self.scheme("  "), name: "t")
    #expect(flat == nested)
    #expect(flat.color(for: .background) == .rgb(RGB(0x10, 0x20, 0x00)))
    let digits = Self.scheme(replacing: "base00", by: "base00: 001122")
    #expect(try Theme.load(yaml: digits, name: "t").color(for: .background) == .rgb(RGB(0, 17, 34)))
  }

  @Test(arguments: [
    "", "[", "a: b: c", "- 1\n- 2", "palette: 3", "base00: \"#12345\"", "\u{0}", "{{{{", "&a [*a]",
    "base00: [1]", "\t", "!!binary x", "%YAML 9.9\n---", String(repeating: "[", count: 60_000),
    String(repeating: "a", count: 70_000), "a: &a [*a, *a]", "? [x]\n: y",
  ])
  func badYAMLIsOneLine(yaml: String) {
    #expect {
      try Theme.load(yaml: yaml, name: "mine")
    } throws: { error in
      let text = "\(error)"
      return error is ThemeError && !text.contains("\n") && text.contains("mine")
        && text.count < 200
    }
  }

  @Test func errorsSayWhatIsWrongWhere() {
    let bad = Self.scheme(replacing: "base0A", by: "base0A: \"red\"")
    #expect(throws: ThemeError.badColor(theme: "mine", key: "base0A", value: "red")) {
      try Theme.load(yaml: bad, name: "mine")
    }
    #expect(throws: ThemeError.missing(theme: "mine", key: "base0F")) {
      try Theme.load(yaml: Self.scheme(replacing: "base0F"), name: "mine")
    }
    #expect(throws: ThemeError.unknown(name: "../etc/passwd", known: ["default"])) {
      try ThemeCatalog(directories: []).theme(named: "../etc/passwd")
    }
  }

  @Test func withoutColorsRolesAreToldByAttributes() {
    let selected = Theme.default.resolve(.selected, depth: .mono)
    #expect(selected.attributes == .reverse)
    #expect(Theme.default.resolve(.selected, depth: .indexed256).attributes == .reverse)
    let accent = Theme.default.resolve(
      Style.accent.on(.palette(.selection)), depth: .indexed256)
    #expect(accent.foreground == .terminal && accent.attributes == [.reverse, .bold])
    #expect(Theme.default.resolve(Style(.bad), depth: .mono).attributes == [.bold, .underline])
    #expect(Theme.default.resolve(.muted, depth: .ansi8).foreground == .terminal)
    #expect(Theme.default.resolve(.muted, depth: .ansi8).attributes == .dim)
  }

  @Test(arguments: ["default"] + shipped)
  func theRampIsClamped(name: String) throws {
    let theme = try Self.catalog.theme(named: name)
    func shown(_ fraction: Double) -> ResolvedColor {
      theme.resolve(Style(.heat(fraction)), depth: .truecolor).foreground
    }
    #expect(shown(-.infinity) == shown(0))
    #expect(shown(.nan) == shown(0))
    #expect(shown(7) == shown(1))
    #expect(shown(0) != shown(1))
  }

  @Test func placesToLookForThemes() {
    let catalog = ThemeCatalog(
      application: "app", executable: "/opt/app/bin/app", environment: ["HOME": "/home/u"])
    #expect(
      catalog.directories == [
        "/home/u/.config/app/Themes", "/opt/app/share/app/Themes", "/opt/app/bin/Themes",
        "/opt/app/Themes", "/opt/Themes",
      ])
  }
}
