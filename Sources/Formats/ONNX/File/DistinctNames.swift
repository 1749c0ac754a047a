/// The names of a file's values: printable, and different wherever their bytes are.
///
/// Swift takes the composed and the decomposed spelling of a name for the same, ONNX does not.
struct DistinctNames {
  private var known: [[UInt8]: String] = [:]
  private var taken: Set<String> = []
  /// The last number that was added to a name.
  private var numbers: [String: Int] = [:]

  /// What a value is called here that the file calls `raw`.
  mutating func callAsFunction(_ raw: String) -> String {
    let bytes = Array(raw.utf8)
    if let name = known[bytes] { return name }
    let stem = raw.printable
    var name = stem
    while !taken.insert(name).inserted {
      let number = numbers[stem, default: 1] + 1
      numbers[stem] = number
      name = "\(stem)_\(number)"
    }
    known[bytes] = name
    return name
  }
}
