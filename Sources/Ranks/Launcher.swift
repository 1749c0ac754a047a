/// What started this process together with others, as far as its environment says.
struct Launcher: Equatable {
  /// The number of this process.
  var rank: Int
  /// The processes that were started.
  var count: Int

  /// Nil for a process that was started alone.
  init?(_ environment: [String: String]) {
    // Open MPI's mpirun; MPICH's and Slurm's with PMI 1 and 2; srun with whatever.
    for (rank, count) in [
      ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMI_RANK", "PMI_SIZE"),
      ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS"),
    ] {
      guard let rank = environment[rank].flatMap({ Int($0) }),
        let count = environment[count].flatMap({ Int($0) })
      else { continue }
      (self.rank, self.count) = (rank, count)
      return
    }
    return nil
  }
}
