internal import Formats

extension Recipe {
  /// The first setting that differs in the JSON of another recipe; nil if all are the same.
  func difference(fromJSON text: String) -> String? {
    guard case .object(let own) = jsonValue,
      case .object(let others)? = try? JSONParser.parse(Array(text.utf8)[...], file: "")
    else { return "its recipe cannot be read" }
    func value(_ key: String, _ members: [JSONValue.Member]) -> String? {
      members.first { $0.key == key }?.value.compact
    }
    for key in (own + others).map(\.key) {
      let (mine, theirs) = (value(key, own), value(key, others))
      if mine != theirs {
        return "its '\(key)' is \(theirs ?? "absent"), the recipe's is \(mine ?? "absent")"
      }
    }
    return nil
  }
}
