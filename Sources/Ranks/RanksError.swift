/// What went wrong on some rank, in one line.
package struct RanksError: Error, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
