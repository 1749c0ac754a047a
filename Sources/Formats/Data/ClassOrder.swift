/// Which class a folder of photographs is.
public enum ClassOrder: String, CaseIterable, Hashable, Sendable, Codable {
  /// The class of its name, if the model names its classes so; its number, if the folders are numbers but fewer
  /// than the model's classes; otherwise its place among the names.
  case usual
  /// Its place among the names, in the order of their code points, as torchvision's `ImageFolder`.
  case names
  /// The number that it is called.
  case numbers
}
