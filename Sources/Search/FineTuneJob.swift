internal import Engine
internal import Formats
internal import ModelGraph
internal import Patterns
internal import Tensors
internal import Training

/// One strategy's fine-tuning from the recipe to the files of the trained model.
struct FineTuneJob {
  let strategy: Strategy
  let workbench: Workbench
  let settings: FineTuneSettings
  let cancellation: Cancellation

  typealias Tell = (FineTuneWorker.Event) -> Void
  /// Writes files; false if the program is ending.
  typealias Writing = (() throws -> Void) throws -> Bool

  /// Trains to the last epoch.
  ///
  /// - Returns: nil if it was cancelled; what was finished before is found again.
  func run(tell: Tell, writing: Writing) throws -> FineTuned? {
    let dense = try settings.denseRecipe(ofModelAt: workbench.file.path)
    var recipe = settings.tuning.recipe(from: dense, subject: workbench.model.name)
    recipe.seed = settings.seed
    let folder = FineTunedFolder(
      besideRun: settings.run, strategy, of: workbench, by: recipe)
    if let known = folder.result(for: workbench) { return known }

    let images = try recipe.readData(for: workbench.model)
    if cancellation.isRequested { return nil }
    let pruned = try workbench.prune(strategy)
    var trainer = try settings.tuning.trainer(
      recipe, pruned: pruned, dense: workbench.model, train: images.train,
      validation: workbench.evaluator.dataset, threads: workbench.evaluator.threads)
    if FileBytes.exists(folder.checkpoint) {
      try trainer.resume(from: folder.checkpoint)
    }
    guard let before = try workbench.measure(strategy, cancellation: cancellation)?.accuracy else {
      return nil
    }
    tell(
      .started(
        FineTuneWorker.Start(epochs: recipe.epochs, before: before, history: trainer.history)))
    guard try FreedMemory.reused({ try train(&trainer, folder, tell: tell, writing: writing) })
    else { return nil }
    let correct = (trainer.best?.accuracy ?? 0) * Double(before.images)
    let after = Accuracy(correct: Int(correct.rounded()), images: before.images)
    let result = FineTuned(
      strategy: strategy, cost: pruned.cost, before: before, after: after,
      epochs: trainer.history.count, folder: folder.path)
    let trained = try pruned.replacing(trainer.bestModel).lowered()
    let isWritten = try writing {
      try ModelFile.write(
        trained.model, to: folder.model, data: workbench.file.data, replacing: true)
      try folder.write(result)
    }
    return isWritten ? result : nil
  }

  /// Trains epoch by epoch, each one kept on disk.
  ///
  /// - Returns: whether it came to the end.
  private func train(
    _ trainer: inout Trainer, _ folder: FineTunedFolder, tell: Tell, writing: Writing
  ) throws -> Bool {
    var last: ContinuousClock.Instant?
    while !trainer.isDone {
      let record = try trainer.runEpoch(cancellation: cancellation) { progress in
        let now = ContinuousClock.now
        // The last batch is told in any case: what follows it, the validation, takes a while.
        if let last, now - last < .milliseconds(100), progress.batch < progress.batches { return }
        last = now
        tell(.batch(progress))
      }
      guard let record else { return false }
      let isWritten = try writing {
        try folder.create()
        try trainer.checkpoint.write(to: folder.checkpoint)
      }
      guard isWritten else { return false }
      tell(.epoch(record))
    }
    return true
  }
}
