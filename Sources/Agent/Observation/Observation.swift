/// The agent's observation before a step: a graph with features, and the units that each await one choice.
public struct Observation: Sendable, Hashable, Codable {
  /// One row a node: at least one node.
  public var nodeFeatures: FeatureTable
  /// The edges, each once; the encoder adds the opposite directions and self-loops.
  public var edges: [Edge]
  /// The units, which take one decision each; at least one.
  public var units: [Unit]

  /// Creates an observation; it is checked against the learner when it is used.
  public init(nodeFeatures: FeatureTable, edges: [Edge], units: [Unit]) {
    self.nodeFeatures = nodeFeatures
    self.edges = edges
    self.units = units
  }

  /// A typed edge between two nodes.
  public struct Edge: Sendable, Hashable, Codable {
    /// The kind of an edge; each kind, and each direction of it, has an embedding of its own.
    public enum Kind: Int, Sendable, Hashable, Codable, CaseIterable {
      /// The target reads the source's output.
      case dataFlow
      /// The target adds the source's output to another branch.
      case residual
      /// Both must be pruned together.
      case coupling
    }

    /// The index of the node the edge leaves.
    public var source: Int
    /// The index of the node the edge enters.
    public var target: Int
    /// The kind of the edge.
    public var kind: Kind

    /// Creates an edge.
    public init(from source: Int, to target: Int, kind: Kind) {
      self.source = source
      self.target = target
      self.kind = kind
    }
  }

  /// One decision: the nodes it is about and the menu to choose from.
  public struct Unit: Sendable, Hashable, Codable {
    /// The indices of its nodes, whose embeddings are averaged: at least one.
    public var nodes: [Int]
    /// One row a menu entry.
    public var choiceFeatures: FeatureTable
    /// The offset of the policy's logits, one number an entry: the logarithm of a prior probability, up
    /// to a constant.
    public var prior: [Float]
    /// Which entries may be chosen: at least one. A pinned unit has only its pinned entry.
    public var isLegal: [Bool]

    /// Creates a unit.
    public init(nodes: [Int], choiceFeatures: FeatureTable, prior: [Float], isLegal: [Bool]) {
      self.nodes = nodes
      self.choiceFeatures = choiceFeatures
      self.prior = prior
      self.isLegal = isLegal
    }
  }
}
