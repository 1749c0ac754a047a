public import ArgumentParser

extension ParsableArguments {
  /// Checks a number of threads.
  public func check(threads: Int?) throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be between 1 and 1024, not \(threads)")
    }
  }

  /// Checks what a search is made of.
  public func check(images: Int, steps: Int) throws {
    guard images > 0, steps > 0 else {
      throw ValidationError("--images and --steps must be at least 1")
    }
  }
}
