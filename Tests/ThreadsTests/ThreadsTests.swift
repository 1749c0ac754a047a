import Synchronization
import Testing
import Threads

struct ThreadsTests {
  @Test(arguments: [0, 1, 2, 7, 1000], [-1, 0, 1, 2, 9])
  func everyPieceIsDoneOnce(count: Int, threads: Int) {
    let done = Mutex([Int](repeating: 0, count: count))
    parallel(count, threads: threads) { piece in done.withLock { $0[piece] += 1 } }
    #expect(done.withLock { $0.allSatisfy { $0 == 1 } })
    #expect(parallelMap(count, threads: threads) { $0 * $0 } == (0..<count).map { $0 * $0 })
  }

  @Test func workWithinWorkIsDone() {
    let sums = parallelMap(20, threads: 4) { outer in
      parallelMap(50, threads: 4) { outer * $0 }.reduce(0, +)
    }
    #expect(sums == (0..<20).map { $0 * 1225 })
  }

  @Test func manyAtOnceDoNotDisturbEachOther() async {
    await withTaskGroup(of: Bool.self) { group in
      for task in 0..<8 {
        group.addTask {
          (0..<200).allSatisfy { round in
            parallelMap(30, threads: 3) { $0 + task + round }
              == (0..<30).map { $0 + task + round }
          }
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test func aSerialThreadKeepsTheOrder() {
    let seen = Mutex<[Int]>([])
    let thread = SerialThread()
    for number in 0..<500 { thread.async { seen.withLock { $0.append(number) } } }
    thread.wait()
    #expect(seen.withLock { $0 } == Array(0..<500))
  }

  @Test func whatALeftThreadHoldsIsReleased() async {
    final class Token: Sendable {}
    weak var token: Token?
    do {
      let held = Token()
      token = held
      let thread = SerialThread()
      thread.async { _ = held }
      thread.wait()
    }
    #expect(token == nil)
  }
}
