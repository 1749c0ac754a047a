package import Formats
package import Patterns
package import Search

/// A model that is written.
package struct ExportedModel: Hashable, Sendable {
  /// Which weights.
  package enum Source: Hashable, Sendable {
    /// Those of the dense model, pruned and corrected; as strategies usually are if nil.
    case pruned(Strategy, Correction?)
    /// Those that were trained on.
    case fineTuned(FineTuned)
  }

  /// Which weights.
  package let source: Source
  /// How they are written.
  package let format: ModelFormat

  /// Those weights, written so.
  package init(source: Source, format: ModelFormat) {
    self.source = source
    self.format = format
  }
}
