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
    // Images that f would refuse are refused here.
    user.presses(.down, .down)
    user.pastes(home["models/data/few-images"])
    try user.sees("make 'holdout' smaller")
    user.replaces(with: "")
    user.presses(.up, .up)
    user.pastes(home["models/data/few"])
    try user.sees("is not there", "few-images")
    user.presses(.tab)
    try user.sees("with these  [0-9.]+ % of 4 images", "enter: losses and scores rest on")
    user.presses(.enter)
    try user.sees("all is measured anew")
    user.presses("j")
    try user.sees("dense [0-9.]+ % of 4 images")
    for (key, images) in [("z", 500), ("Z", 4)] {
      user.presses(.character(key))
      try user.sees("all is measured anew")
      user.presses("j")
      try user.sees("dense [0-9.]+ % of \(images) images")
    }
    user.presses("T")
    user.replaces(with: "40")
    user.presses(.enter)
    try user.sees("/ 40 %")
    try user.leaves()

    // Runs without episodes that were left are not there any more.
    #expect(try home.storedRuns().count == 1)
    let run = try #require(try home.storedRuns().first).path
    let later = try home.opens("--resume", run, columns: 120, rows: 40)
    try later.sees("dense [0-9.]+ % of 4 images", "/ 40 %")
    try later.leaves()
  }

  @Test func imagesOfTheCommandLineAreFoundAgain() throws {
    let home = try Home()
    let user = try home.opensSmallModel("--data", home["models/data/few-images"], columns: 120)
    try user.sees("dense [0-9.]+ % of 4 images")
    user.presses("n")
    try user.sees("ep 1 ● LIVE", "■ paused")
    try user.leaves()
    let run = try #require(try home.storedRuns().first).path
    let later = try home.opens("--resume", run, columns: 120)
    try later.sees("ep 1 ● LIVE", "of 4 images")
    try later.leaves()
  }
}
