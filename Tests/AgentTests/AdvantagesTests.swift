import Agent
import Testing

@Suite struct AdvantagesTests {
  /// Worked by hand with discount 0.5 and lambda 0.5, so that discount lambda = 0.25:
  ///
  ///     t=2: delta = 3 + 0.5 * 8 - 2 = 5            A = 5
  ///     t=1: delta = 2 + 0.5 * 2 - 4 = -1           A = -1 + 0.25 * 5 = 0.25
  ///     t=0: delta = 1 + 0.5 * 4 - 2 = 1            A = 1 + 0.25 * 0.25 = 1.0625
  @Test func agreesWithHandComputation() {
    let estimates = Advantages(
      rewards: [1, 2, 3], values: [2, 4, 2], isTerminal: [false, false, false],
      bootstrapValue: 8, discount: 0.5, lambda: 0.5)
    #expect(estimates.advantages == [1.0625, 0.25, 5])
    #expect(estimates.returns == [3.0625, 4.25, 7])
  }

  /// A terminal step at t=1 cuts the rest off: A_1 = 2 - 4 = -2, A_0 = 1 + 0.25 * -2 = 0.5.
  @Test func nothingFlowsAcrossTheEndOfAnEpisode() {
    let estimates = Advantages(
      rewards: [1, 2, 3], values: [2, 4, 2], isTerminal: [false, true, true],
      bootstrapValue: 8, discount: 0.5, lambda: 0.5)
    #expect(estimates.advantages == [0.5, -2, 1])
  }

  @Test func lambdaOneGivesDiscountedRewardsLessTheValue() {
    let estimates = Advantages(
      rewards: [1, 1, 1], values: [5, 6, 7], isTerminal: [false, false, true],
      bootstrapValue: 0, discount: 0.5, lambda: 1)
    #expect(estimates.returns == [1.75, 1.5, 1])
  }

  @Test func lambdaZeroGivesTheOneStepError() {
    let estimates = Advantages(
      rewards: [1, 1], values: [5, 6], isTerminal: [false, false], bootstrapValue: 4,
      discount: 1, lambda: 0)
    #expect(estimates.advantages == [2, -1])
  }
}
