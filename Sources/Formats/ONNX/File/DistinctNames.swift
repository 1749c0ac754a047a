/// The names of a file's values: printable, and different wherever their bytes are.
///
/// Swift takes the composed and the decomposed spelling of a name for the same, ONNX does not.
struct DistinctNames {
  private var known: [[UInt8]: String] = [:]
  private var taken: Set<String> = []

  /// What a value is called here that the file calls `raw`.
  mutating func callAsFunction(_ raw: String) -> String {
    let bytes = Array(raw.utf8)
    if let name = known[bytes] { return name }
    let stem = raw.printable
    var name = stem
    var number = 2
    while !taken.insert(name).inserted {
      name = "\(stem)_\(number)"
      number += 1
    }
    known[bytes] = name
    return name
  }
}
