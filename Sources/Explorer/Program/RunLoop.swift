internal import Engine
internal import Formats
internal import Patterns
internal import Search
internal import TerminalKit

/// Turns events into messages, messages into a new state, and the state into frames; carries out
/// effects. All on the main actor, asleep whenever there is nothing to do.
@MainActor
final class RunLoop {
  private let terminal: Terminal
  private let start: Start
  private let options: ExplorerOptions
  /// Tries what is chosen in place of the images that the present run began with.
  private var trier: DataTrier
  /// The model with those images.
  private var own: ModelFile
  private let keeper: RunKeeper
  /// Fine-tuned models go beside the run on the screen.
  private var fineTuning: FineTuneSettings {
    didSet { state.model.runPath = fineTuning.run }
  }
  /// The path of the run that begins if a stored one cannot be gone on with.
  private var newRun = ""
  private var state: ExplorerState
  private var worker: SearchWorker?
  private var analyst: Analyst?
  private var tuner: FineTuneWorker?
  private var exitCode: Int32?
  /// Another model and its run, if they are to be gone on with.
  private(set) var successor: (file: ModelFile, run: String)?

  private let clock = ContinuousClock()
  private let launch: ContinuousClock.Instant
  private var lastFrame: ContinuousClock.Instant
  private var isDirty = true
  /// The strategy whose masks the next frame wants; asked for once a frame, however fast steps come.
  private var summaryWanted: Strategy?
  /// The node whose outputs it wants, likewise.
  private var observationWanted: Int?

  /// At most 30 frames a second for what the worker tells; keys are shown sooner.
  private static let frameInterval = Duration.milliseconds(33)
  private static let keyInterval = Duration.milliseconds(8)
  private static let calmInterval = Duration.seconds(1)

  init(_ terminal: Terminal, _ start: Start, _ options: ExplorerOptions) {
    self.terminal = terminal
    self.start = start
    self.options = options
    fineTuning = start.fineTuning
    own = start.file
    trier = Self.trier(own, terminal, options)
    keeper = RunKeeper { [waker = terminal.waker] in waker.wake() }
    state = start.state
    state.model.runPath = fineTuning.run
    launch = clock.now
    lastFrame = launch
  }

  /// Runs until the user quits, or goes to another model; returns the exit code.
  func run() -> Int32 {
    take(.resize(terminal.size))
    present()
    resume(start.recording)
    var interval = Self.frameInterval
    while exitCode == nil {
      let event: Event?
      if isDirty {
        let wait = interval - (clock.now - lastFrame)
        event = wait <= .zero ? nil : terminal.nextEvent(timeout: Self.milliseconds(wait))
        if event == nil {
          present()
          interval = state.screen.preferences.reducesMotion ? Self.calmInterval : Self.frameInterval
          continue
        }
      } else {
        event = terminal.nextEvent()
      }
      guard let event else { continue }
      if handle(event) { interval = Self.keyInterval }
    }
    worker?.stop()
    tuner?.stop()
    keeper.finish()
    return exitCode ?? 0
  }

  /// Goes on with a run, or begins one, by the images that were chosen in it.
  private func resume(_ recording: Recording, keepingRun: Bool = true) {
    guard let run = recording.storedPath else {
      return work(recording, keepingRun: keepingRun, by: state.model.data)
    }
    let choice = DataChoice(ofRun: run)
    do {
      own = try Start.file(start.file, ofRun: run, but: choice, options)
    } catch {
      return take(.search(.loadingFailed("\(error)")))
    }
    trier = Self.trier(own, terminal, options)
    state.model.show(imagesOf: own)
    work(recording, keepingRun: keepingRun, by: choice)
  }

  private static func trier(
    _ own: ModelFile, _ terminal: Terminal, _ options: ExplorerOptions
  ) -> DataTrier {
    DataTrier(own, recipe: options.recipe) { [waker = terminal.waker] in waker.wake() }
  }

  /// Sets a worker to work in place of the one there is, which ends by itself.
  private func work(_ recording: Recording, keepingRun: Bool, by choice: DataChoice) {
    worker?.send(keepingRun ? .stop : .discard)
    worker = nil
    analyst = nil
    newRun = Start.newRun(of: start.file)
    let file: ModelFile
    do {
      try fineTuning.train(by: choice, else: options.train, in: own)
      file = try choice.applied(to: own, over: own)
    } catch {
      return take(.search(.loadingFailed("\(error)")))
    }
    let waker = terminal.waker
    worker = SearchWorker(
      file, settings: start.settings, library: options.library,
      method: PruningMethod(sharing: options.sharing),
      threads: options.threads ?? Evaluator.defaultThreads, memory: options.memory,
      options: .init(recording: recording, timesChoices: true),
      otherwise: options.isReadOnly ? .none : .new(path: newRun),
      notify: { waker.wake() })
  }

