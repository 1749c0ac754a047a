// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// The kernels are always optimised: unoptimised SIMD code is fifty times slower.
let kernels: [CSetting] = [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "sculpt",
  products: [
    .executable(name: "sculpt-tui", targets: ["sculpt-tui"]),
    .executable(name: "sculpt", targets: ["sculpt"]),
    .library(name: "Formats", targets: ["Formats"]),
  ],
  traits: [
    .trait(name: "MPI", description: "Many machines search together: needs libopenmpi-dev.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(name: "CJPEG", providers: [.apt(["libturbojpeg0-dev"])]),
    .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLAPACK", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
    .target(
      name: "CNcurses",
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "CKernels", cSettings: kernels),

    .target(name: "Threads", swiftSettings: swift),
    .target(name: "Metrics", swiftSettings: swift),
    .target(
      name: "Ranks",
      dependencies: [
        "Threads", "Metrics", .target(name: "CMPI", condition: .when(traits: ["MPI"])),
      ],
      swiftSettings: swift),
    .target(name: "ModelGraph", swiftSettings: swift),
    .target(
      name: "Formats",
      dependencies: [
        "Threads", "ModelGraph", "CZlib", "CZip", "CJPEG", "CPNG", "COpenSSL",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ], exclude: ["ONNX/File/onnx.proto"], swiftSettings: swift),
    .target(
      name: "Kernels", dependencies: ["CKernels", "Metrics", "ModelGraph"], swiftSettings: swift),
    .target(
      name: "Tensors", dependencies: ["Threads", "CKernels", "Kernels", "ModelGraph"],
      swiftSettings: swift),
    .target(
      name: "LinearAlgebra", dependencies: ["Threads", "CKernels", "CLAPACK", "Kernels"],
      swiftSettings: swift),
    .target(
      name: "Engine",
      dependencies: [
        "Threads", "Metrics", "CKernels", "Kernels", "LinearAlgebra", "ModelGraph", "Formats",
      ],
      swiftSettings: swift),
    .target(
      name: "Training",
      dependencies: [
        "Threads", "Metrics", "Ranks", "Kernels", "ModelGraph", "Formats", "Tensors", "Engine",
      ],
      swiftSettings: swift),
    .target(
      name: "Patterns", dependencies: ["Metrics", "ModelGraph", "Formats"],
      resources: [.embedInCode("Choices/library.json")], swiftSettings: swift),
    .target(
      name: "Pruning",
      dependencies: [
        "Threads", "Metrics", "LinearAlgebra", "ModelGraph", "Formats", "Tensors", "Engine",
        "Training", "Patterns",
      ],
      swiftSettings: swift),
    .target(name: "Agent", dependencies: ["Tensors"], swiftSettings: swift),
    .target(
      name: "Peers",
      resources: [
        .embedInCode("prelude.py"), .embedInCode("onnxruntime.py"), .embedInCode("openvino.py"),
        .embedInCode("peer.py"), .embedInCode("timing.py"), .embedInCode("nodes.py"),
        .embedInCode("kit.py"), .embedInCode("pytorch-peer.py"),
      ], swiftSettings: swift),
    .target(
      name: "Search",
      dependencies: [
        "Threads", "Metrics", "Kernels", "ModelGraph", "Formats", "Tensors", "Engine", "Patterns",
        "Training", "Pruning", "Agent", "Peers", "Ranks",
        .product(name: "GRDB", package: "GRDB.swift"),
      ], resources: [.embedInCode("Report/Page/report.css")], swiftSettings: swift),
    .target(name: "PseudoTerminal", swiftSettings: swift),
    .target(name: "TerminalKit", dependencies: ["CNcurses", "Yams"], swiftSettings: swift),
    .target(
      name: "Explorer",
      dependencies: [
        "Threads", "Metrics", "ModelGraph", "Formats", "Engine", "Patterns", "Training", "Pruning",
        "Search", "TerminalKit",
      ], swiftSettings: swift),
    .target(
      name: "CommandOptions",
      dependencies: ["ModelGraph", "Formats", "Engine", "Patterns", argumentParser],
      swiftSettings: swift),
    .executableTarget(
      name: "sculpt-tui",
      dependencies: [
        "CommandOptions", "Explorer", "Engine", "Formats", "Patterns", "Search", argumentParser,
      ],
      swiftSettings: swift),
    .executableTarget(
      name: "sculpt",
      dependencies: [
        "CommandOptions", "Threads", "Metrics", "Kernels", "ModelGraph", "Formats", "Tensors",
        "Engine", "Patterns", "Training", "Pruning", "Search", "Peers", "PseudoTerminal", "Ranks",
        argumentParser,
      ], swiftSettings: swift),

    .testTarget(
      name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"], swiftSettings: swift),
    .testTarget(name: "ThreadsTests", dependencies: ["Threads"], swiftSettings: swift),
    .testTarget(name: "RanksTests", dependencies: ["Ranks", "TestSupport"], swiftSettings: swift),
    .testTarget(
      name: "ModelGraphTests", dependencies: ["ModelGraph", "TestSupport"], swiftSettings: swift),
    .testTarget(
      name: "FormatsTests", dependencies: ["Formats", "TestSupport"], exclude: ["Fixtures"],
      swiftSettings: swift),
    .testTarget(
      name: "TensorsTests", dependencies: ["Tensors", "ModelGraph"], swiftSettings: swift),
    .target(
      name: "TestSupport",
      dependencies: ["Formats", "ModelGraph", "Engine", "Patterns", "Ranks"],
      path: "Tests/TestSupport",
      exclude: ["Fixtures"], swiftSettings: swift),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "Engine", "Formats", "Kernels", "LinearAlgebra", "Metrics", "ModelGraph", "TestSupport",
        "Threads",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "PatternsTests",
      dependencies: ["Patterns", "Formats", "ModelGraph", "Pruning", "TestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "PruningTests",
      dependencies: [
        "Pruning", "Engine", "Formats", "LinearAlgebra", "Metrics", "ModelGraph", "Patterns",
        "Tensors", "TestSupport", "Training",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "Engine", "Formats", "Metrics", "ModelGraph", "Ranks", "Tensors",
        "TestSupport", "Threads",
      ],
      swiftSettings: swift),
    .testTarget(name: "AgentTests", dependencies: ["Agent"], swiftSettings: swift),
    .testTarget(
      name: "SearchTests",
      dependencies: [
        "Search", "Agent", "Engine", "Formats", "Metrics", "ModelGraph", "Patterns", "Pruning",
        "Ranks", "TestSupport", "Threads", "Training",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "PseudoTerminalTests", dependencies: ["PseudoTerminal"], exclude: ["Fixtures"],
      swiftSettings: swift),
    .testTarget(
      name: "TerminalKitTests", dependencies: ["TerminalKit", "TestSupport"], swiftSettings: swift),
    .testTarget(
      name: "ExplorerTests",
      dependencies: [
        "Explorer", "Engine", "Formats", "Metrics", "ModelGraph", "Patterns", "Pruning", "Search",
        "TerminalKit", "Training",
      ], exclude: ["Snapshots"], swiftSettings: swift),
    .testTarget(
      name: "DocumentationTests",
      dependencies: [
        "Engine", "Formats", "Metrics", "ModelGraph", "Patterns", "Pruning", "Search", "Tensors",
        "Threads",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "Formats", "ModelGraph", "PseudoTerminal", "TestSupport", "sculpt", "sculpt-tui",
      ],
      swiftSettings: swift),
  ],
  swiftLanguageModes: [.v6]
)
