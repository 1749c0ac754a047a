internal import Formats
internal import Foundation
internal import Search
internal import TerminalKit
internal import Threads

/// Shows the welcome screen until a model is opened or the user leaves.
@MainActor
final class WelcomeLoop {
  private let terminal: Terminal
  private let options: ExplorerOptions
  private var welcome: Welcome

  /// How it ended.
  enum Ending {
    /// A model was opened, perhaps to go on with a run.
    case opened(ModelFile, run: String?)
    /// The program ends with this code.
    case left(Int32)
  }

  init(_ terminal: Terminal, _ options: ExplorerOptions, glyphs: GlyphSet) {
    self.terminal = terminal
    self.options = options
    welcome = Welcome(samples: Self.samples(options), glyphs: glyphs)
  }

  func run() -> Ending {
    let found = lookForRuns()
    while true {
      if let folder = welcome.wantedFolder {
        welcome.completion = PathCompletion(
          reading: folder, of: .model, in: options.environment)
      }
      terminal.present(view(welcome, size: terminal.size))
      var outcome = Welcome.Outcome.stay
      switch terminal.nextEvent() {
      case .key(let key): outcome = welcome.press(key)
      case .paste(let text): welcome.paste(text)
      case .mouse(let event):
        switch event.action {
        case .wheelUp: outcome = welcome.press(.up)
        case .wheelDown: outcome = welcome.press(.down)
        default: break
        }
      case .wake:
        for runs in found.drain() {
          welcome.take(runs) { FileManager.default.fileExists(atPath: $0) }
        }
      case .signal(.suspend): outcome = .suspend
      case .signal(let signal): return .left(signal.exitCode ?? 0)
      case .endOfInput: return .left(1)
      case .resize, nil: break
      }
      switch outcome {
      case .stay: break
      case .quit: return .left(0)
      case .suspend: terminal.suspend()
      case .open(let path, let run):
        guard let file = model(at: path) else {
          welcome.goInto(path)
          continue
        }
        do {
          return .opened(try options.open(file), run: run)
        } catch {
          welcome.problem = "\(error)"
        }
      }
    }
  }

  /// The file that a path is of: that in it, if it is a model's folder; nil for any other folder.
  private func model(at path: String) -> String? {
    let path = UserPath.expanded(path, in: options.environment)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return path }
    let inside = (path.hasSuffix("/") ? path : path + "/") + "model.json"
    return FileManager.default.fileExists(atPath: inside) ? inside : nil
  }

  /// Reads the stored runs on a thread of its own: there may be hundreds.
  private func lookForRuns() -> Mailbox<[RunFolder.Summary]> {
    let waker = terminal.waker
    let found = Mailbox<[RunFolder.Summary]> { waker.wake() }
    let folder = RunFolder(environment: options.environment)
    Thread { found.put(folder.summaries()) }.start()
    return found
  }

  /// The folders with a model in `SampleModels`, here, beside the program, in any folder above it.
  private static func samples(_ options: ExplorerOptions) -> [String] {
    let installed = InstalledFolders.places(
      of: "SampleModels", application: "sculpt", executable: options.executable)
    for place in ["SampleModels"] + installed {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
      let models = names.sorted().map { "\(place)/\($0)" }.filter {
        FileManager.default.fileExists(atPath: $0 + "/model.json")
      }
      if !models.isEmpty { return models }
    }
    return []
  }
}
