internal import Foundation
internal import Kernels

/// Where and when something was measured.
public struct Machine: Hashable, Sendable {
  /// The processor's name.
  public var processor: String
  /// The kernels that Sculpt's engine runs there.
  public var kernels: String
  /// The operating system.
  public var system: String
  /// In ISO 8601.
  public var moment: String

  /// This machine, now.
  public static var here: Machine {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let names = information.split(separator: "\n").filter { $0.hasPrefix("model name") }
    let name = names.first?.split(separator: ":").last.map { $0.drop { $0 == " " } }
    let processes = ProcessInfo.processInfo
    return Machine(
      processor: "\(name ?? "unknown processor"), \(processes.processorCount) threads",
      kernels: InstructionSet.best.rawValue, system: processes.operatingSystemVersionString,
      moment: Date.now.ISO8601Format())
  }
}
