internal import ModelGraph

extension InputDescription {
  /// Reads the members that `members` writes; each may be missing.
  init(_ reader: inout ObjectReader) throws(FormatError) {
    self.init()
    scale = try reader.float("scale", default: scale)
    mean = try reader.floats("mean", default: mean)
    deviation = try reader.floats("std", default: deviation)
    channels = try reader.choice("channels", default: channels)
    layout = try reader.choice("layout", default: layout)
    scalesFloats = try reader.flag("scalesFloats", default: scalesFloats)
    guard deviation.allSatisfy({ $0 > 0 }) else { throw reader.error("'std' must be positive") }
  }

  /// The file's words for it.
  var members: [JSONValue.Member] {
    [
      .init("scale", .float(scale)),
      .init("mean", .array(mean.map(JSONValue.float))),
      .init("std", .array(deviation.map(JSONValue.float))),
    ] + (channels == .rgb ? [] : [.init("channels", .string(channels.rawValue))])
      + (scalesFloats ? [.init("scalesFloats", .bool(true))] : [])
      + (layout == .channelsFirst ? [] : [.init("layout", .string(layout.rawValue))])
  }
}
