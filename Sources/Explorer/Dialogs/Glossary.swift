/// What the words and marks on the screen mean, part by part.
package enum Glossary {
  /// A word or mark as the screen has it.
  package struct Entry: Sendable {
    package let term: String
    package let meaning: String

    fileprivate init(_ term: String, _ meaning: String) {
      self.term = term
      self.meaning = meaning
    }
  }

  /// Those of a pane.
  package static func entries(of pane: Pane) -> [Entry] {
    switch pane {
    case .layers: layers
    case .score: score
    case .detail: detail
    case .pareto: pareto
    case .steps: steps
    case .log: log
    }
  }

  /// Those of the top line.
  package static let header = [
    Entry(
      "ep",
      "episode: a few steps one after the other, as in 12·2/4; a step is one strategy that the agent proposes, cut down to "
        + "the target and tried on the images; [ and ] go through episodes, 5 through steps"),
    Entry(
      "LIVE",
      "the strategy that the search is at, with your pins and edits; PAST is one of its episodes, SWEPT one that was planned (v)"
    ),
    Entry(
      "MACs", "multiply-accumulates kept of the dense model's, beside the target (T changes it)"),
    Entry("over", "more is kept than the target allows"),
    Entry(
      "acc",
      "accuracy on the images that judge the search, and its distance from the dense model's on the same"
    ),
    Entry("faster", "predicted from the time of every choice, measured on this machine"),
  ]

  private static let layers = [
    Entry(
      "⊕",
      "the rails are the way of the data: ● a layer with weights, ○ one without, ⊕ where branches are added"
    ),
    Entry("/16", "filters that stay, of all; heads and neurons in a Vision Transformer"),
    Entry("⠿⠇", "the kernel's taps that stay, each dot a tap"),
    Entry("taps-", "so many of the kernel's taps stay, for each block of filters its own"),
    Entry("272", "one mask for all filters; its rows as octal digits: .1. 111 .1."),
    Entry("stripe-", "whole rows or columns of the kernel stay"),
    Entry("⚑", "pinned: the search leaves it as it is (space)"),
    Entry("⇄", "its channels go or stay with those of the selected layer"),
    Entry("%", "MACs that the layer keeps of its own"),
  ]

  private static let score = [
    Entry(
      "score",
      "e to the minus the divergence of the outputs from the dense model's, in nats: 1 is the dense model"
    ),
    Entry(
      "reward",
      "what a step is believed to have gained over the strategy that it changed, in the logarithm of the divergence, less w times what it is over the target"
    ),
    Entry(
      "w",
      "weight of what is over the target in the reward; it follows the episodes unless you set it"),
    Entry("best", "the best score so far, the dotted line"),
    Entry("▲", "a record by more than chance explains on so many images"),
    Entry("images", "looked at in this session, each as often as a strategy was judged on it"),
  ]

  private static let detail = [
    Entry("taps", "the choice for the layer's kernels, and how many taps it leaves"),
    Entry("channels", "the choice for its filters; the next layers lose as many inputs"),
    Entry(
      "est. loss",
      "how far this choice alone moves the logits on calibration images: squared error over their variance; 0 changes "
        + "nothing, at 100% nothing of what they say is left"),
    Entry(
      "all layers",
      "the same, added up over the strategy that is shown, beside the accuracy that it lost: what such an error comes to "
        + "for this model"),
    Entry("coupled", "layers whose channels are added to each other: they stay or go together"),
    Entry("read by", "layers that lose as many inputs"),
    Entry("⚑ holds", "the pin is of the channels of these layers, too"),
    Entry("×", "filters that have the mask beside it, and its rows as octal digits"),
    Entry("heat", "how much of the weights' energy each tap has"),
    Entry("filters by norm", "how many filters have small and large weights"),
    Entry(
      "outputs",
      "how often the layer yields small and large values on a few images, after its activation"),
  ]

  private static let steps = [
    Entry(
      "step",
      "one strategy that the agent proposed, cut down to the target and tried on the images; 12.3 is the third of "
        + "episode 12; j and k go through them, each is shown as it was"),
    Entry("reward", "see the score's pane: gained over the strategy that the step changed"),
    Entry(
      "over", "how far the proposal was over the target, in % of the dense model; it was repaired"),
    Entry("▲", "the best step of a record episode"),
    Entry("★", "fine-tuned, with the accuracy before and after"),
  ]

  private static let log = [
    Entry("ep", "episodes that had ended when it was done, or happened")
  ]

  private static let pareto = [
    Entry("n ", "images that judge each step; a few of the best are measured on all"),
    Entry("○", "the best: no other step keeps less and is as accurate"),
    Entry("●", "measured on all images"),
    Entry(
      "□",
      "the planner's strategy for each target from 25 to 75 % (v), without a search; enter aims at it"
    ),
    Entry(
      "off by",
      "how far measured times are from the predicted ones, as shares of the dense model's (zoomed)"),
    Entry("◆", "what is shown, with its accuracy and the interval that holds it in 95 % of cases"),
    Entry("time", "of one image, predicted, as a share of the dense model's"),
  ]
}
