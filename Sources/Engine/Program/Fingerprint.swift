extension Program {
  /// 128 bits that tell one computation from another; not against somebody who wants two to be alike.
  struct Fingerprint: Hashable, Sendable {
    let first: UInt64
    let second: UInt64
  }

  /// Takes in words, four side by side: a program's weights are hashed each time that it is run.
  struct Fingerprinter {
    private var state = SIMD4<UInt64>(
      0x9E37_79B9_7F4A_7C15, 0xBF58_476D_1CE4_E5B9, 0x94D0_49BB_1331_11EB, 0xD6E8_FEB8_6659_FD93)

    private mutating func combine(_ words: SIMD4<UInt64>) {
      let mixed = (state ^ words) &* SIMD4(repeating: 0x9FB2_1C65_1E98_DF25)
      state = mixed ^ (mixed &>> SIMD4(repeating: 29))
    }

    mutating func combine(_ value: Int) {
      combine(SIMD4(repeating: UInt64(bitPattern: Int64(value))))
    }

    mutating func combine(bytes: UnsafeRawBufferPointer) {
      let stride = MemoryLayout<SIMD4<UInt64>>.size
      var offset = 0
      while offset + stride <= bytes.count {
        combine(bytes.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self))
        offset += stride
      }
      var rest = SIMD4<UInt64>(repeating: UInt64(bytes.count))
      withUnsafeMutableBytes(of: &rest) { rest in
        for place in offset..<bytes.count { rest[place - offset] = bytes[place] }
      }
      combine(rest)
      combine(bytes.count)
    }

    /// Of all that was taken in so far.
    var fingerprint: Fingerprint {
      func mixed(_ words: SIMD4<UInt64>) -> UInt64 {
        (0..<4).reduce(0) { hash, lane in
          let product = (hash ^ words[lane]) &* 0xFF51_AFD7_ED55_8CCD
          return product ^ (product >> 32)
        }
      }
      return Fingerprint(
        first: mixed(state), second: mixed(SIMD4(state[2], state[0], state[3], state[1]) &+ 1))
    }
  }
}
