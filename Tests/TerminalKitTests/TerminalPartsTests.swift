import TerminalKit
import TestSupport
import Testing

struct TerminalPartsTests {
  @Test func pairsAreSharedAndNumberedFromOne() {
    var table = PairTable(capacity: 8)
    let red = PairTable.Colors(foreground: 1, background: -1)
    let own = table.retain(.terminal)
    #expect(own == (0, false))
    let taken1 = table.retain(red)
    #expect(taken1 == (1, true))
    let taken2 = table.retain(red)
    #expect(taken2 == (1, false))
  }

  @Test func onlyPairsThatNoCellShowsAreGivenAway() {
    var table = PairTable(capacity: 3)
    func colors(_ number: Int32) -> PairTable.Colors {
      PairTable.Colors(foreground: number, background: -1)
    }
    let (first, second) = (table.retain(colors(1)).pair, table.retain(colors(2)).pair)
    let taken3 = table.retain(colors(3))
    #expect(taken3 == (0, false))
    table.release(second)
    let taken4 = table.retain(colors(3))
    #expect(taken4 == (second, true))
    let taken5 = table.retain(colors(1))
    #expect(taken5 == (first, false))
    let taken6 = table.retain(colors(2))
    #expect(taken6 == (0, false))
  }

  @Test func releasedAndTakenAgainAPairIsNotGivenAway() {
    var table = PairTable(capacity: 2)
    let (red, blue) = (
      PairTable.Colors(foreground: 1, background: -1),
      PairTable.Colors(foreground: 4, background: -1)
    )
    table.release(table.retain(red).pair)
    let taken7 = table.retain(red)
    #expect(taken7 == (1, false))
    let taken8 = table.retain(blue)
    #expect(taken8 == (0, false))
  }

  /// Whatever is held has its own colours, however many combinations come and go.
  @Test(arguments: [1, 2, 8, 64])
  func heldPairsKeepTheirColors(capacity: Int) {
    var table = PairTable(capacity: capacity)
    var random = SplitMix(state: 13)
    var defined: [Int32: PairTable.Colors] = [:]
    var cells: [(pair: Int32, colors: PairTable.Colors)] = Array(
      repeating: (0, .terminal), count: 40)
    for _ in 0..<4000 {
      let index = Int.random(in: 0..<cells.count, using: &random)
      let colors = PairTable.Colors(
        foreground: .random(in: -1...9, using: &random), background: -1)
      table.release(cells[index].pair)
      let (pair, isNew) = table.retain(colors)
      if isNew { defined[pair] = colors }
      cells[index] = (pair, colors)
      #expect(pair < capacity)
      let isRight = cells.allSatisfy { $0.pair == 0 || defined[$0.pair] == $0.colors }
      #expect(isRight)
    }
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), ("漢", "5ryi"),
  ])
  func base64IsThatOfRFC4648(text: String, encoded: String) {
    #expect(Clipboard.sequence(for: text) == "\u{1B}]52;c;\(encoded)\u{07}")
  }

  @Test func longTextsAreNotCopied() {
    #expect(Clipboard.sequence(for: String(repeating: "x", count: Clipboard.limit + 1)) == nil)
  }

  @Test func wakesCountAsOneUntilTheyAreTaken() async throws {
    let pipe = try WakePipe()
    let waker = Waker(pipe: pipe)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<100 { group.addTask { waker.wake() } }
    }
    #expect(pipe.drain())
    #expect(!pipe.drain())
    waker.wake()
    #expect(pipe.drain())
  }

  @Test(arguments: [
    TerminalError.notATerminal("standard output"), .noTerm, .unknownTerm("x"),
    .incapableTerm("dumb"),
  ])
  func errorsAreOneLine(error: TerminalError) {
    #expect(!error.description.contains("\n"))
    #expect(!error.description.isEmpty)
  }
}
