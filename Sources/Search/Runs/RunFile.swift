internal import Foundation
internal import Synchronization

/// The file of a run, begun when there is something to keep. Any thread may keep something in it.
final class RunFile: Sendable {
  private let store: Mutex<RunStore?>
  private let newPath: String?
  private let workbench: Workbench

  /// The file of a new run, or of a stored one; nothing is kept where there is none.
  ///
  /// - Throws: `SearchError` if there is a run where a new one is to be, or the stored one cannot be read.
  init(_ workbench: Workbench, _ recording: Recording) throws(SearchError) {
    self.workbench = workbench
    var (path, stored): (String?, RunStore?)
    switch recording {
    case .none: break
    case .new(let new):
      // The file is made late, which is no time to hear of this.
      try RunStore.refuseExisting(new)
      path = new
    case .resume(let old): stored = try RunStore.open(old, for: workbench)
    }
    newPath = path
    store = Mutex(stored)
  }

  /// The search as it was kept last; nil if none was.
  func searcher() throws(SearchError) -> Searcher? { try existing?.searcher(on: workbench) }

  /// Keeps a search as it is.
  func save(_ searcher: Searcher) throws(SearchError) { try made()?.save(searcher) }

  /// What whoever shows the search kept beside it; nil if nothing.
  func memory() throws(SearchError) -> Data? { try existing?.memory() }

  /// Keeps what whoever shows the search is to be told when it is gone on with, in place of what was kept before.
  func remember(_ memory: Data) throws(SearchError) { try made()?.remember(memory) }

  private var existing: RunStore? { store.withLock { $0 } }

  private func made() throws(SearchError) -> RunStore? {
    try store.withLock { (store) throws(SearchError) in
      if store == nil, let newPath { store = try RunStore.create(at: newPath, for: workbench) }
      return store
    }
  }
}
