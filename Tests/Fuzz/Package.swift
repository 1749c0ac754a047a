// swift-tools-version: 6.2
import PackageDescription

// A package of its own, as it needs libFuzzer:
//
//     Tests/Fuzz/run onnx 600
let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "sculpt", path: "../..")],
  targets: [
    .executableTarget(
      name: "FuzzReaders",
      dependencies: [.product(name: "Formats", package: "sculpt")],
      swiftSettings: [.unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])])
  ],
  swiftLanguageModes: [.v6]
)
