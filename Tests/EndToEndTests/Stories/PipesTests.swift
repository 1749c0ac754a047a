import PseudoTerminal
import Testing

/// Where there is no full screen to be had.
@Suite struct PipesTests {
  private let home: Home

  init() throws { home = try Home() }

  @Test func oncePrintsAFrameWithTheLayers() throws {
    let outcome = try home.runs(.explorer, ["--once", Sample.resnet])
    #expect(outcome.code == 0)
    #expect(outcome.errors.isEmpty)
    for layer in ["conv1", "layer1", "layer2", "0.conv1", "1.conv2", "0.shortcut.0"] {
      #expect(outcome.output.contains(layer))
    }
    #expect(!outcome.output.contains("\u{1B}"))
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 25 && lines.last == "")
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test func onceIsAPictureInTheThemesColours() throws {
    let words = ["--once", "--svg", "--size", "100x30", "--theme", "nord", Sample.resnet]
    let picture = try home.runs(.explorer, words).output
    #expect(picture.hasPrefix("<svg ") && picture.hasSuffix("</svg>\n"))
    #expect(picture.contains(#"viewBox="0 0 900 510""#) && picture.contains("#2e3440"))
    #expect(picture.contains("conv1"))
    try home.refuses(2, "140x44", .explorer, ["--once", "--size", "100", Sample.resnet])
    try home.refuses(2, "add --once", .explorer, ["--svg", Sample.resnet])
  }

  @Test func intoAPipeThereIsOneLine() throws {
    try home.refuses(1, "terminal", .explorer, [Sample.resnet])
    let user = try User(
      home,
      starts: home.launch(
        .shell,
        [
          "-c", #""$0" "$1" | cat >piped; exit ${PIPESTATUS[0]}"#, Program.explorer.path,
          Sample.resnet,
        ]
      ))
    try user.isBack(code: 1, saying: "terminal")
    #expect(try home.text("piped").isEmpty)
  }

  @Test func aTerminalThatCannotPlaceItsCursorIsLeftAlone() throws {
    let user = try User(
      home, starts: home.launch(.explorer, [Sample.resnet], changing: ["TERM": "dumb"]))
    try user.isBack(code: 1, saying: "TERM=dumb")
    #expect(user.screen.lines.dropFirst().joined().isEmpty)
  }
}
