extension Frame {
  /// Puts one cluster as the frame's glyph set can draw it, in the same number of columns.
  ///
  /// In ASCII a character that looks or means nearly the same stands in, else `?`.
  mutating func put(_ cluster: TextCluster, at point: Point, style: Style) {
    guard glyphs == .ascii, let base = cluster.text.unicodeScalars.first,
      !cluster.text.utf8.allSatisfy({ $0 < 0x80 })
    else {
      set(cluster, at: point, style: style)
      return
    }
    let standIn = String(GlyphSet.standIn(for: base))
    set(TextCluster(text: standIn, width: 1), at: point, style: style)
    guard cluster.width == 2 else { return }
    let right = Point(x: point.x + 1, y: point.y)
    set(TextCluster(text: " ", width: 1), at: right, style: style)
  }
}

extension GlyphSet {
  /// The ASCII stand-in of a character.
  fileprivate static func standIn(for scalar: Unicode.Scalar) -> Character {
    switch scalar {
    case "─", "━", "═", "╌", "−", "–", "—", "‐", "‑", "‒": "-"
    case "│", "┃", "║", "╎", "┆", "┊": "|"
    case "·", "•", "∙", "˙": "."
    case "…": "."
    case "●", "◉", "⬤", "★", "✱": "*"
    case "○", "◌", "◯", "°", "⌀": "o"
    case "◆", "◇", "♦", "■", "□", "▪", "█", "▓": "#"
    case "±": "~"
    case "▒": "+"
    case "░": ":"
    case "▲", "△", "▴", "↑": "^"
    case "▼", "▽", "▾", "↓": "v"
    case "▶", "▸", "▷", "►", "→", "›", "»", "⏵": ">"
    case "◀", "◂", "◁", "◄", "←", "‹", "«", "⏴": "<"
    case "⊕", "⊞", "✚": "+"
    case "⚑", "⚠", "❗": "!"
    case "×", "✕", "✖", "✗", "✘", "⨯": "x"
    case "✓", "✔": "v"
    case "⏸", "⇄": "="
    case "≈", "∼": "~"
    case "≤": "<"
    case "≥": ">"
    case "Δ", "∆": "d"
    case "µ", "μ": "u"
    case "α": "a"
    case "’", "‘": "'"
    case "“", "”": "\""
    case "\u{A0}", "\u{2002}"..."\u{200A}", "\u{202F}", "\u{3000}", "\u{2800}": " "
    case "\u{2500}"..."\u{257F}": "+"
    case "\u{2580}"..."\u{259F}": "#"
    case "\u{2801}"..."\u{28FF}": "*"
    case "À"..."Å": "A"
    case "È"..."Ë": "E"
    case "Ò"..."Ö": "O"
    case "Ù"..."Ü": "U"
    case "à"..."å": "a"
    case "è"..."ë": "e"
    case "ì"..."ï": "i"
    case "ò"..."ö": "o"
    case "ù"..."ü": "u"
    default: "?"
    }
  }
}
