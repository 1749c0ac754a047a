internal import ArgumentParser
internal import CommandOptions
internal import Engine
internal import Formats
internal import Foundation
internal import Ranks
internal import Search

/// A command whose work several ranks share; any other one is the leading rank's alone.
protocol RankedCommand: ParsableCommand {}

extension RankedCommand {
  /// Throws if files could not be written there later, before there is work that would be in vain.
  func checkPlaces(_ paths: [String], replacing: Bool) throws {
    guard try Ranks.started().leads else { return }
    for path in paths { try AtomicFile.checkPlace(path, replacing: replacing) }
  }
}

extension CommonOptions {
  /// Calls `lead` with the model on the leading rank; the others do what that one deals out, until it is done.
  ///
  /// - Parameters:
  ///   - split: the images that judge it.
  ///   - run: the path of the run that is gone on with, if there is one.
  func onRanks(
    split: Split = .validation, ofRun run: String? = nil, _ lead: (Workbench) throws -> Void
  ) throws {
    let ranks = try Ranks.started()
    let (workbench, remarks) = try Workbench.meeting(
      on: ranks, Result { try self.workbench(split: split, ofRun: run) })
    guard ranks.leads else { return workbench.follow() }
    for remark in remarks { ProgressLine().note("sculpt: \(remark)") }
    try lead(workbench)
    note(ranks, workbench.evaluator.threads)
  }

  /// Calls `work` with the model on every rank at a time.
  ///
  /// One that fails ends all, as the others would wait for it.
  func togetherOnRanks(
    strategy: String?, _ work: (Workbench, Ranks) throws -> Void
  ) throws {
    let ranks = try Ranks.started()
    do {
      let (workbench, remarks) = try Workbench.meeting(
        on: ranks, Result { try self.workbench(strategy: strategy) })
      for remark in remarks { ProgressLine().note("sculpt: \(remark)") }
      var own = workbench
      own.ranks = .alone
      try work(own, ranks)
      guard ranks.leads else { return workbench.follow() }
      note(ranks, workbench.evaluator.threads)
    } catch  where ranks.count > 1 {
      // What goes wrong everywhere is for the leading one to tell.
      if !ranks.leads { sleep(2) }
      ranks.abort(Main.tell(error))
    }
  }

  /// Says what was sent, on the rank that leads others.
  private func note(_ ranks: Ranks, _ threads: Int) {
    guard ranks.count > 1, ranks.leads else { return }
    let traffic = ranks.traffic
    func megabytes(_ bytes: Int) -> String { "\((Double(bytes) / 1e6).decimals(3)) MB" }
    var line = "sculpt: \(ranks.count) ranks of \(threads) threads; rank 0 sent "
    line += "\(megabytes(traffic.sent)) and received \(megabytes(traffic.received))"
    if traffic.pieces > 0 {
      line += "; \(traffic.pieces) pieces of work, \(traffic.own) of them on rank 0, took "
      line += "\(traffic.elapsed.decimals(1)) s, \(traffic.busy(ranks.count).percent) of it work"
    }
    ProgressLine().note(line)
  }
}

extension Ranks {
  /// The threads of this one, unless it is told otherwise: its share of the processors.
  var threads: Int {
    let processors = ProcessInfo.processInfo.processorCount
    return min(Evaluator.defaultThreads, max(1, processors / neighbours))
  }

  /// The memory of this one, likewise. It has an influence on the last digits of sums over images, so that it is not
  /// for the number of ranks or the machine to decide.
  var memory: MemoryBudget { isAlone ? .standard : MemoryBudget(bytes: 2 << 30) }
}
