import ModelGraph

/// Which element of an activation stands at which channel and pixel of its buffer.
///
/// Each axis is a product of atoms, outermost first; an index along an atom moves the channel or the
/// pixel by its stride. Splitting, joining and permuting axes only rewrites this, so that reshapes and
/// transposes cost nothing: a feature map `[C, H, W]`, the tokens `[H * W, C]` and the channels-last
/// map `[H, W, C]` are one buffer.
struct Arrangement: Hashable, Sendable {
  /// A run of equally spaced channels or pixels.
  struct Atom: StridedRun, Sendable {
    let extent: Int
    let isChannel: Bool
    let stride: Int

    func with(extent: Int, stride: Int) -> Atom {
      Atom(extent: extent, isChannel: isChannel, stride: stride)
    }
  }

  /// The atoms of each axis, outermost first; none for an axis of extent 1.
  let axes: [[Atom]]

  init(axes: [[Atom]]) {
    self.axes = axes.map { $0.joined() }
  }

  /// The channels are the elements of `channelAxes` in row-major order, the pixels those of the other
  /// axes.
  init(_ shape: Shape, channelAxes: [Int]) {
    var axes = [[Atom]](repeating: [], count: shape.rank)
    var (channels, pixels) = (1, 1)
    for axis in (0..<shape.rank).reversed() {
      let extent = shape.dimensions[axis]
      let isChannel = channelAxes.contains(axis)
      axes[axis] = [
        Atom(extent: extent, isChannel: isChannel, stride: isChannel ? channels : pixels)
      ]
      if isChannel { channels *= extent } else { pixels *= extent }
    }
    self.init(axes: axes)
  }

  /// How an activation is arranged unless there is a reason for another: feature maps by their first
  /// axis, tokens by their last, anything else from a single number on with all its elements as
  /// channels of one pixel, which is row-major order.
  static func natural(_ shape: Shape) -> Arrangement {
    Arrangement(shape, channelAxes: naturalChannelAxes(shape))
  }

  static func naturalChannelAxes(_ shape: Shape) -> [Int] {
    shape.isFeatureMap ? [0] : shape.rank == 2 ? [1] : Array(0..<shape.rank)
  }

  // MARK: Renaming axes

  /// The same elements under another shape, or nil if an axis would begin inside an atom.
  func reshaped(to shape: Shape) -> Arrangement? {
    axes.flatMap { $0 }.regrouped(into: shape.dimensions).map { Arrangement(axes: $0) }
  }

  /// The same elements, axis a being what was axis `permutation[a]`.
  func transposed(_ permutation: [Int]) -> Arrangement {
    Arrangement(axes: permutation.map { axes[$0] })
  }

  /// The elements of `shape`, repeated to those of `target` as broadcasting does.
  func broadcast(from shape: Shape, to target: Shape) -> Arrangement {
    let missing = target.rank - shape.rank
    return Arrangement(
      axes: target.dimensions.enumerated().map { axis, extent in
        axis >= missing && shape.dimensions[axis - missing] == extent
          ? axes[axis - missing]
          : [Atom(extent: extent, isChannel: false, stride: 0)]
      })
  }

  // MARK: Asking

  /// Whether `axes` hold exactly the channels, in row-major order, and the others only pixels.
  func hasChannels(_ channelAxes: [Int], count: Int) -> Bool {
    let channels = channelAxes.flatMap { axes[$0] }.joined()
    let whole = [Atom(extent: count, isChannel: true, stride: 1)]
    return channels == whole.joined()
      && axes.indices.allSatisfy { axis in
        channelAxes.contains(axis) || axes[axis].allSatisfy { !$0.isChannel }
      }
  }

  /// The pixels of the axes that are not in `channelAxes` in row-major order: whether pixel p is the
  /// p-th of them.
  func hasRowMajorPixels(besides channelAxes: [Int] = []) -> Bool {
    let atoms = axes.indices.filter { !channelAxes.contains($0) }.flatMap { axes[$0] }
      .filter { !$0.isChannel }
    let pixels = atoms.joined()
    return pixels.isEmpty || (pixels.count == 1 && pixels[0].stride == 1)
  }

  // MARK: Offsets

  /// Where the chosen elements stand in a buffer, in row-major order of the choice; -1 where an index
  /// is -1.
  ///
  /// - Parameter selection: for each axis the indices that are wanted; all if nil.
  func offsets(in layout: Layout, selecting selection: [[Int]]? = nil) -> [Int32] {
    // An element's channel and pixel are the sums over its axes.
    var places: [(channel: Int, pixel: Int)] = [(0, 0)]
    for (axis, atoms) in axes.enumerated() {
      let own = Self.places(along: atoms)
      let chosen: [(channel: Int, pixel: Int)?] =
        selection.map { $0[axis].map { $0 < 0 ? nil : own[$0] } } ?? own
      var next: [(channel: Int, pixel: Int)] = []
      next.reserveCapacity(places.count * chosen.count)
      for place in places {
        for step in chosen {
          if let step, place.channel >= 0 {
            next.append((place.channel + step.channel, place.pixel + step.pixel))
          } else {
            next.append((-1, 0))
          }
        }
      }
      places = next
    }
    return places.map { channel, pixel in
      guard channel >= 0 else { return -1 }
      let (y, x) = pixel.quotientAndRemainder(dividingBy: layout.width)
      return Int32(channel / 8 * layout.plane + layout.pixel(y, x) + channel % 8)
    }
  }

  private static func places(along atoms: [Atom]) -> [(channel: Int, pixel: Int)] {
    var places: [(channel: Int, pixel: Int)] = [(0, 0)]
    for atom in atoms {
      places = places.flatMap { place in
        (0..<atom.extent).map { index in
          atom.isChannel
            ? (place.channel + index * atom.stride, place.pixel)
            : (place.channel, place.pixel + index * atom.stride)
        }
      }
    }
    return places
  }
}
