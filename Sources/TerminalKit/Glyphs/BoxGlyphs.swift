/// The characters of lines, corners and joints, each one column wide.
public struct BoxGlyphs: Hashable, Sendable {
  /// Left to right.
  public let horizontal: String
  /// Top to bottom.
  public let vertical: String
  /// ┌
  public let topLeft: String
  /// ┐
  public let topRight: String
  /// └
  public let bottomLeft: String
  /// ┘
  public let bottomRight: String
  /// ├
  public let teeRight: String
  /// ┤
  public let teeLeft: String
  /// ┬
  public let teeDown: String
  /// ┴
  public let teeUp: String
  /// ┼
  public let cross: String

  /// Thin lines.
  public static let light = BoxGlyphs("─│┌┐└┘├┤┬┴┼")
  /// ASCII.
  public static let ascii = BoxGlyphs("-|+++++++++")

  private init(_ characters: String) {
    let glyphs = characters.map(String.init)
    horizontal = glyphs[0]
    vertical = glyphs[1]
    topLeft = glyphs[2]
    topRight = glyphs[3]
    bottomLeft = glyphs[4]
    bottomRight = glyphs[5]
    teeRight = glyphs[6]
    teeLeft = glyphs[7]
    teeDown = glyphs[8]
    teeUp = glyphs[9]
    cross = glyphs[10]
  }
}
