import Testing

/// The sample is as accurate as its card says.
@Suite struct AccuracyTests {
  @Test(arguments: [("validation", 4678), ("test", 9337)])
  func theSampleIsAsAccurateAsItsCardSays(split: String, correct: Int) throws {
    let json = try Home().sculpt("evaluate", Sample.resnet, "--split", split, "--json")
    #expect((correct - 2...correct + 2).contains(Int(try number("correct", in: json))))
  }
}
