import Training
import Tensors
import ModelGraph
import Formats
import Dispatch
func bench() throws {
  let args = CommandLine.arguments
  let file = try ModelFile.read(at: args[1])
  let net = try TrainableNetwork(file.model)
  let threads = Int(args[2])!
  let n = 128
  let s = file.model.graph.inputShape
  var g = SeededGenerator(seed: 1)
  let x: Tensor<Float> = g.normalTensor(shape: [n, s.height, s.width, s.channels], deviation: 1)
  let t = Tensor<Float>(shape: [n, 10], repeating: 0.1)
  let prof = args.count > 3
  for i in 0..<(prof ? 60 : 12) {
    let a = DispatchTime.now().uptimeNanoseconds
    let tape = Tape<Float>(threads: threads)
    let b = net.parameters.bound(to: tape)
    let o = net.run(x, on: b, mode: .training)
    let l = Loss()(o.logits, targets: t)
    let m = DispatchTime.now().uptimeNanoseconds
    let gr = b.gradients(in: tape.gradients(of: l))
    let e = DispatchTime.now().uptimeNanoseconds
    print(i, l.value.scalar, gr.count, "fwd ms", Double(m - a) / 1e6, "bwd ms", Double(e - m) / 1e6, "img/s", Double(n) / Double(e - a) * 1e9)
  }
}
try FreedMemory.reused { try bench() }
