extension GlyphSet {
  /// The cluster as this set can draw it, in the same number of columns.
  ///
  /// In ASCII a character that looks or means nearly the same stands in, else `?`.
  package func drawable(_ cluster: TextCluster) -> [TextCluster] {
    guard self == .ascii, !cluster.text.utf8.allSatisfy({ $0 < 0x80 }) else { return [cluster] }
    let base = cluster.text.unicodeScalars.first ?? " "
    var result = [TextCluster(text: String(GlyphSet.standIn(for: base)), width: 1)]
    if cluster.width == 2 { result.append(TextCluster(text: " ", width: 1)) }
    return result
  }

  private static func standIn(for scalar: Unicode.Scalar) -> Character {
    switch scalar {
    case "─", "━", "═", "╌", "−", "–", "—", "‐", "‑", "‒": "-"
    case "│", "┃", "║", "╎", "┆", "┊": "|"
    case "·", "•", "∙", "˙": "."
    case "…": "."
    case "●", "◉", "⬤", "★", "✱": "*"
    case "○", "◌", "◯", "°", "⌀": "o"
    case "◆", "◇", "♦", "■", "□", "▪", "█", "▓": "#"
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
    case "⏸": "="
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
