/// Gzip data for tests, without compression (RFC 1951 section 3.2.4, RFC 1952).
func gzipped(_ bytes: [UInt8]) -> [UInt8] {
  func little(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
  }
  var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
  var rest = bytes[...]
  repeat {
    let block = rest.prefix(0xFFFF)
    rest = rest.dropFirst(block.count)
    let length = UInt32(block.count)
    result += [rest.isEmpty ? 1 : 0] + little(length, 2) + little(~length, 2) + block
  } while !rest.isEmpty
  return result + little(crc32(bytes), 4) + little(UInt32(truncatingIfNeeded: bytes.count), 4)
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~UInt32(0)) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in
      value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0)
    }
  }
}

/// The bytes of an IDX file.
func idx(_ dimensions: [Int], _ values: [UInt8], type: UInt8 = 8) -> [UInt8] {
  let extents = dimensions.flatMap { extent in
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: extent >> $0) }
  }
  return [0, 0, type, UInt8(dimensions.count)] + extents + values
}

/// The IDX file of the bytes 0 to 11 as 3 x 2 x 2, deflated.
/// Made by Python's `gzip.compress(struct.pack(">4B3I", 0, 0, 8, 3, 3, 2, 2) + bytes(range(12)),
/// mtime=0)`.
let deflated: [UInt8] = [
  0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63, 0x60, 0xE0, 0x60,
  0x66, 0x60, 0x60, 0x00, 0x61, 0x26, 0x30, 0x66, 0x64, 0x62, 0x66, 0x61, 0x65, 0x63,
  0xE7, 0xE0, 0xE4, 0xE2, 0x06, 0x00, 0x63, 0x44, 0x6F, 0xC6, 0x1C, 0x00, 0x00, 0x00,
]
