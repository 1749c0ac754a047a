public import Engine
internal import Formats
internal import Foundation
internal import LinearAlgebra
public import ModelGraph
public import Patterns

/// A reconstruction and the variants worked out with it, as they are kept in a file.
public struct VariantFile: Sendable {
  /// The reconstruction that variants are solved by.
  public let reconstruction: Reconstruction
  /// The variants.
  public let cache: VariantCache

  /// The contents that are kept.
  public init(_ reconstruction: Reconstruction, _ cache: VariantCache) {
    self.reconstruction = reconstruction
    self.cache = cache
  }

  /// Goes up whenever variants would come out differently.
  private static let version = 6

  /// The bytes of the file, about.
  public var byteCount: Int {
    let moments = reconstruction.layers.values.reduce(0) { total, layer in
      total + layer.covariances.count * layer.features * (layer.features + 3) / 2
    }
    let weights = cache.table.variants.values.reduce(0) { $0 + $1.weights.count + $1.shifts.count }
    return moments * MemoryLayout<Double>.stride + weights * (MemoryLayout<Float>.stride + 1)
  }

  /// Writes the file, with the moments that the variants rest on.
  ///
  /// - Parameters:
  ///   - key: everything that they depend on besides: model, images, menus.
  ///   - sharing: which filters have one mask.
  /// - Throws: `FormatError` when the file cannot be written.
  public func write(to path: String, key: String, _ sharing: MaskSharing) throws {
    var payload = Payload()
    let layers = reconstruction.layers.keys.sorted().compactMap { node -> Header.Layer? in
      guard let layer = reconstruction.layers[node] else { return nil }
      return Header.Layer(
        node: node, features: layer.features, groups: layer.covariances.count,
        damping: payload.append([layer.damping]), mean: payload.append(layer.mean),
        covariances: payload.append(layer.covariances.flatMap(\.triangle)))
    }
    let table = cache.table
    let variants = table.variants.map { key, variant in
      Header.Variant(
        node: key.node, pattern: key.pattern.map(PatternRecord.init),
        inputs: key.inputs.map { payload.append($0) },
        filters: key.filters.map { payload.append($0) },
        kept: variant.kept.map { payload.append($0.map { UInt8($0 ? 1 : 0) }) },
        masks: variant.masks.map { payload.append($0.map(\.bits)) },
        weights: payload.append(variant.weights), shifts: payload.append(variant.shifts))
    }
    let orders = table.orders.map { key, order in
      Header.Order(
        node: key.node, pattern: key.pattern.map(PatternRecord.init),
        inputs: key.inputs.map { payload.append($0) },
        filters: key.filters.map { payload.append($0) }, order: payload.append(order))
    }
    let header = try JSONEncoder().encode(
      Header(
        version: Self.version, key: key, sharing: "\(sharing)",
        importance: table.importance,
        layers: layers, orders: orders, variants: variants))
    var size = UInt64(header.count).littleEndian
    let bytes = withUnsafeBytes(of: &size) { Array($0) } + header + payload.bytes
    try AtomicFile.write(data: bytes, to: path)
  }

