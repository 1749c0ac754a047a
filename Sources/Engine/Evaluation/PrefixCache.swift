import Synchronization

/// Activations at a program's cuts, kept from one evaluation to the next: a program that begins like
/// one that was evaluated before is computed from where it differs.
///
/// The memory is bounded; what was not used for longest goes first.
public final class PrefixCache: Sendable {
  /// Bytes that are kept at most.
  public let capacity: Int

  /// Part of the evaluations of one cut: some images' activations, or what belongs to all images.
  struct Key: Hashable {
    let fingerprint: Program.Fingerprint
    let images: Range<Int>
  }

  private struct Contents {
    var activations: [Key: [Float]] = [:]
    var keys: [Program.Fingerprint: [Key]] = [:]
    var lastUse: [Program.Fingerprint: Int] = [:]
    var bytes = 0
    var clock = 0
    var restored = 0
  }

  private let contents = Mutex(Contents())

  /// An empty cache, of 1 GiB unless told otherwise.
  public init(capacity: Int = 1 << 30) {
    self.capacity = capacity
  }

  /// Bytes kept now.
  public var bytes: Int { contents.withLock { $0.bytes } }

  /// Images that were not computed from the first step on so far.
  public var restoredImages: Int { contents.withLock { $0.restored } }

  /// The cuts that evaluations of one program take from the cache and put into it.
  struct Plan {
    /// Cuts whose activations may be there, the deepest first.
    let known: [Program.Cut]
    /// Cuts whose activations are to be kept.
    let kept: [Program.Cut]
  }

  /// Plans the evaluation of `images` images: the deepest cuts that together fit in half of the
  /// capacity are kept, so that two programs' activations can be there at a time.
  func plan(_ program: Program, images: Int) -> Plan {
    plan(program, cuts: program.cuts(), images: images)
  }

  /// Plans likewise with some of the program's cuts, in their order.
  func plan(_ program: Program, cuts: [Program.Cut], images: Int) -> Plan {
    let cuts = Array(cuts.reversed())
    return contents.withLock { contents in
      contents.clock += 1
      var kept: [Program.Cut] = []
      var bytes = 0
      for cut in cuts {
        let size = program.buffers[cut.buffer].layout.interior * images * 4
        guard bytes + size <= capacity / 2 else { continue }
        bytes += size
        kept.append(cut)
        contents.lastUse[cut.fingerprint] = contents.clock
      }
      let known = cuts.filter { contents.keys[$0.fingerprint] != nil }
      for cut in known { contents.lastUse[cut.fingerprint] = contents.clock }
      return Plan(known: known, kept: kept)
    }
  }

  func activations(_ fingerprint: Program.Fingerprint, _ images: Range<Int>) -> [Float]? {
    contents.withLock { contents in
      let found = contents.activations[Key(fingerprint: fingerprint, images: images)]
      if found != nil { contents.restored += images.count }
      return found
    }
  }

  /// Whether some images' activations are there.
  func holds(_ fingerprint: Program.Fingerprint, _ images: Range<Int>) -> Bool {
    contents.withLock {
      $0.activations[Key(fingerprint: fingerprint, images: images)] != nil
    }
  }

  func keep(
    _ activations: [Float], _ fingerprint: Program.Fingerprint, _ images: Range<Int>
  ) {
    contents.withLock { contents in
      let key = Key(fingerprint: fingerprint, images: images)
      guard contents.activations[key] == nil else { return }
      let size = activations.count * 4
      while contents.bytes + size > capacity,
        let oldest = contents.keys.keys.min(by: {
          contents.lastUse[$0, default: 0] < contents.lastUse[$1, default: 0]
        }), oldest != fingerprint
      {
        for key in contents.keys.removeValue(forKey: oldest) ?? [] {
          contents.bytes -= (contents.activations.removeValue(forKey: key)?.count ?? 0) * 4
        }
        contents.lastUse[oldest] = nil
      }
      guard contents.bytes + size <= capacity else { return }
      contents.activations[key] = activations
      contents.keys[fingerprint, default: []].append(key)
      contents.bytes += size
    }
  }
}