  private static func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
  }

  private func present() {
    terminal.present(view(state, size: terminal.size))
    lastFrame = clock.now
    isDirty = false
    if let wanted = summaryWanted { analyst?.summarize(wanted) }
    if let node = observationWanted { analyst?.observe(node) }
    (summaryWanted, observationWanted) = (nil, nil)
  }

  /// Takes an event; returns whether the user waits for what it does.
  private func handle(_ event: Event) -> Bool {
    switch event {
    case .key(let key): take(.key(key))
    case .mouse(let event): take(.mouse(event))
    case .paste(let text): take(.paste(text))
    case .resize(let size): take(.resize(size))
    case .wake:
      for event in worker?.drain() ?? [] { hear(event) }
      for event in tuner?.drain() ?? [] { take(.fineTuning(event)) }
      for message in (analyst?.drain() ?? []) + trier.drain() + keeper.drain() { take(message) }
      return false
    case .signal(.suspend): carryOut(.suspend)
    case .signal(let signal): exitCode = signal.exitCode
    case .endOfInput: exitCode = exitCode ?? 1
    }
    return true
  }

  private func take(_ message: Message) {
    isDirty = true
    state.now = clock.now - launch
    for effect in update(&state, message) { carryOut(effect) }
  }

  /// Sets up what needs the model's weights and images before the state hears of them.
  private func hear(_ event: SearchSession.Event) {
    switch event {
    case .loaded(let workbench):
      analyst = Analyst(workbench, notify: notify)
      if state.run.history.episodes.isEmpty { keeper.list() }
      tune(on: workbench)
    case .notResumed:
      fineTuning.run = newRun
      if let workbench = analyst?.workbench { tune(on: workbench) }
    default: break
    }
    take(.search(event))
  }

  /// Sets a worker to fine-tune beside the run, in place of the one there is.
  private func tune(on workbench: Workbench) {
    guard !options.isReadOnly else { return }
    tuner?.send(.stop)
    tuner = FineTuneWorker(workbench, settings: fineTuning, notify: notify)
  }

  private var notify: @Sendable () -> Void { { [waker = terminal.waker] in waker.wake() } }

  /// The one place where anything happens outside the state.
  private func carryOut(_ effect: Effect) {
    switch effect {
    case .measure(let strategy): worker?.send(.measure(strategy))
    case .finish(let strategy): worker?.send(.finish(strategy))
    case .findBest: worker?.send(.findBest)
    case .run: worker?.send(.run)
    case .pause: worker?.send(.pause)
    case .playEpisode: worker?.send(.playEpisode)
    case .estimateTuning(let strategy): tuner?.send(.estimate(strategy))
    case .fineTune(let strategy, let tuning): tuner?.send(.start(strategy, tuning))
    case .cancelFineTuning: tuner?.send(.cancel)
    case .pin(let strategy): worker?.send(.pin(strategy))
    case .sweep(let targets): worker?.send(.sweep(targets))
    case .steer(let aim):
      worker?.send(.steer(target: aim.target, multiplier: aim.multiplier))
    case .remember(let memory): worker?.send(.remember { memory.data })
    case .resume(let path, let keepingRun):
      fineTuning.run = path
      resume(Start.recording(ofStored: path, options), keepingRun: keepingRun)
    case .judge(let choice, let keepingRun):
      fineTuning.run = Start.newRun(of: start.file)
      work(.new(path: fineTuning.run), keepingRun: keepingRun, by: choice)
    case .train(let choice):
      try? fineTuning.train(by: choice, else: options.train, in: own)
      if let workbench = analyst?.workbench { tune(on: workbench) }
    case .try(let choice): trier.attempt(choice, analyst?.workbench.file)
    case .stopTrying: trier.stop()
    case .list(let folder): trier.list(folder)
    case .listRuns: keeper.list()
    case .labelRun(let path, let label): keeper.label(label, run: path)
    case .deleteRun(let path): keeper.delete(run: path)
    case .summarize(let strategy): summaryWanted = strategy
    case .observe(let node): observationWanted = node
    case .export(let file, let path, let replacing):
      take(
        .export(
          ExportWriter.write(file, for: state.model.space, to: path, replacing: replacing)))
    case .exportModel(let model, let path, let replacing):
      analyst?.export(model, to: path, replacing: replacing)
    case .exportReport(let strategy, let format, let path, let replacing):
      let report = state.run.report(of: strategy, in: state.model)
      if let analyst {
        analyst.export(report, as: format, to: path, replacing: replacing)
      } else {
        take(.export(ExportWriter.write(report, as: format, to: path, replacing: replacing)))
      }
    case .copy(let text):
      if !terminal.copy(text) { take(.failed("too long for the terminal's clipboard; x exports")) }
    case .theme(let name):
      do {
        terminal.theme = try start.look.catalog.theme(named: name)
      } catch {
        take(.failed(error.description))
      }
    case .mouse(let isOn): terminal.usesMouse = isOn
    case .keep(let preferences): keeper.keep(preferences, in: start.look.file)
    case .suspend: terminal.suspend()
    case .open(let model, let run):
      do {
        // Not with the images of the command line, which are of this model.
        successor = (try ModelFile.readStructure(at: model), run)
        exitCode = 0
      } catch {
        take(.failed("\(error)"))
      }
    case .quit: exitCode = 0
    }
  }
}
