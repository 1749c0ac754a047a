import Formats
import ModelGraph
import TestSupport
import Testing

/// Arrays of numpy in the types, layouts and orders of colours that data come in.
@Suite struct ImageArrayTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// An array as numpy saves it.
  private func npy<Number>(_ values: [Number], _ type: String, _ extents: [Int]) -> [UInt8] {
    let shape = extents.map { "\($0)," }.joined(separator: " ")
    var header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape)), }".utf8)
    header += [UInt8](repeating: 0x20, count: 117 - header.count) + [0x0A]
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + header
      + values.withUnsafeBytes { Array($0) }
  }

  private func read(
    _ images: [UInt8], labels: [UInt8]? = nil, shape: [Int] = [3, 1, 2],
    input: InputDescription = InputDescription()
  ) throws -> Dataset {
    let graph = try Graph(
      input: Shape(shape),
      declarations: [.init(name: "flat", op: .flatten, inputs: ["input"])])
    _ = try folder.write(images, to: "images.npy")
    _ = try folder.write(labels ?? npy([Int64(0)], "<i8", [1]), to: "labels.npy")
    let source = try DataSource.recognised(at: folder["images.npy"])
    return try Dataset.read(source, for: graph, input: input)
  }

  @Test func integersOfEveryWidthAreBytes() throws {
    let expected = Dataset.Pixels.bytes([0, 255, 7, 8, 9, 10])
    let values = [0, 255, 7, 8, 9, 10]
    #expect(
      try read(npy(values.map { UInt8($0) }, "|u1", [1, 3, 1, 2])).pixels == expected)
    #expect(
      try read(npy(values.map { Int16($0) }, "<i2", [1, 3, 1, 2])).pixels == expected)
    #expect(
      try read(npy(values.map { Int32($0) }, "<i4", [1, 3, 1, 2])).pixels == expected)
    #expect(
      try read(npy(values.map { Int64($0) }, "<i8", [1, 3, 1, 2])).pixels == expected)
    #expect(
      try read(npy(values.map { UInt64($0) }, "<u8", [1, 3, 1, 2])).pixels == expected)
  }

  @Test func integersThatAreNoBytesAreScaledAllTheSame() throws {
    let input = InputDescription(scale: 0.5, mean: [1, 2, 3], deviation: [2, 2, 4])
    let values: [Int32] = [-2, 0, 1000, 4, 6, 8]
    let images = npy(values, "<i4", [1, 3, 1, 2])
    #expect(
      try read(images, input: input).pixels == .values([-1, -0.5, 249, 0, 0, 0.25]))
  }

  @Test func floatsAreTakenAsTheyAreAndThoseOfBytesRemarkedOn() throws {
    let bytes: [Float] = [0, 255, 7, 8, 9, 10]
    let strange = try read(npy(bytes, "<f4", [1, 3, 1, 2]))
    #expect(strange.pixels == .values(bytes))
    #expect(strange.remark?.contains("--scale-floats") == true)
    #expect(
      try read(
        npy(bytes, "<f4", [1, 3, 1, 2]), input: InputDescription(scalesFloats: true)
      ).pixels == .bytes([0, 255, 7, 8, 9, 10]))
    let usual = try read(npy(bytes.map { $0 / 255 }, "<f4", [1, 3, 1, 2]))
    #expect(usual.remark == nil)
  }

  @Test func channelsLastAreBroughtToTheFront() throws {
    let bytes: [UInt8] = [1, 2, 3, 4, 5, 6]
    let images = npy(bytes, "|u1", [1, 1, 2, 3])
    #expect(try read(images).pixels == .bytes([1, 4, 2, 5, 3, 6]))
  }

  @Test func whereExtentsDoNotTellTheLayoutDoes() throws {
    let bytes: [UInt8] = Array(0..<27)
    let images = npy(bytes, "|u1", [1, 3, 3, 3])
    #expect(try read(images, shape: [3, 3, 3]).pixels == .bytes(bytes))
    let turned: [UInt8] = bytes.map { $0 % 9 * 3 + $0 / 9 }
    let last = try read(images, shape: [3, 3, 3], input: InputDescription(layout: .channelsLast))
    #expect(last.pixels == .bytes(turned))
  }

  @Test func blueComesFirstWhereTheModelWantsIt() throws {
    let input = InputDescription(channels: .bgr)
    let bytes: [UInt8] = [1, 2, 3, 4, 5, 6]
    let first = npy(bytes, "|u1", [1, 3, 1, 2])
    #expect(try read(first, input: input).pixels == .bytes([5, 6, 3, 4, 1, 2]))
    let last = npy(bytes, "|u1", [1, 1, 2, 3])
    #expect(try read(last, input: input).pixels == .bytes([3, 6, 2, 5, 1, 4]))
    let values: [Float] = [1, 2, 3, 4, 5, 6.5]
    let floats = npy(values, "<f4", [1, 3, 1, 2])
    #expect(try read(floats, input: input).pixels == .values([5, 6.5, 3, 4, 1, 2]))
  }

  @Test(arguments: [Int64.max, .max - 1, .min, -1, 6])
  func aLabelThatNoModelHasIsNamedWithItsImage(label: Int64) throws {
    let images = npy([UInt8](repeating: 0, count: 12), "|u1", [2, 3, 1, 2])
    let error = #expect(throws: FormatError.self) {
      try read(images, labels: npy([0, label], "<i8", [2]))
    }
    #expect(error?.description.contains("label \(label) of image 1") == true)
  }

  @Test func aLabelThatSixtyThreeBitsDoNotHoldIsNamedWithItsImage() throws {
    let images = npy([UInt8](repeating: 0, count: 12), "|u1", [2, 3, 1, 2])
    let error = #expect(throws: FormatError.self) {
      try read(images, labels: npy([UInt64.max, 0], "<u8", [2]))
    }
    #expect(error?.description.contains("label 18446744073709551615 of image 0") == true)
  }

  @Test func theDescriptionOfAnInputIsKeptInAModelsFile() throws {
    let input = InputDescription(
      scale: 1, mean: [104, 117, 123], deviation: [1, 1, 1], channels: .bgr, layout: .channelsLast,
      scalesFloats: true)
    let graph = try Graph(
      input: Shape([3, 4, 5]),
      declarations: [.init(name: "flat", op: .flatten, inputs: ["input"])])
    let model = try Model(name: "m", graph: graph, input: input, classes: [], parameters: [:])
    for name in ["model.json", "model.onnx"] {
      try ModelFile.write(model, to: folder[name])
      #expect(try ModelFile.read(at: folder[name]).model.input == input)
    }
  }
}
