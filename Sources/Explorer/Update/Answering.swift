internal import TerminalKit

extension ExplorerState {
  /// Does what a key does in a question.
  mutating func press(_ key: Key, in question: Question) -> [Effect] {
    var question = question
    switch key {
    case .right, .down, .tab, .character("l"), .character("j"): question.move(by: 1)
    case .left, .up, .backtab, .character("h"), .character("k"): question.move(by: -1)
    case .enter, .character(" "): return answer(question.answers[question.selected].action)
    case .character("y"): return answer(question.answers[0].action)
    case .character("n"): return answer(.stay)
    // Pressed twice it leaves, as at the main screen.
    case .control("c") where question.answers[0].action == .quit: return answer(.quit)
    case .escape, .control("c"): return answer(.stay)
    default:
      let answered = question.answers.first { $0.key == key.description }
      if let answered { return answer(answered.action) }
    }
    overlay = .question(question)
    return []
  }

  private mutating func answer(_ action: Question.Action) -> [Effect] {
    overlay = nil
    switch action {
    case .quit: return [.quit]
    case .export: return Keymap.bindings.first { $0.command == .export }.map { perform($0) } ?? []
    case .cancelFineTuning:
      guard run.fineTuning != nil else { return [] }
      run.fineTuning?.isCancelling = true
      return [.cancelFineTuning]
    case .deleteRun(let path):
      overlay = .runs(RunBrowser())
      return [.deleteRun(path)]
    case .stay: return []
    }
  }
}
