internal import Foundation
internal import Synchronization

/// Keeps a search in the file of a run, which is begun when there is something to keep and written by this program
/// alone. Any thread may keep something in it.
final class RunRecorder: Sendable {
  private let contents: Mutex<Contents>
  private let newPath: String?
  private let workbench: Workbench

  private struct Contents {
    var file: RunFile?
    /// Nil for a run that is only shown.
    var lock: RunLock?
  }

  /// A recorder of a new run, or of a stored one; nothing is kept where there is none.
  ///
  /// - Throws: `SearchError` if there is a run where a new one is to be, or the stored one cannot be read, or another
  ///   program writes into it.
  init(_ workbench: Workbench, _ recording: Recording) throws(SearchError) {
    self.workbench = workbench
    var path: String?
    var contents = Contents()
    switch recording {
    case .none: break
    case .new(let new):
      // The file is made late, which is no time to hear of this.
      try RunFile.refuseExisting(new)
      path = new
    case .resume(let old):
      contents.file = try RunFile.open(old, for: workbench)
      contents.lock = try RunLock(ofRun: old)
    case .show(let old), .follow(let old):
      contents.file = try RunFile.open(old, for: workbench)
    }
    newPath = path
    self.contents = Mutex(contents)
  }

  /// The search as it was kept last; nil if none was.
  func searcher() throws(SearchError) -> Searcher? { try existing?.searcher(on: workbench) }

  /// Keeps a search as it is.
  func save(_ searcher: Searcher) throws(SearchError) { try writable()?.save(searcher) }

  /// What whoever shows the search kept beside it; nil if nothing.
  func memory() throws(SearchError) -> Data? { try existing?.memory() }

  /// Keeps what whoever shows the search is to be told when it is gone on with, in place of what was kept before.
  func remember(_ memory: Data) throws(SearchError) { try writable()?.remember(memory) }

  /// The run as another program goes on with it, after what is known of it.
  func followed(after known: StoredRun) -> FollowedRun? {
    existing.map { FollowedRun($0, after: known) }
  }

  /// Deletes the run, if it was begun and is written here.
  func discard() throws(SearchError) {
    let own = contents.withLock { $0.lock == nil ? nil : $0.file }
    if let own { try RunFolder.delete(run: own.path) }
  }

  private var existing: RunFile? { contents.withLock { $0.file } }

  /// The file of a run that is written, begun if it was not; nil for one that is not kept, or only shown.
  private func writable() throws(SearchError) -> RunFile? {
    try contents.withLock { (contents) throws(SearchError) in
      if contents.file == nil, let newPath {
        contents.file = try RunFile.create(at: newPath, for: workbench)
        contents.lock = try RunLock(ofRun: newPath)
      }
      return contents.lock == nil ? nil : contents.file
    }
  }
}
