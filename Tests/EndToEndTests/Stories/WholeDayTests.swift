import Foundation
import PseudoTerminal
import Testing

/// From the first screen to an exported model.
@Suite struct WholeDayTests {
  @Test func aWholeDay() throws {
    let home = try Home(isNew: true)
    let user = try home.opensSmallModel(steps: 2)
    try user.sees("LAYERS", "p (run|starts the search)", #"\? help"#, "q quit")
    #expect(user.screen.modes.isAlternate)

    try user.seesItLoaded()
    try user.searches(episodes: 3)
    user.presses("p")
    try user.seesNoMore("▶ searching")
    try user.sees("ep [0-9]+(·[0-9]/2)? ● LIVE")

    user.presses("[")
    let latest = try user.reads("ep [0-9]+/[0-9]+ ○ PAST")
    user.presses("[")
    try user.seesNoMore(latest)
    try user.sees("ep [0-9]+/[0-9]+ ○ PAST")
    user.presses("]")
    try user.sees(latest)
    user.presses("]")
    try user.sees("● LIVE")

    try user.selects(#"0\.conv1"#)
    try user.opensPatterns(of: #"layer1\.0\.conv1"#)
    try user.goesDown(to: "▶ taps-4/9")
    user.presses(.enter)
    try user.seesNoMore("Pattern of")
    try user.sees("^▶.*taps-4/9.*⚑")

    try draws272(user)
    user.presses("z")
    try user.sees("undone")
    try user.seesNoMore("^▶.*272")
    user.presses("Z")
    try user.sees("^▶.*272.*⚑")

    try user.selects(#"1\.conv1"#)
    user.presses(.space)
    try user.sees("^▶.*⚑")

    let (accuracy, macs) = try exportsStrategy(user, to: home["exported.json"])
    try keepsWhatIsThere(user, home["exported.json"])
    try exportsEverythingElse(user)
    try user.leaves()
    try expectEvaluation(home, "exported.json", accuracy: accuracy, macs: macs)
  }

  /// Draws a cross into the mask of a layer.
  private func draws272(_ user: User) throws {
    try user.selects(#"0\.conv2"#)
    try user.opensPatterns(of: #"layer1\.0\.conv2"#)
    user.presses("d")
    try user.sees("your mask 777")
    for (keys, mask) in [
      ([Key.space], "377"), ([.right, .right, .space], "277"), ([.down, .down, .space], "276"),
      ([.left, .left, .space], "272"),
    ] {
      for key in keys { user.presses(key) }
      try user.sees("your mask \(mask)")
    }
    user.presses(.enter)
    try user.seesNoMore("your mask")
    try user.sees("^▶.*272.*⚑")
  }

  /// Returns what the dialog says of the accuracy, in percent, and of the MACs, in millions.
  private func exportsStrategy(
    _ user: User, to path: String
  ) throws -> (accuracy: String, macs: String) {
    try user.exports(to: path)
    let accuracy = try user.readsNumber("accuracy [0-9.]+ % of 500 images[^…]*$")
    let macs = try user.readsNumber("[0-9.]+M MACs")
    user.presses(.enter)
    try user.sees("written")
    return (accuracy, macs)
  }

  private func keepsWhatIsThere(_ user: User, _ path: String) throws {
    let before = try String(contentsOfFile: path, encoding: .utf8)
    try user.exports(to: path)
    user.presses(.enter)
    try user.sees(#"exists\. Replace it\?"#)
    user.presses("n")
    try user.seesNoMore("Replace it")
    user.presses(.escape)
    try user.seesNoMore("─ Export")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == before)
  }

  /// The point on the front with the fewest MACs as a model and as a report, in all forms; the name says which, but for
  /// a folder's.
  private func exportsEverythingElse(_ user: User) throws {
    let home = user.home
    user.presses("4", "h", "h", "h", "h", "h", "h", "h", "h")
    try user.sees("○ PAST|LIVE")
    var accuracy = ""
    for (name, keys) in [
      ("model.onnx", [Key]()), ("net.py", []), ("pruned", [.down, .down, .down]),
      ("report.html", []), ("report.md", []),
    ] {
      user.presses("x")
      try user.sees("─ Export")
      for key in keys { user.presses(key) }
      user.replaces(with: home[name])
      try user.sees("to .*\(name)")
      accuracy = try user.readsNumber("accuracy [0-9.]+ % of 500 images[^…]*$")
      user.presses(.enter)
      try user.sees("written: .*\(name)")
    }
    for path in ["model.onnx", "pruned/model.json"] {
      let evaluation = try home.sculpt(
        "evaluate", home[path], "--data", home["models/data/small-images"], "--json")
      #expect(percent(try number("accuracy", in: evaluation)) == accuracy, "\(path)")
    }
    #expect(try home.text("report.md").contains("\n| validation accuracy |"))
    #expect(try home.text("report.html").contains(", pruned</title>"))
    #expect(try home.text("net.py").contains("import torch"))
  }

  /// `sculpt evaluate` gives exactly what the screen and the file said.
  private func expectEvaluation(
    _ home: Home, _ name: String, accuracy: String, macs: String
  ) throws {
    let evaluation = try home.sculpt(
      "evaluate", home.smallModel(), "--strategy", home[name], "--json")
    let file = try home.text(name)
    for figure in ["correct", "images", "macs", "parameters"] {
      #expect(try number(figure, in: file) == number(figure, in: evaluation), "\(figure)")
    }
    #expect(try number("images", in: evaluation) == 500)
    // The dialog shows what was measured before the layers are solved again, which is done where it gains.
    if file.contains("resolved") {
      #expect(try number("accuracy", in: evaluation) * 100 > #require(Double(accuracy)))
    } else {
      #expect(percent(try number("accuracy", in: evaluation)) == accuracy)
    }
    let count = try number("macs", in: evaluation)
    #expect(String(format: count < 1e7 ? "%.2f" : "%.1f", count / 1e6) == macs)
    #expect(file.contains("272"))
  }
}

/// A share as in `93.56`.
func percent(_ share: Double) -> String { String(format: "%.2f", share * 100) }
