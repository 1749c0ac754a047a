internal import ModelGraph

extension ModelFile {
  /// Writes a model as a module of PyTorch, with its weights as safetensors beside it.
  ///
  /// - Throws: `FormatError` if a node cannot be computed, weights are missing, or a file cannot be written, or
  ///   exists and may not be replaced.
  static func writePyTorch(_ model: Model, to path: String, replacing: Bool) throws(FormatError) {
    let weights = String(path.dropLast(3)) + ".safetensors"
    if !replacing {
      try AtomicFile.refuseExisting(path)
      try AtomicFile.refuseExisting(weights)
    }
    try checkNumbers(of: model, file: path)
    let exporter = try PyTorchExporter(model, file: path)
    let source = try AtomicFile(staging: Array(exporter.source.utf8), for: path)
    try source.commit(replacing: replacing) { () throws(FormatError) in
      try SafeTensors.write(exporter.parameters, to: weights, replacing: replacing)
    }
  }
}

extension PyTorchExporter {
  /// The file of the module: readable, and with nothing but PyTorch to be imported.
  var source: String {
    let name = Python.className(model.name)
    let body = lines + functions.map(\.definition)
    var imports = ["import json", "import pathlib", "", "import torch", "from torch import nn"]
    if body.contains(where: { $0.contains("F.") }) {
      imports.append("from torch.nn import functional as F")
    }
    var parts = [heading(name) + imports.joined(separator: "\n")]
    if !renamed.isEmpty { parts.append(names) }
    parts.append(network(name))
    parts += PythonFunction.allCases.filter(functions.contains).map(\.definition)
    parts.append(Self.reading)
    if hasZeros { parts.append(Self.keeping) }
    return parts.joined(separator: "\n\n\n") + "\n"
  }

  private func heading(_ name: String) -> String {
    let input = model.input
    let shape = input.storedExtents(of: model.graph.inputShape).map(String.init)
    func values(_ values: [Float]) -> String {
      let numbers = values.map(Python.number)
      return numbers.count == 1 ? numbers[0] : "[\(numbers.joined(separator: ", "))]"
    }
    let title = String(model.name.printable.map { "\"\\".contains($0) ? "'" : $0 })
    return """
      \"""\(title), written by sculpt \(programVersion): \(model.graph.parameterCount) parameters, \
      \(model.graph.macs) multiply-accumulates an image.

          network = \(name).load()
          outputs = network(x)

      x is [\((["N"] + shape).joined(separator: ", "))]\(input.channels == .bgr ? ", blue first" : ""), made of \
      bytes by (byte * \(Python.number(input.scale)) - \(values(input.mean))) / \(values(input.deviation)).
      The weights are those of the file called like this one with .safetensors at the end.
      \"""

      """
  }

  private var names: String {
    let rows = renamed.map { "    \(Python.string($0.file)): \(Python.string($0.state))," }
    return "# What the weights' file calls otherwise than the modules here.\nSTATE = {\n"
      + rows.joined(separator: "\n") + "\n}"
  }

  private func network(_ name: String) -> String {
    func indented(_ lines: [String]) -> String {
      lines.map { "        \($0)" }.joined(separator: "\n")
    }
    let state =
      renamed.isEmpty
      ? "tensors" : "{STATE.get(name, name): tensor for name, tensor in tensors.items()}"
    return """
      class \(name)(nn.Module):
          def __init__(self):
      \(indented(["super().__init__()"] + layers))

          def forward(self, x):
      \(indented(lines))

          @classmethod
          def load(cls, path=pathlib.Path(__file__).with_suffix(".safetensors")):
              \"""The network with its trained weights, set to inference.\"""
              tensors, network = read_safetensors(path), cls()
              network.load_state_dict(\(state))
              return network.eval()
      """
  }

  private static var reading: String {
    """
    def read_safetensors(path):
        \"""The float32 tensors of a safetensors file by name.\"""
        data = bytearray(pathlib.Path(path).read_bytes())
        start = 8 + int.from_bytes(data[:8], "little")
        header = json.loads(data[8:start])
        header.pop("__metadata__", None)
        tensors = {}
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            values = torch.frombuffer(data, dtype=torch.float32, count=(end - begin) // 4, offset=start + begin)
            tensors[name] = values.view(entry["shape"])
        return tensors
    """
  }

  /// Whether weights are masked.
  private var hasZeros: Bool {
    parameters.values.contains { $0.shape.count > 1 && $0.values.contains(0) }
  }

  private static var keeping: String {
    """
    def keep_zeros(network):
        \"""Lets weights that are zero, as they were pruned, stay zero while the network is trained on.\"""
        for weight in network.parameters():
            if weight.dim() > 1 and (weight == 0).any():
                kept = (weight != 0).detach()
                weight.register_hook(lambda gradient, kept=kept: gradient * kept)
    """
  }
}
