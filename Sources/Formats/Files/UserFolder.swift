/// The folders in which a user's files of one kind are, by the XDG base directory specification.
package enum UserFolder: String {
  /// The settings that are kept from one run of the program to the next.
  case configuration = "XDG_CONFIG_HOME"
  /// The edits that the user has made.
  case data = "XDG_DATA_HOME"
  /// The edits that could be made again.
  case cache = "XDG_CACHE_HOME"

  /// The folder that the environment names, if its path is absolute, otherwise the usual one at home.
  package func path(in environment: [String: String]) -> String {
    environment[rawValue].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? Path.resolve(usual, against: environment["HOME"] ?? "/")
  }

  private var usual: String {
    switch self {
    case .configuration: ".config"
    case .data: ".local/share"
    case .cache: ".cache"
    }
  }
}
