internal import Formats
internal import Search

extension FineTuneSettings {
  /// Trains on the images of a choice, on others if it has none; `own` is the model as it says itself.
  /// - Throws: `FormatError` if the path holds no data.
  mutating func train(
    by choice: DataChoice, else usual: DataSource?, in own: ModelFile
  ) throws(FormatError) {
    train = choice[.train] == nil ? usual : try choice.source(of: .train, in: own)
  }
}
