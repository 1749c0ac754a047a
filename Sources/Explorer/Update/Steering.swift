internal import Patterns
internal import Search
internal import TerminalKit

extension ExplorerState {
  /// Asks for another target.
  mutating func openTargetPrompt() {
    let target = run.settings.target
    overlay = .prompt(
      Prompt(
        kind: .target(target.resource, canTurn: model.latencies != nil),
        field: TextField(Numbers.decimal(target.share * 100, places: 0), limit: 10)))
  }

  /// Asks for another weight of an excess.
  mutating func openMultiplierPrompt() {
    let held = run.settings.multiplier.map { Numbers.decimal($0, places: 2) }
    overlay = .prompt(Prompt(kind: .multiplier, field: TextField(held ?? "", limit: 10)))
  }

  /// Does what a key does in a prompt.
  mutating func press(_ key: Key, in prompt: Prompt) -> [Effect] {
    var prompt = prompt
    switch key {
    case .escape, .control("c"):
      overlay = nil
      return []
    case .enter: return finish(prompt)
    case .tab: prompt.turn()
    default: _ = prompt.field.handle(key)
    }
    overlay = .prompt(prompt)
    return []
  }

  private mutating func finish(_ prompt: Prompt) -> [Effect] {
    guard let answer = prompt.answer else {
      say(prompt.refusal, .refusal)
      return []
    }
    overlay = nil
    var aim = run.aim
    switch answer {
    case .target(let target):
      aim.target = target
      return steer(to: aim, "the search aims at \(Numbers.target(target)) from now on")
    case .multiplier(let multiplier):
      aim.multiplier = multiplier
      return steer(
        to: aim,
        multiplier.map { "an excess weighs \(Numbers.decimal($0, places: 2)) from now on" }
          ?? "the weight of an excess follows the episodes again")
    }
  }
}
