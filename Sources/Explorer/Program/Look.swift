internal import Formats
internal import TerminalKit

/// The look of the screen: the theme, the characters, the preferences of the last time.
struct Look {
  let catalog: ThemeCatalog
  let theme: Theme
  var glyphs: GlyphSet
  let preferences: Preferences
  /// Where preferences are kept; nil if they are not.
  let file: PreferencesFile?
  /// Why something could not be read, if so.
  let problem: String?

  init(_ options: ExplorerOptions) throws {
    catalog = ThemeCatalog(
      application: "sculpt", executable: options.executable, environment: options.environment)
    glyphs = options.isASCII ? .ascii : GlyphSet.detect(environment: options.environment)
    let kept = PreferencesFile(environment: options.environment)
    var preferences = Preferences()
    var problem: String?
    do throws(FormatError) { preferences = try kept.read() } catch { problem = "\(error)" }
    file = problem == nil ? kept : nil
    if let theme = options.theme {
      self.theme = try catalog.theme(named: theme)
      preferences.theme = theme
    } else if let theme = try? catalog.theme(named: preferences.theme) {
      self.theme = theme
    } else {
      problem = problem ?? "there is no theme \(preferences.theme) any more; t chooses one"
      theme = .default
      preferences.theme = theme.name
    }
    self.preferences = preferences
    self.problem = problem
  }
}
