import Formats
import ModelGraph
import TestSupport
import Testing

/// Weights in a file beside the model.
@Suite struct ONNXExternalDataTests {
  @Test func dataBesideTheModelAreRead() throws {
    let inside = try ONNXFixture.read("external-inside")
    let whole = try ONNXFixture.read("batch-dynamic")
    #expect(inside.parameters == whole.parameters)
    #expect(inside.graph == whole.graph)
  }

  @Test func theDigestCoversTheData() throws {
    let folder = try TemporaryFolder()
    let model = try folder.write(bytes(of: ONNXFixture.path("external-inside.onnx")), to: "m.onnx")
    var data = try bytes(of: ONNXFixture.path("weights.bin"))
    _ = try folder.write(data, to: "weights.bin")
    let before = try ModelFile.read(at: model).digest
    data[0] ^= 1
    _ = try folder.write(data, to: "weights.bin")
    #expect(try ModelFile.read(at: model).digest != before)
  }

  @Test(arguments: [
    ("missing", "nowhere.bin: cannot be opened"),
    ("short", "weights.bin: ends at byte 28, byte 44 is wanted"),
    ("outside", "tensor 'fc.bias' is at '../weights.bin', outside the model's folder"),
    ("absolute", "tensor 'fc.bias' is at '/weights.bin', outside the model's folder"),
  ])
  func otherDataAreRefused(name: String, message: String) throws {
    let error = #expect(throws: FormatError.self) { try ONNXFixture.read("external-\(name)") }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
