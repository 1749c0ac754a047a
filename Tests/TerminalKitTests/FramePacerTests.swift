import TerminalKit
import Testing

struct FramePacerTests {
  @Test func framesWaitForTheInterval() {
    let start = ContinuousClock.now
    var pacer = FramePacer(framesPerSecond: 30)
    #expect(pacer.delay(at: start) == 0)
    pacer.didShow(at: start)
    #expect(pacer.delay(at: start) == 34)
    #expect(pacer.delay(at: start + .milliseconds(30)) == 4)
    #expect(pacer.delay(at: start + .milliseconds(34)) == 0)
  }
}
