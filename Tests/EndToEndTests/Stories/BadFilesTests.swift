import Formats
import Foundation
import PseudoTerminal
import TestSupport
import Testing

/// Files that are not there, not what they seem, or damaged.
@Suite struct BadFilesTests {
  private let home: Home

  init() throws { home = try Home() }

  @Test(arguments: [(Program.sculpt, ["evaluate"]), (.explorer, [])])
  func badPathsGraphsAndOptionsAreToldInOneLine(program: Program, command: [String]) throws {
    _ = try home.variant("cycle", #"\["input"\]"#, #"["relu"]"#)
    _ = try home.variant("shape", #""output_channels": 16"#, #""output_channels": 17"#)
    _ = try home.variant("operator", #""Relu""#, #""Frobnicate""#)
    for (code, mention, arguments) in [
      (1, #"missing\.json"#, ["missing.json"]), (1, "data", ["data"]),
      (1, #"cycle\.json.*node '"#, ["cycle.json"]), (1, #"shape\.json.*node '"#, ["shape.json"]),
      (1, #"operator\.json.*node 'relu'.*Frobnicate"#, ["operator.json"]),
      (2, "--nonsense", ["small.json", "--nonsense"]),
      (2, "threads", ["small.json", "--threads", "0"]), (2, "seed", ["small.json", "--seed", "x"]),
    ] as [(Int32, String, [String])] {
      try home.refuses(code, mention, program, command + arguments, in: home["models"])
    }
  }

  /// A model whose weights or images are damaged, and the file that is to be named.
  @Test(arguments: ["truncated.safetensors", "nan.safetensors", "none-images", "damaged.gz"])
  func badWeightsAndImagesAreNamed(file: String) throws {
    let model = try damagedModel(file)
    let name = file.replacingOccurrences(of: ".", with: #"\."#)
    try home.refuses(1, name + (file == "nan.safetensors" ? ".*fc" : ""), ["evaluate", model])

    let user = try home.opens(model)
    try user.sees("no data|structure only", name)
    user.presses("p")
    try user.sees("no search without|\(name)")
    try user.leaves()
  }

  private func damagedModel(_ file: String) throws -> String {
    _ = try home.smallModel()
    let weights = try bytes(of: home["models/weights.safetensors"])
    switch file {
    case "truncated.safetensors":
      _ = try home.folder.write(weights.prefix(500_000), to: "models/" + file)
      return try home.variant("truncated", "weights.safetensors", file)
    case "nan.safetensors":
      _ = try home.folder.write(weights.dropLast(4) + [0, 0, 0xC0, 0x7F], to: "models/" + file)
      return try home.variant("nan", "weights.safetensors", file)
    case "none-images":
      let none: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28]
      _ = try home.folder.write(none, to: "models/data/" + file)
      return try home.variant("none", "data/small-images", "data/" + file)
    default:
      var images = try bytes(of: Sample.validationImages)
      images.replaceSubrange(1_000_000..<1_000_008, with: "not gzip".utf8)
      _ = try home.folder.write(images, to: "models/data/" + file)
      return try home.variant("damaged", "data/small-images", "data/" + file)
    }
  }

  @Test func aFileIsReplacedOnlyWithForceAndARunNever() throws {
    try home.writes("mine\n", to: "taken.json")
    let search = [
      "search", try home.smallModel(), "--episodes", "1", "--steps", "1", "--images", "50",
    ]
    for option in ["--record", "-o"] {
      try home.refuses(1, #"taken\.json"#, search + [option, home["taken.json"]])
      #expect(try home.text("taken.json") == "mine\n")
    }
    _ = try home.sculpts(search + ["-o", home["taken.json"], "--force"])
    #expect(try home.text("taken.json").contains("sculpt-strategy"))
  }
}
