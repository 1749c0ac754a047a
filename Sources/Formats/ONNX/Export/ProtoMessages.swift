internal import ModelGraph
internal import SwiftProtobuf

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

// The parts of ONNX's messages, made from Sculpt's values. Writers of proto3 leave out what is zero, readers
// of proto2 want to know what an attribute is: its type is always written.

extension ProtoAttribute {
  private init(_ name: String, type: Int32) {
    self.init()
    self.name = name
    self.type = type
  }

  static func float(_ name: String, _ value: Float) -> ProtoAttribute {
    var attribute = ProtoAttribute(name, type: 1)
    attribute.f = value
    return attribute
  }

  static func integer(_ name: String, _ value: Int) -> ProtoAttribute {
    var attribute = ProtoAttribute(name, type: 2)
    attribute.i = Int64(value)
    return attribute
  }

  static func string(_ name: String, _ value: String) -> ProtoAttribute {
    var attribute = ProtoAttribute(name, type: 3)
    attribute.s = Data(value.utf8)
    return attribute
  }

  static func integers(_ name: String, _ values: [Int]) -> ProtoAttribute {
    var attribute = ProtoAttribute(name, type: 7)
    attribute.ints = values.map { Int64($0) }
    return attribute
  }

  static func integers(_ name: String, _ extent: Extent) -> ProtoAttribute {
    integers(name, [extent.height, extent.width])
  }

  static func integers(_ name: String, _ pads: Pads) -> ProtoAttribute {
    integers(name, [pads.top, pads.left, pads.bottom, pads.right])
  }
}

extension ProtoValueInfo {
  /// Float activations of any number of images.
  init(_ name: String, _ shape: Shape) {
    var tensor = ProtoTensorType()
    tensor.elemType = Int32(ONNXElementType.float.rawValue)
    tensor.shape.dim = [.with { $0.dimParam = "batch" }]
    tensor.shape.dim += shape.dimensions.map { extent in .with { $0.dimValue = Int64(extent) } }
    self.init()
    self.name = name
    type.tensorType = tensor
  }
}

extension ProtoStringEntry {
  init(_ key: String, _ value: String) {
    self.init()
    self.key = key
    self.value = value
  }
}
