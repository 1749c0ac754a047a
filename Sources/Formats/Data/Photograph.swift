import CJPEG
import CPNG

/// A decoded image: red, green and blue bytes of each pixel, row by row.
struct Photograph: Hashable {
  let width: Int
  let height: Int
  let pixels: [UInt8]

  /// The largest image that is decoded, in pixels.
  private static let maximumPixels = 1 << 28

  /// An image of `width` x `height` pixels.
  init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(pixels.count == 3 * width * height)
    (self.width, self.height, self.pixels) = (width, height, pixels)
  }

  /// Decodes a JPEG or PNG file. Grey becomes red = green = blue, an alpha channel is dropped.
  init(_ bytes: [UInt8], file: String) throws(FormatError) {
    if bytes.starts(with: [0xFF, 0xD8]) {
      self = try Self.jpeg(bytes, file)
    } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      self = try Self.png(bytes, file)
    } else {
      throw FormatError(file, "is neither JPEG nor PNG", remedy: "convert it, or take it away")
    }
  }

  private static func damaged(_ file: String, _ reason: String) -> FormatError {
    FormatError(file, "cannot be decoded: \(reason)", remedy: "replace the file")
  }

  private static func check(_ width: Int, _ height: Int, _ file: String) throws(FormatError) {
    guard width > 0, height > 0, width <= maximumPixels / height else {
      throw damaged(file, "\(width)x\(height) pixels are none or too many")
    }
  }

  private static func jpeg(_ bytes: [UInt8], _ file: String) throws(FormatError) -> Photograph {
    guard let handle = tjInitDecompress() else { throw damaged(file, "out of memory") }
    defer { tjDestroy(handle) }
    var (width, height, sampling, space): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    guard
      tjDecompressHeader3(
        handle, bytes, UInt(bytes.count), &width, &height, &sampling, &space) == 0
    else { throw damaged(file, String(cString: tjGetErrorStr2(handle))) }
    try check(Int(width), Int(height), file)
    let isInk = space == Int32(TJCS_CMYK.rawValue) || space == Int32(TJCS_YCCK.rawValue)
    var pixels = [UInt8](repeating: 0, count: (isInk ? 4 : 3) * Int(width) * Int(height))
    let format = isInk ? TJPF_CMYK : TJPF_RGB
    let status = tjDecompress2(
      handle, bytes, UInt(bytes.count), &pixels, width, 0, height, Int32(format.rawValue),
      TJFLAG_ACCURATEDCT)
    // A warning, as for a truncated file, leaves grey where pixels are missing.
    guard status == 0 else { throw damaged(file, String(cString: tjGetErrorStr2(handle))) }
    return Photograph(
      width: Int(width), height: Int(height), pixels: isInk ? colours(ofInks: pixels) : pixels)
  }

  /// Cyan, magenta, yellow and black, each inverted as Adobe's programs write them, as Pillow converts them.
  private static func colours(ofInks inks: [UInt8]) -> [UInt8] {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(inks.count / 4 * 3)
    for start in stride(from: 0, to: inks.count, by: 4) {
      let light = Int(inks[start + 3])
      for ink in 0..<3 {
        let product = (255 - Int(inks[start + ink])) * light + 128
        pixels.append(UInt8(max(0, light - (((product >> 8) + product) >> 8))))
      }
    }
    return pixels
  }

  private static func png(_ bytes: [UInt8], _ file: String) throws(FormatError) -> Photograph {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    let pixels: [UInt8]? = PNGChunks.withoutColourSpace(bytes).withUnsafeBytes { bytes in
      guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0,
        image.width > 0, image.height > 0,
        Int(image.width) <= maximumPixels / Int(image.height)
      else { return nil }
      let count = 4 * Int(image.width) * Int(image.height)
      // Sixteen bits are cut, as Pillow does; libpng would round them. It takes them for linear and so leaves them as they
      // are when asked for such, but multiplies them by an alpha channel.
      let sixteen = png_uint_32(PNG_FORMAT_FLAG_LINEAR)
      if image.format & (sixteen | png_uint_32(PNG_FORMAT_FLAG_ALPHA)) == sixteen {
        image.format = sixteen | png_uint_32(PNG_FORMAT_FLAG_COLOR)
        var rgb = [UInt16](repeating: 0, count: count / 4 * 3)
        guard png_image_finish_read(&image, nil, &rgb, 0, nil) != 0 else { return nil }
        return rgb.map { UInt8($0 >> 8) }
      }
      // With alpha, so that libpng composes nothing; it is dropped below.
      image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
      image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
      var rgba = [UInt8](repeating: 0, count: count)
      guard png_image_finish_read(&image, nil, &rgba, 0, nil) != 0 else { return nil }
      return (0..<count).filter { $0 % 4 < 3 }.map { rgba[$0] }
    }
    guard let pixels else {
      let message = withUnsafeBytes(of: image.message) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw damaged(file, message.isEmpty ? "too many pixels" : message)
    }
    return Photograph(width: Int(image.width), height: Int(image.height), pixels: pixels)
  }
}
