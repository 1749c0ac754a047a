internal import Engine
internal import Formats
internal import Foundation
internal import Kernels
package import Ranks

extension Workbench {
  /// A workbench on its rank, once every rank has made one of the same model, images and menus.
  ///
  /// Each rank reads the files itself: they lie where all of them can read anyway. What was read is compared.
  ///
  /// - Parameter own: what this rank made, or why it could not.
  /// - Returns: the workbench, and on the leading rank what is to be said of the others.
  /// - Throws: why this rank cannot work or, on the leading one, another one.
  package static func meeting(
    on ranks: Ranks, _ own: Result<Workbench, any Error>
  ) throws -> (workbench: Workbench, remarks: [String]) {
    var states: [Data] = []
    if ranks.count > 1 {
      states = try ranks.meet(
        own.flatMap { workbench in Result { try JSONEncoder().encode(RankState(workbench)) } })
    }
    var workbench = try own.get()
    workbench.ranks = ranks
    guard !states.isEmpty else { return (workbench, []) }
    let leader = RankState(workbench)
    let remarks = try states.enumerated().compactMap { rank, bytes in
      try JSONDecoder().decode(RankState.self, from: bytes).remark(on: rank, beside: leader)
    }
    return (workbench, remarks)
  }
}

/// What a rank's results depend on.
private struct RankState: Codable {
  /// The host.
  var host: String
  /// What has to be the same everywhere, and what that is in words.
  var fixed: [String: String]
  /// What may change the last digits of results, likewise.
  var free: [String: String]

  init(_ workbench: Workbench) {
    func digest(_ text: String) -> String { SHA256.hexDigest(of: [Array(text.utf8)]) ?? text }
    func digest(_ images: Dataset?) -> String {
      images.map { "\($0.count) \(SHA256.hexDigest(of: $0.pixels) ?? "")" } ?? "none"
    }
    host = ProcessInfo.processInfo.hostName
    fixed = [
      "model": workbench.file.digest ?? digest(workbench.file.path),
      "patterns": digest(workbench.space.menus), "images": digest(workbench.evaluator.dataset),
      "calibration images": digest(workbench.calibration), "correction": "\(workbench.method)",
    ]
    free = [
      "instruction set": InstructionSet.best.rawValue,
      "--memory": "\(workbench.memory.bytes >> 20) MB",
    ]
  }

  /// What is to be said of a rank beside the leader; nil if nothing is.
  ///
  /// - Throws: `RanksError` if they do not belong together.
  func remark(on rank: Int, beside leader: RankState) throws(RanksError) -> String? {
    for (name, value) in fixed.sorted(by: { $0.key < $1.key }) where leader.fixed[name] != value {
      throw RanksError("rank \(rank) on \(host) has another \(name) than rank 0 on \(leader.host)")
    }
    let other = free.sorted { $0.key < $1.key }.filter { leader.free[$0.key] != $0.value }
    if other.isEmpty { return nil }
    return "rank \(rank) on \(host) has "
      + other.map { "\($0) \($1), rank 0 \(leader.free[$0] ?? "")" }.joined(separator: "; ")
      + ": results may depend on the number of ranks"
  }
}
