import Testing

/// The agent beside what needs none.
@Suite struct BaselinesTests {
  @Test func compareGivesEachMethodAsManyEvaluations() throws {
    let home = try Home()
    let model = try home.smallModel()
    let json = try home.sculpt(
      "compare", model, "--evaluations", "3", "--images", "100", "--steps", "1", "--json")
    let methods = json.matches(of: /"method" *: *"([a-z]*)"/).map { $0.1 }
    #expect(
      methods == [
        "uniform", "random", "threshold", "greedy", "dynamic", "evolution", "switches", "agent",
      ])
    // Who looks at few images of many strategies has measured fewer on all.
    #expect(json.matches(of: /"evaluations" *: *[1-3]\b/).count == methods.count)
    #expect(json.matches(of: /"evaluations" *: *3\b/).count >= 4)
    // Of the best in the end, and at a point of the budget or more.
    #expect(json.matches(of: /"divergence" *: *[0-9]/).count >= 2 * methods.count)
    #expect(json.matches(of: /"points" *:/).count == methods.count)
  }
}
