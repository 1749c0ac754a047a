internal import Foundation
internal import Synchronization

/// The right to write into a run. One program has it at a time: two would write over each other's episodes.
///
/// An advisory lock on a file beside the run, which says whose it is. The lock ends with the program, however that
/// ends; a file that is left then is taken over by the next one. Parts of one program share it.
final class RunLock: Sendable {
  private let path: String
  private static let held = Mutex<[String: (descriptor: Int32, owners: Int)]>([:])

  /// Takes the right to write into the run at a path.
  /// - Throws: `SearchError` if another program has it.
  init(ofRun run: String) throws(SearchError) {
    let path = Self.path(ofRun: run)
    self.path = path
    try Self.held.withLock { (held) throws(SearchError) in
      if let (descriptor, owners) = held[path] {
        held[path] = (descriptor, owners + 1)
      } else {
        held[path] = (try Self.take(path, ofRun: run), 1)
      }
    }
  }

  deinit {
    Self.held.withLock { held in
      guard let (descriptor, owners) = held[path] else { return }
      held[path] = owners > 1 ? (descriptor, owners - 1) : nil
      guard owners == 1, descriptor >= 0 else { return }
      // While it is still locked: whoever waits at the door finds another file, or none.
      unlink(path)
      close(descriptor)
    }
  }

  /// The descriptor of a locked file; -1 where there are no locks, or no file can be made: the run itself says then
  /// what is wrong.
  private static func take(_ path: String, ofRun run: String) throws(SearchError) -> Int32 {
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { return -1 }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        defer { close(descriptor) }
        guard errno == EWOULDBLOCK else { return -1 }
        // Somebody only asks whose it is, and is done in a moment.
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { continue }
        throw SearchError(run, heldBy: RunHolder(in: descriptor))
      }
      // Another program may have removed the file between the two calls.
      guard isFile(descriptor, at: path) else {
        close(descriptor)
        continue
      }
      RunHolder.own.write(to: descriptor)
      return descriptor
    }
  }

  /// The program that has the right to write into the run at a path; nil if none has.
  static func holder(ofRun run: String) -> RunHolder? {
    let descriptor = open(path(ofRun: run), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    // Shared, so that whoever takes the right meanwhile can tell that it is not taken.
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
    return RunHolder(in: descriptor)
  }

  private static func path(ofRun run: String) -> String {
    URL(filePath: run).resolvingSymlinksInPath().path(percentEncoded: false) + "-lock"
  }

  private static func isFile(_ descriptor: Int32, at path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0
      && (opened.st_dev, opened.st_ino) == (named.st_dev, named.st_ino)
  }
}

/// Who writes into a run that is only shown here.
public enum RunWriter: Hashable, Sendable {
  /// Another program does.
  case other(RunHolder)
  /// No program does now.
  case nobody

  /// Who writes into the run at a path.
  package init(ofRun path: String) {
    self = RunLock.holder(ofRun: path).map(Self.other) ?? .nobody
  }
}

/// The program that writes into a run.
public struct RunHolder: Hashable, Sendable, CustomStringConvertible {
  /// Its name and the number of its process.
  public let description: String

  /// A program by its name and process, as in `sculpt-tui, process 4711`.
  public init(_ description: String) { self.description = description }

  fileprivate static var own: RunHolder {
    let process = ProcessInfo.processInfo
    return RunHolder("\(process.processName), process \(process.processIdentifier)")
  }

  private static let longest = 200

  fileprivate init(in file: Int32) {
    var bytes = [UInt8](repeating: 0, count: Self.longest)
    let count = pread(file, &bytes, bytes.count, 0)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    self.init(text.isEmpty ? "another program" : text.split(separator: "\n").joined(separator: " "))
  }

  fileprivate func write(to file: Int32) {
    let bytes = Array(description.utf8.prefix(Self.longest))
    // Whoever is told nothing of it is still kept out.
    _ = ftruncate(file, 0)
    _ = pwrite(file, bytes, bytes.count, 0)
  }
}
