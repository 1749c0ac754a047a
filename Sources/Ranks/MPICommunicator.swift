#if MPI
  internal import CMPI
  internal import Foundation

  /// The processes that MPI started together.
  struct MPICommunicator: Communicator {
    let rank: Int
    let count: Int
    let neighbours: Int

    /// All messages have one tag.
    private static let tag: Int32 = 0

    /// Joins them; once in a process.
    init() {
      var (provided, rank, count, neighbours) = (Int32(0), Int32(0), Int32(1), Int32(1))
      MPI_Init_thread(nil, nil, Int32(MPI_THREAD_SERIALIZED), &provided)
      MPI_Comm_rank(sculpt_world(), &rank)
      MPI_Comm_size(sculpt_world(), &count)
      var machine = sculpt_world()
      MPI_Comm_split_type(
        sculpt_world(), Int32(MPI_COMM_TYPE_SHARED), 0, sculpt_no_info(), &machine)
      MPI_Comm_size(machine, &neighbours)
      (self.rank, self.count, self.neighbours) = (Int(rank), Int(count), Int(neighbours))
    }

    func send(_ bytes: Data, to rank: Int) {
      bytes.withUnsafeBytes { bytes in
        _ = MPI_Send(
          bytes.baseAddress, Int32(bytes.count), sculpt_byte(), Int32(rank), Self.tag,
          sculpt_world())
      }
    }

    func receive(from rank: Int?) -> (rank: Int, bytes: Data) {
      let source = rank.map { Int32($0) } ?? sculpt_any_source()
      var (isThere, status, rounds) = (Int32(0), MPI_Status(), 0)
      while true {
        MPI_Iprobe(source, Self.tag, sculpt_world(), &isThere, &status)
        if isThere != 0 { break }
        // MPI_Recv would take a whole processor to wait.
        rounds += 1
        if rounds > 50 { usleep(rounds < 2000 ? 50 : 500) }
      }
      var count: Int32 = 0
      MPI_Get_count(&status, sculpt_byte(), &count)
      var bytes = Data(count: Int(count))
      bytes.withUnsafeMutableBytes { bytes in
        _ = MPI_Recv(
          bytes.baseAddress, count, sculpt_byte(), status.MPI_SOURCE, Self.tag, sculpt_world(),
          &status)
      }
      return (Int(status.MPI_SOURCE), bytes)
    }

    func exchange(_ bytes: Data, to rank: Int, from other: Int) -> Data {
      bytes.withUnsafeBytes { bytes in
        var request: MPI_Request?
        MPI_Isend(
          bytes.baseAddress, Int32(bytes.count), sculpt_byte(), Int32(rank), Self.tag,
          sculpt_world(), &request)
        let received = receive(from: other).bytes
        var (isDone, status) = (Int32(0), MPI_Status())
        while isDone == 0 {
          MPI_Test(&request, &isDone, &status)
          if isDone == 0 { usleep(50) }
        }
        return received
      }
    }

    func abort(_ code: Int32) -> Never {
      MPI_Abort(sculpt_world(), code)
      exit(code)
    }

    func leave() { MPI_Finalize() }
  }
#endif
