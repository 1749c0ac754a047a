internal import Search
internal import Threads

/// Lists, names and deletes stored runs on a thread of its own: there may be hundreds. Writes preferences there, too:
/// somebody waits for the effect of a key.
final class RunKeeper: Sendable {
  private let thread = SerialThread()
  private let mailbox: Mailbox<Message>

  init(notify: @escaping @Sendable () -> Void) { mailbox = Mailbox(notify: notify) }

  /// Lists the runs at once by their summaries, then with what each came to.
  func list() {
    thread.async { [self] in
      let summaries = RunFolder().summaries().filter(\.isBegun)
      mailbox.put(.storedRuns(summaries.map { RunOutcome($0) }))
      mailbox.put(.storedRuns(summaries.map(RunOutcome.init(of:))))
    }
  }

  /// Names a run.
  func label(_ label: RunLabel, run path: String) {
    attempt { () throws(SearchError) in try RunFolder.label(label, run: path) }
  }

  /// Deletes a run.
  func delete(run path: String) {
    attempt { () throws(SearchError) in try RunFolder.delete(run: path) }
  }

  /// Keeps preferences for the next time.
  func keep(_ preferences: Preferences, in file: PreferencesFile?) {
    // The screen is the same without.
    if let file { thread.async { try? file.write(preferences) } }
  }

  /// Waits until all is on the disk.
  func finish() { thread.wait() }

  private func attempt(_ change: @escaping @Sendable () throws(SearchError) -> Void) {
    thread.async { [self] in
      do throws(SearchError) { try change() } catch { mailbox.put(.failed("\(error)")) }
    }
    list()
  }

  /// Takes what has been found out since the last call.
  func drain() -> [Message] { mailbox.drain() }
}
