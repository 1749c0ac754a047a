/// The bytes read and not yet handed out.
struct InputState {
  let signals: SignalPipe
  let wakePipe: WakePipe
  var decoder = InputDecoder()
  var isAtEnd = false
  private var queue: [Event] = []

  init(wakePipe: WakePipe) throws(TerminalError) {
    self.wakePipe = wakePipe
    signals = try SignalPipe()
  }

  mutating func queue(_ events: [Event]) {
    queue += events
  }

  /// Announces a size; one announced before and not yet handed out is out of date.
  mutating func queueResize(_ size: Size) {
    queue.removeAll { if case .resize = $0 { true } else { false } }
    queue.append(.resize(size))
  }

  mutating func next() -> Event? {
    queue.isEmpty ? nil : queue.removeFirst()
  }
}
