/// The reason why a search cannot go on, in one line.
public struct SearchError: Error, Hashable, CustomStringConvertible {
  /// One line for the user.
  public let description: String
  /// The program that has what is asked for, if that is the reason.
  public let holder: RunHolder?

  init(_ description: String) { (self.description, holder) = (description, nil) }

  /// Another program writes into the run at a path.
  init(_ run: String, heldBy holder: RunHolder) {
    description =
      "\(run): \(holder) writes into this run, and one program does at a time: end that one first; "
      + "sculpt-tui --follow shows the run meanwhile"
    self.holder = holder
  }
}
