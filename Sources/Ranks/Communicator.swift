package import Foundation

/// How the processes of a job send each other bytes: by MPI, or in tests as threads of one process.
///
/// Messages from one rank to another arrive in the order in which they were sent. One thread at a time may call it.
package protocol Communicator: Sendable {
  /// The number of this process, from 0.
  var rank: Int { get }
  /// The processes of the job.
  var count: Int { get }
  /// Those of them that share this machine.
  var neighbours: Int { get }

  /// Sends something; may wait until it is received.
  func send(_ bytes: Data, to rank: Int)

  /// Waits for a message, of any rank if nil, asleep for the most part: others may need the processor.
  func receive(from rank: Int?) -> (rank: Int, bytes: Data)

  /// Sends to one rank while it receives from another one, neither of which waits for the other.
  func exchange(_ bytes: Data, to rank: Int, from other: Int) -> Data

  /// Ends every process of the job.
  func abort(_ code: Int32) -> Never

  /// Says that there are no more messages; nothing is called after it.
  func leave()
}
