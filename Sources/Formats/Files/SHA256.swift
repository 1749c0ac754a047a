import COpenSSL

/// The digest that ties a strategy to the model it was found for (FIPS 180-4).
package enum SHA256 {
  /// The digest of all `chunks` in a row, as 64 lower-case hexadecimal digits; nil if OpenSSL
  /// refuses.
  package static func hexDigest(of chunks: [[UInt8]]) -> String? {
    digest { update in for chunk in chunks { update(chunk) } }
  }

  /// The digest of bytes and files, one after the other; the files are read piece by piece.
  static func hexDigest(
    of bytes: [UInt8] = [], files paths: [String]
  ) throws(FormatError) -> String? {
    let step = 1 << 20
    return try digest { (update) throws(FormatError) in
      update(bytes)
      for path in paths {
        let file = try RandomAccessFile(path)
        for start in stride(from: 0, to: file.count, by: step) {
          update(try file.read(start..<min(start + step, file.count)))
        }
      }
    }
  }

  private static func digest<Failure: Error>(
    _ feed: (_ update: ([UInt8]) -> Void) throws(Failure) -> Void
  ) throws(Failure) -> String? {
    guard let context = EVP_MD_CTX_new() else { return nil }
    defer { EVP_MD_CTX_free(context) }
    var isIntact = EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    try feed { chunk in
      let updated = chunk.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
      isIntact = isIntact && updated == 1
    }
    guard isIntact else { return nil }
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    guard EVP_DigestFinal_ex(context, &digest, &count) == 1 else { return nil }
    return digest.prefix(Int(count)).map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }
}

extension SHA256 {
  /// The digest of images, in hexadecimal.
  package static func hexDigest(of pixels: Dataset.Pixels) -> String? {
    switch pixels {
    case .bytes(let bytes): hexDigest(of: [bytes])
    case .values(let values): hexDigest(of: [values.withUnsafeBytes { Array($0) }])
    }
  }
}
