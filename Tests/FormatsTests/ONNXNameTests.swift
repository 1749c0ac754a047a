import ModelGraph
import Testing

@testable import Formats

/// What nodes and parameters are called.
@Suite struct ONNXNameTests {
  private func node(_ kind: String, _ name: String, _ inputs: [String] = ["x"]) -> ONNXNode {
    var node = ProtoNode()
    node.opType = kind
    node.name = name
    node.input = inputs
    var names = DistinctNames()
    return ONNXNode(node, file: "model.onnx", names: &names)
  }

  private func name(_ node: ONNXNode) -> String {
    ONNXNames.name(of: node, 7) { $0 != "x" }
  }

  @Test func layersAreCalledByTheirWeights() {
    #expect(
      name(node("Conv", "/anything/Conv", ["x", "layer1.0.conv1.weight"])) == "layer1.0.conv1")
    #expect(name(node("Conv", "Conv_3", ["x", "conv1_weight"])) == "conv1")
  }

  @Test(arguments: [
    ("/layer1/layer1.0/Add", "Add", "layer1.0.add"),
    ("/layer1/layer1.0/relu_1/Relu", "Relu", "layer1.0.relu_1.relu"),
    ("/mlp/mlp.0/MatMul", "MatMul", "mlp.0.matmul"), ("/Concat_1", "Concat", "concat_1"),
    ("Add_12", "Add", "Add_12"), ("", "Add", "add7"),
  ])
  func othersByTheirModule(path: String, kind: String, expected: String) {
    #expect(name(node(kind, path)) == expected)
  }

  @Test func aLayerWhoseWeightHasNoNameIsItsModule() {
    #expect(
      name(node("MatMul", "/blocks.0/attn/qkv/MatMul", ["x", "onnx::MatMul_9"]))
        == "blocks.0.attn.qkv")
  }

  @Test func theNewerExportersScopesAreRead() throws {
    #expect(
      try ONNXFixture.nodes("scopes") == [
        "stem.act.relu Relu", "stem.act.relu_2 Relu", "stem.conv Conv", "stem.add Add",
      ])
    #expect(try ONNXFixture.read("scopes").parameters.keys.sorted() == ["stem.conv.weight"])
  }

  @Test(arguments: [
    ("fc.weight", true), ("cls_token", true), ("onnx::Conv_12", false), ("193", false),
    ("val_3", false), ("/block/Constant_output_0", false), ("", false),
  ])
  func tellingNames(name: String, isTelling: Bool) {
    #expect(ONNXNames.isTelling(name) == isTelling)
  }

  @Test func aModulesOnlyNodeIsCalledLikeIt() {
    let names = ONNXNames.modules(of: [
      ("stem.relu.relu", .relu), ("a.mul_2", .activation(.silu)), ("a.add", .add),
      ("b.pool", .globalAveragePool), ("b", .flatten), ("plain", .flatten),
    ])
    #expect(names == ["stem.relu.relu": "stem.relu", "a.mul_2": "a"])
  }

  @Test func noNodeIsCalledLikeTheInput() {
    #expect(ONNXNames.modules(of: [("input.batch", .flatten)]) == [:])
  }
}
