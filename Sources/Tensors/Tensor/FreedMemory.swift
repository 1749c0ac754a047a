internal import CKernels

/// The use of memory that tensors have freed.
public enum FreedMemory {
  /// Keeps it for later tensors while `body` runs, and returns it to the system then: every batch of a
  /// training asks for the same hundreds of megabytes, and getting them anew takes as long as computing.
  public static func reused<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    sculpt_keep_freed_memory(1)
    defer { sculpt_keep_freed_memory(0) }
    return try body()
  }
}
