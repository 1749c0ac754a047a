// swift-tools-version: 6.2
import PackageDescription

// A package of its own, as everything in it is compiled for libFuzzer: see `run`.
let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "sculpt", path: "../..")],
  targets: [
    .target(name: "CLibFuzzer"),
    .executableTarget(
      name: "FuzzReaders",
      dependencies: ["CLibFuzzer", .product(name: "Formats", package: "sculpt")]),
  ],
  swiftLanguageModes: [.v6]
)
