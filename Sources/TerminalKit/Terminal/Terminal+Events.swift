#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension Terminal {
  /// The next event, or nil when there was none for `timeout` milliseconds.
  ///
  /// Without a timeout it sleeps until something happens; nothing wakes it meanwhile.
  public func nextEvent(timeout: Int? = nil) -> Event? {
    let clock = ContinuousClock()
    let deadline = timeout.map { clock.now + .milliseconds($0) }
    while true {
      if let event = input.next() { return event }
      guard isOpen, !input.isAtEnd else { return .endOfInput }
      let left = deadline.map { Terminal.milliseconds(until: $0, from: clock.now) }
      if wait(milliseconds: left) { continue }
      let events = input.decoder.expire(at: clock.now)
      if !events.isEmpty {
        input.queue(events)
      } else if left != nil, let deadline, clock.now >= deadline {
        return nil
      }
    }
  }

  /// Sleeps until there is something to read, reads it, and returns whether there was anything.
  private func wait(milliseconds: Int32?) -> Bool {
    var limit = milliseconds ?? -1
    if let deadline = input.decoder.deadline {
      let left = Terminal.milliseconds(until: deadline, from: .now)
      limit = limit < 0 ? left : min(limit, left)
    }
    let wanted = Int16(POLLIN)
    var sources = [STDIN_FILENO, input.signals.readEnd, input.wakePipe.readEnd].map {
      pollfd(fd: $0, events: wanted, revents: 0)
    }
    let ready = poll(&sources, nfds_t(sources.count), limit)
    if ready < 0 { return errno == EINTR || endInput() }
    guard ready > 0 else { return false }
    if sources[0].revents != 0 { readInput() }
    if sources[1].revents != 0 { readSignals() }
    if sources[2].revents != 0, input.wakePipe.drain() { input.queue([.wake]) }
    return true
  }

  private func endInput() -> Bool {
    input.isAtEnd = true
    return true
  }

  private func readInput() {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &bytes, bytes.count)
    if count > 0 {
      input.queue(input.decoder.feed(bytes.prefix(count), at: .now))
    } else if count == 0 || ![EINTR, EAGAIN].contains(errno) {
      input.queue(input.decoder.flush())
      input.isAtEnd = true
    }
  }

  private func readSignals() {
    for signal in input.signals.drain() {
      switch signal {
      case SIGWINCH: readSize()
      case SIGCONT: recover()
      case SIGTERM: input.queue([.signal(.terminate)])
      case SIGHUP: input.queue([.signal(.hangup)])
      case SIGINT: input.queue([.signal(.interrupt)])
      case SIGTSTP: input.queue([.signal(.suspend)])
      default: break
      }
    }
  }

  /// Rounded up, so that a wait does not end just before its deadline.
  private static func milliseconds(
    until deadline: ContinuousClock.Instant, from now: ContinuousClock.Instant
  ) -> Int32 {
    let (seconds, attoseconds) = (deadline - now).components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let part = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(clamping: min(seconds, 1_000_000) * 1000 + part)
  }
}
