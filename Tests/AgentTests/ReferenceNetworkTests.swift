import Agent
import Foundation
import Tensors
import Testing

/// The network once more, in plain loops and double precision, straight from the formulas in the papers, without
/// tape, batches or matrices: what the agent computes must agree with it.
@Suite struct ReferenceNetworkTests {
  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func policyAndValueAgreeWithPlainLoops(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let learner = try Learner.trained(seed: seed)
    let observation = Observation.random(using: &generator)
    let reference = try ReferenceNetwork(learner)
    let policy = try learner.policy(for: observation)
    let expected = reference(observation)
    #expect(abs(Double(policy.value) - expected.value) < 1e-4)
    for (one, two) in zip(policy.probabilities.joined(), expected.probabilities.joined()) {
      #expect(abs(Double(one) - two) < 1e-4)
    }
  }
}

private struct ReferenceNetwork {
  private struct Stored: Decodable {
    struct Scale: Decodable {
      let mean: Double
      let deviation: Double
    }
    let parameters: Parameters
    let returnScale: Scale
  }

  private let weights: [String: [Double]]
  private let scale: Stored.Scale
  private let settings: NetworkSettings

  init(_ learner: Learner) throws {
    let stored = try PropertyListDecoder().decode(Stored.self, from: learner.checkpoint())
    weights = Dictionary(
      uniqueKeysWithValues: zip(
        stored.parameters.names, stored.parameters.tensors.map { $0.scalars.map(Double.init) }))
    scale = stored.returnScale
    settings = learner.networkSettings
  }

  func callAsFunction(_ observation: Observation) -> (probabilities: [[Double]], value: Double) {
    var nodes = (0..<observation.nodeFeatures.rowCount).map { node in
      linear("encoder.input", observation.nodeFeatures[node].map(Double.init)).map(elu)
    }
    for layer in 0..<settings.layerCount {
      nodes = attend("encoder.\(layer)", nodes, observation.edges)
    }
    nodes = nodes.map { norm("encoder.norm", $0) }
    let graph = mean(nodes)
    let probabilities = observation.units.map { unit in
      let context = add(
        linear("policy.unit", mean(unit.nodes.map { nodes[$0] })), linear("policy.graph", graph))
      let powers = unit.isLegal.indices.map { choice in
        guard unit.isLegal[choice] else { return 0.0 }
        let features = unit.choiceFeatures[choice].map(Double.init)
        let first = add(context, linear("policy.choice", features)).map(elu)
        let second = linear("policy.hidden", first).map(elu)
        return exp(linear("policy.score", second)[0] + Double(unit.prior[choice]))
      }
      return powers.map { $0 / powers.reduce(0, +) }
    }
    let maxima = graph.indices.map { column in nodes.map { $0[column] }.max() ?? 0 }
    let value = linear("value.value", linear("value.hidden", graph + maxima).map(elu))[0]
    return (probabilities, value * scale.deviation + scale.mean)
  }

  /// Brody et al., arXiv 2105.14491, eq. 7, for each head and each target node.
  private func attend(
    _ name: String, _ nodes: [[Double]], _ edges: [Observation.Edge]
  ) -> [[Double]] {
    let headWidth = settings.width / settings.headCount
    let loop = 2 * Observation.Edge.Kind.allCases.count
    let normalized = nodes.map { norm("\(name).norm", $0) }
    let sent = normalized.map { linear("\(name).source", $0) }
    let received = normalized.map { linear("\(name).target", $0) }
    return nodes.indices.map { target in
      var messages = [(source: target, kind: loop)]
      for edge in edges {
        if edge.target == target { messages.append((edge.source, 2 * edge.kind.rawValue)) }
        if edge.source == target { messages.append((edge.target, 2 * edge.kind.rawValue + 1)) }
      }
      var output = Array(repeating: 0.0, count: settings.width)
      for head in 0..<settings.headCount {
        let columns = (head * headWidth)..<((head + 1) * headWidth)
        let powers = messages.map { message in
          exp(
            columns.reduce(0.0) { sum, column in
              let mixed =
                sent[message.source][column] + received[target][column]
                + weights["\(name).kinds", default: []][message.kind * settings.width + column]
              return sum
                + weights["\(name).attention", default: []][column]
                * (mixed > 0 ? mixed : 0.2 * mixed)
            })
        }
        let total = powers.reduce(0, +)
        for (message, power) in zip(messages, powers) {
          for column in columns { output[column] += power / total * sent[message.source][column] }
        }
      }
      return add(nodes[target], linear("\(name).output", output.map(elu)))
    }
  }

  private func linear(_ name: String, _ input: [Double]) -> [Double] {
    let weight = weights["\(name).weight", default: []]
    let width = weight.count / input.count
    let bias = weights["\(name).bias"] ?? Array(repeating: 0, count: width)
    return (0..<width).map { column in
      input.indices.reduce(bias[column]) { $0 + input[$1] * weight[$1 * width + column] }
    }
  }

  private func norm(_ name: String, _ x: [Double]) -> [Double] {
    let mean = x.reduce(0, +) / Double(x.count)
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
    return x.indices.map {
      (x[$0] - mean) / (variance + 1e-5).squareRoot() * weights["\(name).gain", default: []][$0]
        + weights["\(name).bias", default: []][$0]
    }
  }

  private func elu(_ x: Double) -> Double { x > 0 ? x : expm1(x) }

  private func add(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).map { $0 + $1 } }

  private func mean(_ rows: [[Double]]) -> [Double] {
    rows.reduce(rows[0].map { _ in 0 }, add).map { $0 / Double(rows.count) }
  }
}
