public import Kernels
public import ModelGraph

/// A model compiled for this machine: kernel calls over planned memory. A value, safe to share.
public struct Program: Sendable {
  /// The shape of one input `[C, H, W]`.
  public let inputShape: Shape
  /// Values that the network yields for an image.
  public let outputCount: Int
  /// Images that one thread takes through the whole network at a time.
  public let imagesPerPass: Int
  /// The kernels it runs on.
  public let instructionSet: InstructionSet
  /// Multiply-accumulates really done for one image, filled-up blocks included.
  public let computedMACs: Int

  let input: InputDescription
  let steps: [Step]
  /// The graph nodes that each step computes or belongs to, first to last.
  let nodesOfStep: [[Int]]
  /// The sizes of `constants` and `tables` behind each step: what the steps before need of them.
  let extents: [(constants: Int, tables: Int)]
  var constants: [Float]
  let tables: [Int32]
  let buffers: [Buffer]
  /// Buffers that hold constants, and where these are in `constants`.
  let constantBuffers: [(buffer: Int, values: Int)]
  /// Where one image's inputs and outputs stand in their buffers.
  let inputBuffer: Int
  let inputOffsets: [Int32]
  let outputBuffer: Int
  let outputOffsets: [Int32]
  /// Floats of one thread's arena.
  let arenaSize: Int

  /// Bytes of activations that one thread needs.
  public var arenaBytes: Int { arenaSize * MemoryLayout<Float>.stride }
  /// Bytes of packed weights and tables, which all threads share.
  public var constantBytes: Int {
    constants.count * MemoryLayout<Float>.stride + tables.count * MemoryLayout<Int32>.stride
  }
}

/// A model that the engine cannot compile: which node, and why.
public struct EngineError: Error, Hashable, CustomStringConvertible {
  /// One line for the user.
  public let description: String

  init(_ description: String) { self.description = description }
}
