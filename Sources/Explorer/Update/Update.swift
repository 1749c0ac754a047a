internal import Patterns
internal import Search
internal import TerminalKit

/// Takes a message into the state; returns the effects to be carried out.
package func update(_ state: inout ExplorerState, _ message: Message) -> [Effect] {
  let shown = state.run.shown.choices
  let observed = state.observedNode
  let (preferences, memory) = (state.screen.preferences, state.memory)
  var effects = state.take(message)
  state.layers.keepSelectionVisible(among: state.screen.layerRows)
  // The masks of what has just come into view are counted elsewhere.
  let strategy = state.run.shown
  if state.model.weights != nil, state.model.masks[strategy.choices] == nil,
    strategy.choices != shown || message.bringsWeights
  {
    effects.append(.summarize(strategy))
  }
  // Likewise the outputs of a layer that is looked at closely.
  let node = state.observedNode
  if let node, state.model.outputs[node] == nil, node != observed || message.bringsWeights {
    effects.append(.observe(node))
  }
  guard !state.isReadOnly else { return effects }
  if state.screen.preferences != preferences { effects.append(.keep(state.screen.preferences)) }
  if state.run.writer == nil, let now = state.memory, now != memory {
    effects.append(.remember(now))
  }
  return effects
}

extension Message {
  fileprivate var bringsWeights: Bool { if case .weights = self { true } else { false } }
}

extension ExplorerState {
  /// The node whose outputs are shown, where the pane of details has room for them.
  fileprivate var observedNode: Int? {
    guard run.work.canMeasure, let row = layers.selectedRow, case .layer = row,
      let detail = ScreenLayout(screen).panes[.detail],
      screen.focus == .detail || detail.height >= 18
    else { return nil }
    return model.nodes(in: row).last.flatMap { $0 > 0 ? $0 : nil }
  }

  fileprivate mutating func take(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key): return press(key)
    case .mouse(let event): return mouse(event)
    case .paste(let text): return paste(text)
    case .resize(let size): screen.size = size
    case .search(let event): return take(event)
    case .fineTuning(let event): return take(event)
    case .weights(let statistics): model.weights = statistics
    case .masks(let summary): model.take(summary)
    case .outputs(let node, let histogram): model.outputs[node] = histogram
    case .storedRuns(let runs): take(runs)
    case .trial(let trial): take(trial)
    case .folder(let completion): take(completion)
    case .export(let outcome): take(outcome)
    case .failed(let why): say(why, .failure)
    }
    return []
  }
}
