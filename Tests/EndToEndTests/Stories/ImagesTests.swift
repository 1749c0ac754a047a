import PseudoTerminal
import Testing

/// `I` chooses the images from inside.
@Suite struct ImagesTests {
  @Test func otherImagesAreSeenAtOnceAndFoundAgain() throws {
    let home = try Home()
    let user = try home.opensSmallModel(columns: 120, rows: 40)
    try user.seesItLoaded()
    user.presses("I")
    try user.sees("─ Images", "with these  [0-9.]+ % of [0-9]+ images")
    user.pastes(home["models/data/few"])
    try user.sees("is not there", "few-images")
    user.presses(.tab)
    try user.sees("with these  [0-9.]+ % of 4 images", "enter: losses and scores rest on")
    user.presses(.enter)
    try user.sees("all is measured anew", "acc [0-9.]+")
    user.presses("T")
    user.replaces(with: "40")
    user.presses(.enter)
    try user.sees("/ 40 %")
    try user.leaves()

    let run = try #require(try home.storedRuns().first).path
    let later = try home.opens("--resume", run, columns: 120, rows: 40)
    try later.sees("dense [0-9.]+ % of 4 images", "/ 40 %")
    try later.leaves()
  }
}
