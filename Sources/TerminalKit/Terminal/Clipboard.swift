/// The sequence that puts text into the clipboard of the terminal, also through ssh (OSC 52).
package enum Clipboard {
  /// Longer texts are refused by terminals.
  package static let limit = 74_994

  /// The sequence; nil if the text is longer than terminals take.
  package static func sequence(for text: String) -> String? {
    let bytes = Array(text.utf8)
    guard bytes.count <= limit else { return nil }
    return "\u{1B}]52;c;\(base64(bytes))\u{07}"
  }

  package static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let word = group.reduce(0) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
      for digit in 0..<4 {
        let isPadding = digit > group.count
        result.append(
          isPadding ? UInt8(ascii: "=") : alphabet[Int(word >> (18 - 6 * UInt32(digit))) & 63])
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
