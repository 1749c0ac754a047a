public import ArgumentParser
public import Engine

extension MemoryBudget: ExpressibleByArgument {
  /// A budget as it is written: a number of gigabytes, or of another unit that is named, as `3`, `2.5G` or `800M`.
  public init?(argument: String) {
    let units: [Character: Double] = ["M": 0x1p20, "G": 0x1p30, "T": 0x1p40]
    var digits = argument.uppercased()
    if digits.hasSuffix("B") { digits.removeLast() }
    if digits.hasSuffix("I") { digits.removeLast() }
    var unit = 0x1p30
    if let last = digits.last, let named = units[last] {
      unit = named
      digits.removeLast()
    }
    guard let number = Double(digits), (0x1p28...0x1p50).contains(number * unit)
    else { return nil }
    self.init(bytes: Int(number * unit))
  }

  /// As it is written.
  public var text: String {
    let gigabytes = (Double(bytes) / 0x1p30 * 10).rounded() / 10
    return "\(gigabytes) GiB"
  }
}

extension ArgumentHelp {
  /// The help of `--memory`.
  public static var memory: ArgumentHelp {
    ArgumentHelp(
      "Memory that a search may take, at least 256M; by default half of what the machine has and at most 6 GiB, here "
        + "\(MemoryBudget.standard.text). Less takes longer.", valueName: "size")
  }
}
