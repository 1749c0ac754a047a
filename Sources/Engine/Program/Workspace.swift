internal import CKernels
internal import Kernels
import ModelGraph
internal import Threads

/// Pointers to a program's constants and tables while a step runs.
struct ConstantMemory {
  let constants: UnsafePointer<Float>
  let tables: UnsafePointer<Int32>
}

/// Inputs of a pass, one after the other.
enum InputBatch {
  /// Bytes of images, to be scaled and normalised as the model says.
  case bytes(UnsafeBufferPointer<UInt8>)
  /// Values that are taken as they are.
  case values(UnsafeBufferPointer<Float>)

  var count: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .values(let values): values.count
    }
  }
}

/// One thread's memory for a program, and the loop that runs it.
struct Workspace: ~Copyable {
  private(set) var program: Program
  let convolve:
    @convention(c) (
      UnsafePointer<sculpt_tiles>?, UnsafePointer<Float>?, UnsafePointer<Int32>?,
      UnsafePointer<sculpt_destination>?, UnsafePointer<sculpt_residual>?, Float, Float, Int32
    ) -> Void
  private var arena: UnsafeMutablePointer<Float>
  /// Floats of the arena.
  private(set) var capacity: Int
  private let cancellation: Cancellation?
  /// Scale and shift for each channel of the input.
  private let scale: [Float]
  private let shift: [Float]

  /// Allocates the arena, zeroed once: see `MemoryPlan`.
  init(_ program: Program, cancellation: Cancellation? = nil) {
    self.program = program
    self.cancellation = cancellation
    (arena, capacity) = Self.allocate(program.arenaSize)
    convolve =
      sculpt_convolve(program.instructionSet.cValue) ?? sculpt_convolve(sculpt_baseline)
      ?? sculpt_convolve_reference
    let input = program.input
    let channels = 0..<program.inputShape.channels
    func perChannel(_ values: [Float], _ channel: Int) -> Float {
      values[values.count == 1 ? 0 : channel]
    }
    scale = channels.map { input.scale / perChannel(input.deviation, $0) }
    shift = channels.map { -perChannel(input.mean, $0) / perChannel(input.deviation, $0) }
    placeConstants()
  }

