/// A reproducible source of random bits: xoshiro256** (Blackman and Vigna, 2018), its state filled by
/// SplitMix64. The same seed gives the same bits, on every machine and in every version.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Hashable, Codable {
  private var state0: UInt64
  private var state1: UInt64
  private var state2: UInt64
  private var state3: UInt64

  /// Creates the generator of a seed; any seed is good.
  public init(seed: UInt64) {
    var mixer = SplitMix64(state: seed)
    state0 = mixer.next()
    state1 = mixer.next()
    state2 = mixer.next()
    state3 = mixer.next()
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = rotated(state1 &* 5, by: 7) &* 9
    let shifted = state1 << 17
    state2 ^= state0
    state3 ^= state1
    state1 ^= state2
    state0 ^= state3
    state2 ^= shifted
    state3 = rotated(state3, by: 45)
    return result
  }
}

extension SeededGenerator {
  private enum CodingKeys: String, CodingKey {
    case state0, state1, state2, state3
  }

  /// Reads a state, and throws `DecodingError` for the one state, all zeros, that yields nothing but zeros.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    state0 = try container.decode(UInt64.self, forKey: .state0)
    state1 = try container.decode(UInt64.self, forKey: .state1)
    state2 = try container.decode(UInt64.self, forKey: .state2)
    state3 = try container.decode(UInt64.self, forKey: .state3)
    if state0 | state1 | state2 | state3 == 0 {
      throw DecodingError.dataCorruptedError(
        forKey: .state0, in: container, debugDescription: "a generator's state is all zeros")
    }
  }
}

private func rotated(_ bits: UInt64, by count: UInt64) -> UInt64 {
  (bits << count) | (bits >> (64 - count))
}

/// SplitMix64 (Steele, Lea and Flood, 2014), which spreads a seed over all bits of a larger state.
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }
}
