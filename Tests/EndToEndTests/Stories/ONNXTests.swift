import Formats
import ModelGraph
import PseudoTerminal
import TestSupport
import Testing

/// ONNX files in and out.
@Suite struct ONNXTests {
  private let home: Home
  private let network = Sample.fixtures + "opset-17.onnx"

  init() throws {
    home = try Home()
    // An NPY file of bytes [2, 4, 6, 6].
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 4, 6, 6), }"
    let padding = String(repeating: " ", count: 117 - header.count)
    _ = try home.folder.write(
      [0x93] + Array("NUMPY".utf8) + [1, 0, 0x76, 0] + Array("\(header)\(padding)\n".utf8)
        + [UInt8](repeating: 97, count: 288), to: "x.npy")
  }

  private func outputs(of model: String, _ options: String...) throws -> [UInt8] {
    _ = try home.sculpts(
      ["run", model, "--input", home["x.npy"], "-o", home["y.npy"], "--force"] + options)
    return try bytes(of: home["y.npy"])
  }

  @Test func whatIsImportedAndExportedComputesTheSame() throws {
    let (folder, written) = (home["imported"], home["written.onnx"])
    let input = ["--mean", "0.5", "--std", "0.25"]
    _ = try home.sculpts(["import", network, "-o", folder] + input)
    let expected = try outputs(of: network, "--mean", "0.5", "--std", "0.25")
    #expect(try outputs(of: folder + "/model.json", "--mean", "0.5", "--std", "0.25") == expected)
    try home.refuses(1, "exists", ["import", network, "-o", folder])

    try home.sculpt("export", folder + "/model.json", "-o", written)
    #expect(try outputs(of: written) == expected)
    try home.refuses(1, "exists already", ["export", folder + "/model.json", "-o", written])
    try home.refuses(
      1, "made a folder", ["export", folder + "/model.json", "-o", home["x.npy/none.onnx"]])
    try home.sculpt("export", folder + "/model.json", "-o", written, "--force")
  }

  @Test func anUnsupportedOperatorIsNamedAndTheRestIsShown() throws {
    let unsupported = Sample.fixtures + "unsupported.onnx"
    #expect(
      try home.sculpt("inspect", unsupported).contains("node 'odd' (Mish) cannot be computed"))
    #expect(try home.runs(.explorer, [unsupported, "--once"]).output.contains("mish"))
    try home.refuses(
      1, "Mish", ["run", unsupported, "--input", home["x.npy"], "-o", home["none.npy"]])
    try home.refuses(1, "Mish", ["export", unsupported, "-o", home["none.onnx"]])
    #expect(!home.holds("none.npy") && !home.holds("none.onnx"))
  }

  /// What comes out goes on to PyTorch, to a reader, to Model Explorer, to a phone.
  @Test func exportsAreForOtherTools() throws {
    let strategy = try halved()
    let other = ["export", network, "--strategy", strategy]
    _ = try home.sculpts(other + ["-o", home["pruned.py"]])
    #expect(try home.text("pruned.py").contains("nn.Linear(8, 8"))
    #expect(home.holds("pruned.safetensors"))
    try home.refuses(2, "another format", other + ["--format", "onnx", "-o", home["pruned.py"]])

    // No images: nothing is said of how they would be read, nor of accuracy.
    let report = try home.runs(.sculpt, other + ["-o", home["report.html"]])
    #expect(report.code == 0 && !report.errors.contains("assumed"))
    #expect(try home.text("report.html").contains("not measured"))
    _ = try home.sculpts(other + ["--format", "markdown", "-o", home["report"]])
    #expect(try home.text("report").contains("| parameters |"))
    try home.refuses(2, "needs a --strategy", ["export", network, "-o", home["none.html"]])
    _ = try home.sculpts(other + ["--format", "model-explorer", "-o", home["overlay"]])
    #expect(try home.text("overlay/kept.json").contains(#""fc1": {"value": 0.5}"#))

    let kit = ["latency", network, "--engine", "onnx", "--kit", home["kit"]]
    #expect(try home.sculpts(kit).output.contains("measure.py"))
    #expect(home.holds("kit/dense.onnx") && home.holds("kit/kit.json"))
    try home.refuses(1, "exists already", kit)
    try home.refuses(1, "add --engine onnx", ["latency", network, "--kit", home["other"]])
  }

  /// Images judge a strategy; to apply it, none are needed but those that correct it.
  @Test func exportsNeedNoImagesThatJudge() throws {
    let path = try halved()
    for (number, correction) in [["--correction", "none"], []].enumerated() {
      let written = home["\(number).onnx"]
      _ = try home.sculpts(["export", network, "--strategy", path, "-o", written] + correction)
      #expect(try ModelFile.read(at: written).model.parameters["fc1.weight"]?.shape == [8, 8])
    }
  }

  /// A strategy that removes half of the neurons of the sample network.
  private func halved() throws -> String {
    let unit =
      #"{"unit": "fc1.neurons", "pinned": false, "choice": {"family": "neuron", "density": "1/2"}}"#
    let strategy = """
      {"format": "sculpt-strategy", "version": 1, "model": {"name": "any"}, "program": "any", "seed": 0,
       "target": 0.5, "units": [\(unit)]}
      """
    return try home.folder.write(Array(strategy.utf8), to: "strategy.json")
  }
}
