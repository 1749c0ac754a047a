internal import ModelGraph

extension InputDescription {
  /// Reads the members that `members` writes; each may be missing.
  init(_ reader: inout ObjectReader) throws(FormatError) {
    self.init()
    scale = try reader.float("scale", default: scale)
    mean = try reader.floats("mean", default: mean)
    deviation = try reader.floats("std", default: deviation)
    guard deviation.allSatisfy({ $0 > 0 }) else { throw reader.error("'std' must be positive") }
  }

  /// What a file says of it.
  var members: [JSONValue.Member] {
    [
      .init("scale", .float(scale)),
      .init("mean", .array(mean.map(JSONValue.float))),
      .init("std", .array(deviation.map(JSONValue.float))),
    ]
  }
}
