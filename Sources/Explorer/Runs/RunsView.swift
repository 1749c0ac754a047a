internal import Metrics
internal import Patterns
internal import Search
internal import TerminalKit

/// The list of runs: what each came to, and all of the one under the cursor.
struct RunsView: Widget {
  let browser: RunBrowser
  let state: ExplorerState

  init(_ browser: RunBrowser, _ state: ExplorerState) {
    self.browser = browser
    self.state = state
  }

  private var runs: [RunOutcome] { state.model.storedRuns }

  func draw(on frame: inout Frame, in rect: Rect) {
    let box = rect.centred(Size(width: 110, height: max(1, runs.count) + 7))
    let inner = Dialog.box(title: "─ Runs ", on: &frame, in: box)
    let (list, below) = inner.splitBottom(inner.height >= 6 ? 4 : 1)
    let (head, rows) = list.splitTop(1)
    let columns = Columns(width: rows.width - 3)
    frame.put(columns.heading, in: head.inset(left: 3), style: .muted)
    if runs.isEmpty { frame.put("no run is stored yet", in: rows.row(0), style: .muted) }
    let offset = ListScroll.offset(
      0, selected: browser.selected, count: runs.count, visible: rows.height, margin: 1)
    for line in 0..<rows.height where offset + line < runs.count {
      draw(offset + line, columns, on: &frame, in: rows.row(line))
    }
    if let typed = browser.typed {
      frame.draw(
        TextFieldView(
          typed.field, prompt: typed.part == .name ? "name " : "note ",
          placeholder: "empty: none"), in: below.row(below.height - 1))
    } else if runs.indices.contains(browser.selected), below.height > 3 {
      drawFacts(of: runs[browser.selected], on: &frame, in: below.inset(top: 1))
    }
  }

  private func draw(_ index: Int, _ columns: Columns, on frame: inout Frame, in row: Rect) {
    let run = runs[index]
    let isSelected = index == browser.selected
    let isOther = run.summary.digest != state.model.digest
    if isSelected { frame.put("▶", in: row, style: .accent) }
    if browser.marked == run.summary.path { frame.put("◇", in: row.inset(left: 1), style: .accent) }
    let style: Style = isOther ? .muted : .plain
    frame.put(columns.line(cells(of: run)), in: row.inset(left: 3), style: style)
    if isSelected { frame.restyle(row) { $0 = $0.on(.palette(.selection)).adding(.bold) } }
    frame.click(row, .row(index))
  }

  private func cells(of run: RunOutcome) -> [String] {
    let best = run.best.map { state.model.timed($0) }
    func percent(_ share: Double?) -> String {
      share.map { Numbers.decimal($0 * 100, places: 1) } ?? ""
    }
    let isOwn = run.summary.digest == state.model.digest
    let macs = best.flatMap { isOwn ? state.model.share(of: $0, .macs) : nil }
    return [
      run.summary.shortTitle + (state.isOpen(run.summary) ? " ●" : ""), "\(run.summary.episodes)",
      run.target.map { "\($0.resource.label) \(Numbers.decimal($0.share * 100, places: 0))" } ?? "",
      percent(best?.measurement.accuracy.fraction), percent(macs), percent(best?.latency),
      run.pins > 0 ? "\(run.pins)" : "", percent(run.fineTuned?.after.fraction),
      isOwn ? run.summary.label.note : run.summary.model,
    ]
  }

  private func drawFacts(of run: RunOutcome, on frame: inout Frame, in rect: Rect) {
    var first = [Span(run.summary.moment, .accent), Span("  \(run.summary.model)", .muted)]
    if let best = run.best {
      first.append(Span("  best \(Numbers.accuracy(best.measurement.accuracy))"))
    }
    frame.put(first, in: rect.row(0))
    frame.put(run.summary.path, in: rect.row(1), style: .muted)
    frame.put(run.summary.label.note, in: rect.row(2))
  }

  /// The columns of the list; the note has what is left.
  private struct Columns {
    private let widths: [Int]
    private static let names = [
      "run", "ep", "target", "acc", "MACs%", "time%", "⚑", "★ acc", "note",
    ]

    init(width: Int) {
      let fixed = [5, 9, 6, 6, 6, 3, 6]
      let room = max(0, width - fixed.reduce(0, +))
      let name = min(28, max(18, room / 2))
      widths = [name] + fixed + [max(0, room - name)]
    }

    var heading: String { line(Self.names) }

    /// Numbers stand at the right of their columns.
    func line(_ cells: [String]) -> String {
      zip(cells, widths).enumerated().map { place, cell in
        let (text, width) = cell
        let isText = place == 0 || place == Self.names.count - 1
        let cut = text.truncated(toColumns: max(0, width - 1), ellipsis: ".")
        return isText
          ? (place == 0 ? "" : " ") + cut.padded(to: width - (place == 0 ? 0 : 1))
          : cut.leftPadded(to: width)
      }.joined()
    }
  }
}
