public import ArgumentParser

extension ParsableArguments {
  /// Checks a number of threads.
  public func check(threads: Int?) throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be between 1 and 1024, not \(threads)")
    }
  }

  /// Checks a share of the MACs to keep.
  public func check(target: Double) throws {
    guard target > 0, target <= 1 else {
      throw ValidationError("--target is a share above 0 and at most 1, not \(target)")
    }
  }

  /// Checks what a search is made of.
  public func check(images: Int, steps: Int) throws {
    guard images > 0, steps > 0 else {
      throw ValidationError("--images and --steps must be at least 1")
    }
  }
}