  /// The contents of a file, which is mapped into memory; nil if there is none, if it is damaged, or if it was kept
  /// under another key.
  public static func read(
    from path: String, key: String, _ sharing: MaskSharing, of model: Model,
    threads: Int = Evaluator.defaultThreads
  ) -> VariantFile? {
    guard let data = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped),
      data.count >= 8
    else { return nil }
    let length = data.withUnsafeBytes { UInt64(littleEndian: $0.load(as: UInt64.self)) }
    guard let size = Int(exactly: length), size <= data.count - 8,
      let header = try? JSONDecoder().decode(Header.self, from: data[8..<8 + size]),
      header.version == version, header.key == key, header.sharing == "\(sharing)"
    else { return nil }
    return data.withUnsafeBytes { bytes in
      let payload = UnsafeRawBufferPointer(rebasing: bytes[(8 + size)...])
      return VariantFile(header, payload, model, threads: threads)
    }
  }

  /// Nil if the parts do not go together.
  private init?(
    _ header: Header, _ payload: UnsafeRawBufferPointer, _ model: Model, threads: Int
  ) {
    var moments: [Int: InputMoments] = [:]
    var dampings: [Int: Double] = [:]
    for layer in header.layers {
      guard model.graph.nodes.indices.contains(layer.node), layer.features > 0, layer.groups > 0,
        let damping: [Double] = layer.damping.values(in: payload), damping.count == 1,
        let mean: [Double] = layer.mean.values(in: payload),
        let values: [Double] = layer.covariances.values(in: payload),
        let found = InputMoments(groups: layer.groups, mean: mean, triangles: values),
        found.features == layer.features
      else { return nil }
      moments[layer.node] = found
      dampings[layer.node] = damping[0]
    }
    let reconstruction = Reconstruction(
      model, moments: moments, dampings: dampings, threads: threads)
    var table = VariantCache.Table(importance: header.importance)
    for entry in header.orders {
      guard let key = entry.layerKey(in: payload),
        let order: [Int] = entry.order.values(in: payload),
        order.sorted() == Array(order.indices),
        order.count == key.filters?.count ?? reconstruction.layers[key.node]?.filters
      else { return nil }
      table.orders[key] = order
    }
    for variant in header.variants {
      guard let layer = reconstruction.layers[variant.node],
        let weights: [Float] = variant.weights.values(in: payload),
        let shifts: [Float] = variant.shifts.values(in: payload),
        let key = variant.layerKey(in: payload),
        shifts.count == key.filters?.count ?? layer.filters,
        weights.count.isMultiple(of: max(shifts.count, 1))
      else { return nil }
      var kept: [Bool]?
      if let place = variant.kept {
        guard let flags: [UInt8] = place.values(in: payload), flags.count == weights.count else {
          return nil
        }
        kept = flags.map { $0 != 0 }
      }
      var masks: [TapMask]?
      if let place = variant.masks {
        guard case .convolution(let conv) = model.graph.nodes[variant.node].op,
          let bits: [UInt64] = place.values(in: payload), bits.count == shifts.count
        else { return nil }
        masks = bits.map { TapMask(kernel: conv.kernel, bits: $0) }
      }
      table.variants[key] = LayerVariant(
        kept: kept, masks: masks, weights: weights, shifts: shifts)
    }
    self.init(reconstruction, VariantCache(table))
  }
}

/// The header of the file, as JSON; everything else is said by places in what follows it.
private struct Header: Codable {
  struct Layer: Codable {
    var node: Int
    var features: Int
    var groups: Int
    var damping: Place
    var mean: Place
    var covariances: Place
  }
  struct Variant: Codable, KeyRecord {
    var node: Int
    var pattern: PatternRecord?
    var inputs: Place?
    var filters: Place?
    var kept: Place?
    var masks: Place?
    var weights: Place
    var shifts: Place

  }
  struct Order: Codable, KeyRecord {
    var node: Int
    var pattern: PatternRecord?
    var inputs: Place?
    var filters: Place?
    var order: Place
  }
  var version: Int
  var key: String
  var sharing: String
  var importance: [Int: [Float]]
  var layers: [Layer]
  var orders: [Order]
  var variants: [Variant]
}

/// The key of a variant, as the header has it.
private protocol KeyRecord {
  var node: Int { get }
  var pattern: PatternRecord? { get }
  var inputs: Place? { get }
  var filters: Place? { get }
}

extension KeyRecord {
  /// Nil if it names no pattern.
  func layerKey(in payload: UnsafeRawBufferPointer) -> LayerVariant.Key? {
    do {
      return LayerVariant.Key(
        node: node, pattern: try pattern?.pattern(), inputs: inputs?.values(in: payload),
        filters: filters?.values(in: payload))
    } catch {
      return nil
    }
  }
}

/// Some numbers in the payload.
private struct Place: Codable {
  var offset: Int
  var count: Int

  /// Nil if they are not all there.
  func values<Value: BitwiseCopyable>(in payload: UnsafeRawBufferPointer) -> [Value]? {
    let stride = MemoryLayout<Value>.stride
    guard offset >= 0, count >= 0, offset <= payload.count, count <= payload.count / stride,
      count * stride <= payload.count - offset
    else { return nil }
    return [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: payload[offset..<offset + count * stride]))
      initialized = count
    }
  }
}

/// Numbers one after the other, in this machine's byte order: a cache does not travel.
private struct Payload {
  var bytes: [UInt8] = []

  mutating func append<Value: BitwiseCopyable>(_ values: [Value]) -> Place {
    let place = Place(offset: bytes.count, count: values.count)
    values.withUnsafeBytes { bytes += $0 }
    return place
  }
}
