package import TerminalKit

/// The welcome screen, at a size.
package func view(_ welcome: Welcome, size: Size) -> Frame {
  var frame = Frame(size: size, glyphs: welcome.glyphs)
  frame.draw(WelcomeView(welcome: welcome), in: frame.bounds)
  return frame
}

/// The models and runs that can be opened, in the middle of the screen, the keys below.
struct WelcomeView: Widget {
  let welcome: Welcome

  func draw(on frame: inout Frame, in rect: Rect) {
    let (body, footer) = rect.splitBottom(rect.height > 3 ? 2 : 0)
    let lines = welcome.path == nil ? lines : candidateLines
    let content = body.centred(
      Size(width: min(76, body.width), height: min(lines.count, body.height)))
    // The selected line stays in sight.
    let selected = lines.firstIndex(where: \.isSelected) ?? 0
    let offset = ListScroll.offset(
      0, selected: selected, count: lines.count, visible: content.height, margin: 1)
    for (row, line) in lines.dropFirst(offset).prefix(content.height).enumerated() {
      draw(line, on: &frame, in: content.row(row))
    }
    drawFooter(on: &frame, in: footer)
    if let help = welcome.help { frame.draw(HelpView(scroll: help), in: body) }
  }

  /// The paths that can be chosen while one is typed.
  private var candidateLines: [Line] {
    let candidates = welcome.candidates
    let heading = welcome.path?.text.isEmpty == true ? "Latest models, and those here" : "Files"
    guard !candidates.isEmpty else {
      return [Line(text: "no model begins like that", style: .muted)]
    }
    return [Line(text: heading, style: .title)]
      + candidates.enumerated().map { Line(text: $1, isSelected: $0 == welcome.candidate) }
  }

  private struct Line {
    var text = ""
    var note = ""
    var style = Style.plain
    var isSelected = false
  }

  private var lines: [Line] {
    var lines = [
      Line(text: "Sculpt", style: .title),
      Line(text: "prunes trained networks with regular patterns", style: .muted), Line(),
    ]
    func add(_ heading: String, _ entries: [Welcome.Entry], from start: Int) {
      guard !entries.isEmpty else { return }
      lines.append(Line(text: heading, style: .title))
      for (place, entry) in entries.enumerated() {
        lines.append(
          Line(
            text: entry.name, note: entry.note,
            isSelected: welcome.path == nil && start + place == welcome.selected))
      }
      lines.append(Line())
    }
    add("Models", welcome.samples, from: 0)
    add("Runs to go on with", welcome.runs ?? [], from: welcome.samples.count)
    if welcome.runs == nil { lines.append(Line(text: "looking for runs…", style: .muted)) }
    lines.append(
      Line(text: "Your own: sculpt-tui model.onnx --data images.npz, or o here", style: .muted))
    return lines
  }

  private func draw(_ line: Line, on frame: inout Frame, in row: Rect) {
    let (pointer, text) = row.splitLeft(row.width > 10 ? 2 : 0)
    if line.isSelected { frame.put("▶", in: pointer, style: .accent) }
    frame.put(line.text, in: text, style: line.style)
    let room = text.width - line.text.displayWidth - 2
    if line.note.displayWidth <= room {
      frame.put(line.note, in: text, style: .muted, alignment: .trailing)
    }
    if line.isSelected { frame.restyle(row) { $0 = $0.on(.palette(.selection)).adding(.bold) } }
  }

  private func drawFooter(on frame: inout Frame, in rect: Rect) {
    if let field = welcome.path {
      frame.draw(
        TextFieldView(field, prompt: "open ", placeholder: "model.json or model.onnx"),
        in: rect.row(0))
    }
    if let problem = welcome.problem {
      frame.put(
        "✗ \(problem)", in: rect.row(welcome.path == nil ? 0 : 1), style: Style(.bad, .bold))
      if welcome.path != nil { return }
    }
    frame.put(
      welcome.path == nil
        ? "↓ ↑ choose  enter open  o another file  ? keys  q quit"
        : "type a path  tab complete  ↓ ↑ choose  enter open  esc back",
      in: rect.row(1), style: .muted)
  }
}
