internal import ModelGraph

/// The description that ONNX itself has no place for, as JSON among a file's metadata.
struct ONNXMetadata: Sendable {
  /// How an image becomes the input; nil if the file does not say it.
  let input: InputDescription?
  /// The names of the classes, in the order of the logits; may be empty.
  let classes: [String]

  private static let inputKey = "sculpt.input"
  private static let classesKey = "sculpt.classes"

  init(input: InputDescription?, classes: [String]) {
    self.input = input
    self.classes = classes
  }

  /// Reads the entries that are Sculpt's; others are left alone.
  /// - Throws: `FormatError` if they are damaged.
  init(_ entries: [ProtoStringEntry], file: String) throws(FormatError) {
    var members: [JSONValue.Member] = []
    for entry in entries where [Self.inputKey, Self.classesKey].contains(entry.key) {
      guard !members.contains(where: { $0.key == entry.key }) else { continue }
      members.append(
        .init(entry.key, try JSONParser.parse(Array(entry.value.utf8)[...], file: file)))
    }
    var metadata = try ObjectReader(.object(members), file: file, place: "the metadata")
    var input: InputDescription?
    if var reader = try metadata.object(Self.inputKey, place: Self.inputKey) {
      input = try InputDescription(&reader)
      try reader.finish()
    }
    self.input = input
    classes =
      metadata.has(Self.classesKey) ? try metadata.strings(Self.classesKey) : []
  }

  /// The entries that are written.
  var entries: [ProtoStringEntry] {
    var entries: [ProtoStringEntry] = []
    if let input {
      entries.append(ProtoStringEntry(Self.inputKey, JSONValue.object(input.members).compact))
    }
    if !classes.isEmpty {
      let names = JSONValue.array(classes.map(JSONValue.string)).compact
      entries.append(ProtoStringEntry(Self.classesKey, names))
    }
    return entries
  }
}