  /// Zeros, aligned to cache lines; never none.
  private static func allocate(_ size: Int) -> (UnsafeMutablePointer<Float>, Int) {
    let count = max(size, 16)
    let arena = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: count)
    arena.initialize(repeating: 0, count: count)
    return (arena, count)
  }

  private func placeConstants() {
    for (buffer, values) in program.constantBuffers {
      let target = program.buffers[buffer]
      program.constants.withUnsafeBufferPointer { constants in
        for place in 0..<target.layout.image {
          arena[target.offset + place] = constants[values + place]
        }
      }
    }
  }

  deinit { UnsafeMutableRawPointer(arena).deallocate() }

  /// Whether somebody asked for the work to stop; what it has yielded so far is then of no use.
  var isCancelled: Bool { cancellation?.isRequested == true }

  /// Takes images through the network.
  ///
  /// - Parameters:
  ///   - inputs: up to `imagesPerPass` images, one after the other.
  ///   - outputs: receives `outputCount` values an image.
  ///   - replacement: called before each step with the number of images; a step that it answers
  ///     with true is taken to be done.
  func run(
    _ inputs: InputBatch, outputs: UnsafeMutableBufferPointer<Float>,
    replacing replacement: (Step, Int) -> Bool = { _, _ in false }
  ) {
    let count = load(inputs)
    precondition(outputs.count == count * program.outputCount)
    for step in program.steps where !replacement(step, count) {
      run(step, count)
      if isCancelled { return }
    }
    unload(outputs, count: count)
  }

  /// Runs the steps in `range` for `count` images that are already in the arena.
  func compute(_ range: Range<Int>? = nil, count: Int) {
    for step in program.steps[range ?? program.steps.indices] { run(step, count) }
  }

  func run(_ step: Step, _ count: Int) {
    program.constants.withUnsafeBufferPointer { constants in
      program.tables.withUnsafeBufferPointer { tables in
        guard let constants = constants.baseAddress, let tables = tables.baseAddress else { return }
        let memory = ConstantMemory(constants: constants, tables: tables)
        switch step {
        case .convolve(let step): run(step, count, memory)
        case .pool(let step): run(step, count)
        case .affine(let step): run(step, count, constants)
        case .activate(let step): run(step, count)
        case .combine(let step): run(step, count)
        case .normalize(let step): run(step, count, constants)
        case .normalizeGroups(let step): run(step, count, constants)
        case .multiply(let step): run(step, count)
        case .attend(let step): run(step, count)
        case .move(let step): run(step, count, tables)
        case .interpolate(let step): run(step, count)
        case .argMax(let step): run(step, count)
        }
      }
    }
  }

  /// Goes on with the same network under other weights; what is in the arena stays.
  mutating func adopt(_ other: Program) {
    precondition(
      other.buffers == program.buffers && other.steps.count == program.steps.count,
      "the program is another network's")
    program = other
  }

  /// Begins with another program for the same inputs, in the same memory as far as it is enough.
  mutating func begin(_ other: Program) {
    precondition(
      other.input == program.input && other.inputShape == program.inputShape
        && other.instructionSet == program.instructionSet, "the program takes other inputs")
    if other.arenaSize > capacity {
      UnsafeMutableRawPointer(arena).deallocate()
      (arena, capacity) = Self.allocate(other.arenaSize)
    } else if other.buffers != program.buffers {
      // What was a plane may be a halo now.
      arena.update(repeating: 0, count: other.arenaSize)
    }
    program = other
    placeConstants()
  }

  // MARK: Memory

  /// The start of a buffer.
  func base(_ buffer: Int) -> UnsafeMutablePointer<Float> {
    arena + program.buffers[buffer].offset
  }

  /// The start of one image in a buffer.
  func imageBase(_ buffer: Int, _ image: Int) -> UnsafeMutablePointer<Float> {
    base(buffer) + image * program.buffers[buffer].imageStride
  }

  /// The first pixel of one image and block of 8 channels.
  func plane(_ buffer: Int, _ image: Int, _ block: Int) -> UnsafeMutablePointer<Float> {
    let layout = program.buffers[buffer].layout
    return imageBase(buffer, image) + block * layout.plane + layout.origin
  }

  // MARK: Inputs and outputs

  /// Brings images into the arena and returns their number.
  func load(_ inputs: InputBatch) -> Int {
    let size = program.inputShape.count
    let count = inputs.count / size
    precondition(count * size == inputs.count && count <= program.imagesPerPass)
    switch inputs {
    case .bytes(let bytes):
      guard let bytes = bytes.baseAddress else { return count }
      if program.inputShape.isFeatureMap {
        scale.withUnsafeBufferPointer { scale in
          shift.withUnsafeBufferPointer { shift in
            guard let scale = scale.baseAddress, let shift = shift.baseAddress else { return }
            pack(count) { block, start, channels, rows, columns, plane, row in
              sculpt_pack_bytes(
                bytes + start, channels, rows, columns, scale + block * 8, shift + block * 8, plane,
                row)
            }
          }
        }
      } else {
        let channels = program.inputShape.channels
        place(count) { image, element in
          let channel = element % channels
          return Float(bytes[image * size + element]) * scale[channel] + shift[channel]
        }
      }
    case .values(let values):
      if program.inputShape.isFeatureMap, let values = values.baseAddress {
        pack(count) { _, start, channels, rows, columns, plane, row in
          sculpt_pack_values(values + start, channels, rows, columns, plane, row)
        }
      } else {
        place(count) { image, element in values[image * size + element] }
      }
    }
    return count
  }

  /// Calls `body` for each block of 8 channels of `count` feature maps: the block, its first element
  /// in the inputs, its channels, rows and columns, its first pixel and the floats between rows.
  private func pack(
    _ count: Int,
    _ body: (Int, Int, Int32, Int32, Int32, UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    let shape = program.inputShape
    let layout = program.buffers[program.inputBuffer].layout
    let area = shape.height * shape.width
    for image in 0..<count {
      for block in 0..<layout.blocks {
        body(
          block, image * shape.count + block * 8 * area, Int32(min(8, shape.channels - block * 8)),
          Int32(shape.height), Int32(shape.width), plane(program.inputBuffer, image, block),
          layout.row)
      }
    }
  }

  private func place(_ count: Int, _ value: (_ image: Int, _ element: Int) -> Float) {
    for image in 0..<count {
      let target = imageBase(program.inputBuffer, image)
      for (element, offset) in program.inputOffsets.enumerated() {
        target[Int(offset)] = value(image, element)
      }
    }
  }

  /// Copies the outputs of `count` images out of the arena.
  func unload(_ outputs: UnsafeMutableBufferPointer<Float>, count: Int) {
    for image in 0..<count {
      let source = imageBase(program.outputBuffer, image)
      for (element, offset) in program.outputOffsets.enumerated() {
        outputs[image * program.outputCount + element] = source[Int(offset)]
      }
    }
  }
}
