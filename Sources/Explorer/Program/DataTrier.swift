internal import Engine
internal import Formats
internal import ModelGraph
internal import Search
internal import Synchronization
internal import Threads
internal import Training

/// Tries images and numbers of the input on a thread of its own: what they do to the dense model's accuracy.
final class DataTrier: Sendable {
  private let thread = SerialThread()
  private let mailbox: Mailbox<Message>
  private let wishes = Mutex(Wishes())
  private let own: ModelFile
  /// The path of the recipe that `f` trains by; nil for the one beside the model.
  private let recipe: String?
  /// On the thread alone.
  private let known = Mutex(Known())

  private struct Wishes {
    var choice: DataChoice?
    var cancellation = Cancellation()
  }

  private struct Known {
    var trained: ModelFile?
    var images: (source: DataSource, input: InputDescription, data: Dataset)?
    /// The path of images to train on that are enough.
    var training: String?
  }

  /// So many images tell whether the input is right.
  private static let sample = 256
  private static let chunk = 32

  /// - Parameters:
  ///   - own: the model, with the images that it was opened with.
  ///   - recipe: the path of the recipe that `f` trains by; nil for the one beside the model.
  init(_ own: ModelFile, recipe: String?, notify: @escaping @Sendable () -> Void) {
    self.own = own
    self.recipe = recipe
    mailbox = Mailbox(notify: notify)
  }

  /// Tries a choice in place of one asked for earlier.
  ///
  /// - Parameter trained: the model with its weights, if they have been read.
  func attempt(_ choice: DataChoice, _ trained: ModelFile?) {
    wishes.withLock {
      $0.choice = choice
      $0.cancellation.request()
    }
    thread.async { [self] in
      if let trained { known.withLock { $0.trained = trained } }
      attemptLatest()
    }
  }

  /// Gives up what is being tried, and forgets what was read for it.
  func stop() {
    wishes.withLock {
      $0.choice = nil
      $0.cancellation.request()
    }
    thread.async { [self] in known.withLock { $0 = Known() } }
  }

  /// Reads the names in a folder.
  func list(_ folder: String) {
    thread.async { [self] in
      mailbox.put(.folder(PathCompletion(reading: folder, of: .images)))
    }
  }

  /// Takes what has been found out since the last call.
  func drain() -> [Message] { mailbox.drain() }

  private func attemptLatest() {
    let (choice, cancellation) = wishes.withLock { wishes in
      wishes.cancellation = Cancellation()
      return (wishes.choice.take(), wishes.cancellation)
    }
    guard let choice else { return }
    do {
      for split in DataChoice.splits where choice[split] != nil {
        _ = try choice.source(of: split, in: own)
      }
      mailbox.put(.trial(DataTrial(choice, .reading)))
      try checkTraining(choice)
      try measure(choice, cancellation)
    } catch {
      mailbox.put(.trial(DataTrial(choice, .failed("\(error)"))))
    }
  }

  /// Throws what `f` would say of the images to train on: their number is known when they are read.
  private func checkTraining(_ choice: DataChoice) throws {
    guard let path = choice[.train], known.withLock({ $0.training }) != path else { return }
    var settings = FineTuneSettings(run: "", recipe: recipe)
    try settings.train(by: choice, else: nil, in: own)
    _ = try settings.denseRecipe(ofModelAt: own.path).readTrainingSet(for: own.model)
    known.withLock { $0.training = path }
  }

  private func measure(_ choice: DataChoice, _ cancellation: Cancellation) throws {
    let trained = try known.withLock { known in
      let trained = try known.trained ?? own.readingWeights()
      known.trained = trained
      return trained
    }
    let file = try choice.applied(to: trained, over: own)
    guard let source = file.data[.validation] else {
      throw FormatError(file.path, "names no validation images", remedy: "type their path")
    }
    let images = try known.withLock { known in
      if let images = known.images, images.source == source, images.input == file.model.input {
        return images.data
      }
      let data = try Dataset.read(source, for: file.model)
      known.images = (source, file.model.input, data)
      return data
    }
    let sample = images.spread(Self.sample)
    _ = Evaluator(sample, threads: 1).accuracy(
      of: try Program(file.model), chunk: Self.chunk, cancellation: cancellation
    ) { [mailbox] accuracy in
      mailbox.put(
        .trial(DataTrial(choice, .accuracy(accuracy, of: images.count, remark: images.remark))))
    }
  }
}
