import Formats
import ModelGraph
import TestSupport
import Testing

@Suite struct DatasetTests {
  /// Three classes of 2 x 2 images with `channels` channels.
  private func graph(channels: Int) throws -> Graph {
    try Graph(
      input: Shape(channels: channels, height: 2, width: 2),
      declarations: [
        NodeDeclaration(name: "flatten", op: .flatten, inputs: ["input"]),
        NodeDeclaration(
          name: "fc", op: .linear(Linear(outputFeatures: 3, weight: "w")), inputs: ["flatten"]),
      ])
  }

  private func read(
    images: [UInt8], labels: [UInt8], channels: Int = 1
  ) throws -> Dataset {
    let folder = try TemporaryFolder()
    let source = DataSource(
      images: try folder.write(images, to: "images"), labels: try folder.write(labels, to: "labels")
    )
    return try Dataset.read(source, for: graph(channels: channels))
  }

  @Test func greyImages() throws {
    let data = try read(
      images: idx([3, 2, 2], Array(0..<12)), labels: gzipped(idx([3], [2, 0, 1])))
    #expect(data.count == 3)
    #expect(data.shape == Shape(channels: 1, height: 2, width: 2))
    #expect(data.labels == [2, 0, 1])
    #expect(data.subset([1]).pixels == .bytes([4, 5, 6, 7]))
    #expect(data.prefix(2).labels == [2, 0])
    #expect(data.prefix(2).pixels == .bytes(Array(0..<8)))
    #expect(data.prefix(9) == data)
    #expect(data.subset([2, 0, 2]).pixels == .bytes([8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11]))
    #expect(data.subset([2, 0, 2]).labels == [1, 2, 1])
  }

  @Test func colourImages() throws {
    let data = try read(
      images: idx([2, 3, 2, 2], Array(0..<24)), labels: idx([2], [0, 1]), channels: 3)
    #expect(data.shape == Shape(channels: 3, height: 2, width: 2))
    #expect(data.subset([1]).pixels == .bytes(Array(12..<24)))
  }

  @Test(arguments: [
    ([0, 2, 2], [0], "no images", "images"),
    ([3, 2, 2], [2], "2 labels for the 3 images", "labels"),
    ([3, 2, 3], [3], "1x2x3, the model reads 1x2x2", "images"),
    ([3, 3, 2, 2], [3], "3x2x2", "images"),
    ([3], [3], "the model reads", "images"),
    ([3, 2, 2], [3, 1], "swapped", "labels"),
  ])
  func dataThatDoesNotFit(images: [Int], labels: [Int], hint: String, file: String) {
    #expect {
      try read(
        images: idx(images, [UInt8](repeating: 0, count: images.reduce(1, *))),
        labels: idx(labels, [UInt8](repeating: 0, count: labels.reduce(1, *))))
    } throws: { error in
      guard let error = error as? FormatError else { return false }
      #expect(error.description.contains(hint))
      return error.file.hasSuffix(file)
    }
  }

  @Test func labelBeyondTheClasses() {
    #expect {
      try read(images: idx([2, 2, 2], Array(0..<8)), labels: idx([2], [2, 3]))
    } throws: { error in
      "\(error)".contains("label 3 of image 1")
    }
  }

  @Test func missingFile() {
    #expect {
      try Dataset.read(
        DataSource(images: "/nowhere/images", labels: "/nowhere/labels"), for: graph(channels: 1))
    } throws: { error in
      "\(error)".hasPrefix("/nowhere/labels: cannot be opened")
    }
  }

  @Test(arguments: ["/dev/zero", "/"]) func notAFile(path: String) {
    #expect(throws: FormatError.self) { try IDXFile.read(at: path) }
  }
}
