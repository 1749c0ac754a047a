/// Where what comes with a program may be.
public enum InstalledFolders {
  /// In order: what is installed with the program (`../share/APPLICATION/NAME`), and `NAME` in any folder above the
  /// program, as in a checkout.
  public static func places(
    of name: String, application: String, executable: String
  ) -> [String] {
    var folders = executable.split(separator: "/").dropLast()
    let share = (folders.dropLast() + ["share"]).joined(separator: "/")
    var places = ["/\(share)/\(application)/\(name)"]
    while !folders.isEmpty {
      places.append("/" + folders.joined(separator: "/") + "/" + name)
      folders.removeLast()
    }
    return places
  }
}
