import Testing

/// Without a model.
@Suite struct WelcomeTests {
  @Test func thereIsAScreenToChooseAModel() throws {
    let home = try Home()
    let user = try User(home, starts: home.launch(.explorer, []))
    try user.sees("Models", "resnet20-fashion")
    user.presses("o")
    user.types(home["nowhere.json"])
    user.presses(.enter)
    try user.sees("✗", #"nowhere\.json"#)
    user.replaces(with: try home.smallModel())
    user.presses(.enter)
    try user.seesItLoaded()
    try user.leaves()
  }
}
