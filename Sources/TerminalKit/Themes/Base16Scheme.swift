internal import Yams

/// The sixteen colours of a base16 scheme (github.com/tinted-theming/home, styling.md).
package struct Base16Scheme: Hashable, Sendable {
  /// base00 to base0F.
  package let colors: [RGB]

  package static let keys = "0123456789ABCDEF".map { "base0\($0)" }
  private static let sizeLimit = 1 << 16

  /// Reads a scheme in the flat layout or the newer one with `palette:`.
  package init(yaml: String, name: String) throws(ThemeError) {
    guard yaml.utf8.count <= Self.sizeLimit else {
      throw .tooLarge(theme: name, bytes: yaml.utf8.count)
    }
    let root = try Self.parse(yaml, name: name)
    let palette = root.mapping?["palette"]?.mapping ?? root.mapping ?? [:]
    var colors: [RGB] = []
    for key in Self.keys {
      guard let node = palette[Node(key)] ?? palette[Node(key.lowercased())] else {
        throw .missing(theme: name, key: key)
      }
      let value = node.scalar?.string ?? "a list or a map"
      guard let color = RGB(hex: value) else {
        let shown = TextCluster.clusters(of: value).prefix(20).map(\.text).joined()
        throw .badColor(theme: name, key: key, value: shown)
      }
      colors.append(color)
    }
    self.colors = colors
  }

  private static func parse(_ yaml: String, name: String) throws(ThemeError) -> Node {
    do {
      return try Yams.compose(yaml: yaml) ?? Node("")
    } catch let error as YamlError {
      let (line, problem) = place(of: error)
      throw .syntax(theme: name, line: line, problem: problem)
    } catch {
      throw .syntax(theme: name, line: 1, problem: "not YAML")
    }
  }

  private static func place(of error: YamlError) -> (line: Int, problem: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (mark.line, String(problem.split(whereSeparator: \.isNewline).first ?? "not YAML"))
    default: (1, "not YAML")
    }
  }
}
