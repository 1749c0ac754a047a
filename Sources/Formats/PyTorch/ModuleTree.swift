/// The modules and tensors of a PyTorch network by their paths, as `nn.Module` holds them.
///
/// Paths are given first, `layer1.0.conv1`; then each gets its place: modules whose children are numbered from 0
/// on are a `ModuleList`, others with numbers a `ModuleDict`. What Python does not allow in an attribute's name, or
/// what a module has under it already, is called otherwise.
struct ModuleTree {
  /// A module or a tensor of the tree.
  struct Member: Hashable { fileprivate let index: Int }

  private struct Entry {
    let name: String
    let parent: Int?
    /// What makes it; nil for a module that only holds others.
    var constructor: String?
    var isTensor = false
    var children: [Int] = []
    /// How `forward` reads it.
    var access = ""
    /// Its name in the state dict.
    var key = ""
  }

  private var entries = [Entry(name: "", parent: nil, access: "self")]

  /// Adds a module; one of the same path that is made already makes way for a number behind the name.
  mutating func addModule(_ path: String, _ constructor: String) -> Member {
    add(path, constructor, isTensor: false)
  }

  /// Adds a parameter or a buffer likewise.
  mutating func addTensor(_ path: String, _ constructor: String) -> Member {
    add(path, constructor, isTensor: true)
  }

  private mutating func add(_ path: String, _ constructor: String, isTensor: Bool) -> Member {
    let components = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    var parent = 0
    for component in components.dropLast() {
      parent = child(component, of: parent, where: { !$0.isTensor })
    }
    let last = components[components.count - 1]
    let index = child(last, of: parent) {
      $0.constructor == nil && !$0.isTensor && (!isTensor || $0.children.isEmpty)
    }
    entries[index].constructor = constructor
    entries[index].isTensor = isTensor
    return Member(index: index)
  }

  /// The child of that name, or the like, that suits; it is made if there is none.
  private mutating func child(
    _ name: String, of parent: Int, where suits: (Entry) -> Bool
  ) -> Int {
    var candidate = name
    var number = 2
    while let known = entries[parent].children.first(where: { entries[$0].name == candidate }) {
      if suits(entries[known]) { return known }
      candidate = "\(name)_\(number)"
      number += 1
    }
    entries.append(Entry(name: candidate, parent: parent))
    entries[parent].children.append(entries.count - 1)
    return entries.count - 1
  }

  /// How `forward` reads a member: `self.layer1[0].conv1`.
  func access(_ member: Member) -> String { entries[member.index].access }

  /// The name of a member in the state dict: `layer1.0.conv1`.
  func key(_ member: Member) -> String { entries[member.index].key }

  /// Gives every member its place.
  /// - Returns: the statements that make them, in an order in which they can be made.
  mutating func statements() -> [String] {
    var statements: [String] = []
    place(0, into: &statements)
    return statements
  }

  private mutating func place(_ index: Int, into statements: inout [String]) {
    let kind = kind(of: index)
    var children = entries[index].children
    if kind == .list { children.sort { Int(entries[$0].name) ?? 0 < Int(entries[$1].name) ?? 0 } }
    var taken = Self.attributes
    if entries[index].constructor != nil { taken.formUnion(Self.layerAttributes) }
    let (access, key) = (entries[index].access, entries[index].key)
    for child in children {
      let name = entries[child].name
      let isNumber = kind != .module && Self.isNumber(name)
      var own = isNumber ? name : Python.identifier(name)
      while !taken.insert(own).inserted { own += "_" }
      entries[child].key = key.isEmpty ? own : "\(key).\(own)"
      entries[child].access =
        switch kind {
        case .list: "\(access)[\(own)]"
        case .dictionary where isNumber: "\(access)[\"\(own)\"]"
        default: "\(access).\(own)"
        }
      statements += declaration(of: child, inList: kind == .list)
      place(child, into: &statements)
    }
  }

  private func declaration(of index: Int, inList: Bool) -> [String] {
    let entry = entries[index]
    if let constructor = entry.constructor {
      guard constructor.hasPrefix("torch.") else { return ["\(entry.access) = \(constructor)"] }
      // A tensor that is no parameter.
      let owner = entry.parent.map { entries[$0].access } ?? "self"
      let name = entry.key.split(separator: ".").last.map(String.init) ?? ""
      return ["\(owner).register_buffer(\"\(name)\", \(constructor))"]
    }
    switch kind(of: index) {
    case .list:
      let count = entry.children.count
      return ["\(entry.access) = nn.ModuleList(nn.Module() for _ in range(\(count)))"]
    case .dictionary: return ["\(entry.access) = nn.ModuleDict()"]
    case .module: return inList ? [] : ["\(entry.access) = nn.Module()"]
    }
  }

  private enum Kind { case module, list, dictionary }

  private func kind(of index: Int) -> Kind {
    let entry = entries[index]
    guard entry.constructor == nil, entry.parent != nil else { return .module }
    let names = entry.children.map { entries[$0].name }
    guard names.contains(where: Self.isNumber),
      !entry.children.contains(where: { entries[$0].isTensor })
    else { return .module }
    return Set(names) == Set(names.indices.map(String.init)) ? .list : .dictionary
  }

  private static func isNumber(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// What `nn.Module`, `nn.ModuleList` and `nn.ModuleDict` have under these names already.
  private static let attributes: Set<String> = [
    "T_destination", "add_module", "append", "apply", "bfloat16", "buffers", "call_super_init",
    "children", "clear", "compile", "cpu", "cuda", "double", "dump_patches", "eval", "extend",
    "extra_repr", "float", "forward", "get_buffer", "get_extra_state", "get_parameter",
    "get_submodule", "half", "insert", "ipu", "items", "keys", "load", "load_state_dict",
    "modules", "mtia", "named_buffers", "named_children", "named_modules", "named_parameters",
    "parameters", "pop", "register_backward_hook", "register_buffer", "register_forward_hook",
    "register_forward_pre_hook", "register_full_backward_hook", "register_full_backward_pre_hook",
    "register_load_state_dict_post_hook", "register_load_state_dict_pre_hook", "register_module",
    "register_parameter", "register_state_dict_post_hook", "register_state_dict_pre_hook",
    "requires_grad_", "set_extra_state", "set_submodule", "share_memory", "state_dict", "to",
    "to_empty", "train", "training", "type", "update", "values", "xpu", "zero_grad",
  ]

  /// What layers have beside that.
  private static let layerAttributes: Set<String> = [
    "affine", "bias", "dilation", "elementwise_affine", "eps", "groups", "in_channels",
    "in_features", "kernel_size", "momentum", "normalized_shape", "num_batches_tracked",
    "num_channels", "num_features", "num_groups", "out_channels", "out_features", "output_padding",
    "padding", "padding_mode", "reset_parameters", "reset_running_stats", "running_mean",
    "running_var", "stride", "track_running_stats", "transposed", "weight",
  ]
}
