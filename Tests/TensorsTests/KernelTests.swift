import Foundation
import Tensors
import Testing

@Suite struct KernelTests {
  /// The register kernel of `Float` against the plain one that `Double` uses, over shapes with every kind of tail.
  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func fastMatmulAgreesWithThePlainOne(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let (m, k, n) = (
      generator.index(below: 20), generator.index(below: 70), generator.index(below: 40)
    )
    let (left, right) = (generator.index(below: 2) == 0, generator.index(below: 2) == 0)
    let a: Tensor<Double> = generator.normalTensor(shape: left ? [k, m] : [m, k], deviation: 1)
    let b: Tensor<Double> = generator.normalTensor(shape: right ? [n, k] : [k, n], deviation: 1)
    func product<Scalar: TensorScalar>(_ type: Scalar.Type) -> [Double] {
      let tape = Tape<Scalar>(isRecording: false)
      let (x, y) = (a, b)
      func variable(_ tensor: Tensor<Double>) -> Variable<Scalar> {
        tape.constant(Tensor(shape: tensor.shape, scalars: tensor.scalars.map { Scalar($0) }))
      }
      let z = variable(x).matmul(
        variable(y), transposingLeft: left, transposingRight: right)
      #expect(z.shape == [m, n])
      return z.value.scalars.map { Double($0) }
    }
    for (fast, plain) in zip(product(Float.self), product(Double.self)) {
      #expect(abs(fast - plain) < 1e-5 * Double(k + 1))
    }
  }

  @Test func exponentialsAgreeWithTheLibraryToTheirStatedPrecision() {
    for step in -8_700...8_800 {
      let x = Float(step) / 100
      let power = exp(Double(x))
      #expect(abs(Double(Float.exp(x)) - power) <= power * 0x1p-22)
      let less = expm1(Double(x))
      #expect(abs(Double(Float.expm1(x)) - less) <= abs(less) * 0x1p-21)
      let tangent = tanh(Double(x))
      #expect(abs(Double(Float.tanh(x)) - tangent) <= abs(tangent) * 0x1p-20)
    }
    for x in [1e-7, -3e-6, 1e-20] as [Float] {
      #expect(abs(Float.expm1(x) - x) <= abs(x) * 1e-5)
      #expect(abs(Float.tanh(x) - x) <= abs(x) * 1e-5)
    }
  }

  @Test func exponentialsHandleTheEndsOfTheLine() {
    #expect(Float.exp(-.infinity) == 0 && Float.exp(-200) == 0)
    #expect(Float.exp(.infinity) == .infinity && Float.exp(200) == .infinity)
    #expect(Float.exp(0) == 1 && Float.expm1(0) == 0 && Float.expm1(-.infinity) == -1)
    #expect(Float.exp(.nan).isNaN)
    #expect(Float.tanh(.infinity) == 1 && Float.tanh(-.infinity) == -1)
  }

  @Test func clippingScalesToTheGlobalNormAndDropsWhatIsNotFinite() {
    var gradients = [
      Tensor<Float>(shape: [2], scalars: [3, 0]), Tensor<Float>(shape: [1], scalars: [4]),
    ]
    #expect(clipGlobalNorm(&gradients, to: 10) == 5)
    #expect(gradients[0].scalars == [3, 0])
    #expect(clipGlobalNorm(&gradients, to: 1) == 5)
    #expect(abs(gradients[0].scalars[0] - 0.6) < 1e-6 && abs(gradients[1].scalar - 0.8) < 1e-6)
    gradients[0] = Tensor(shape: [2], scalars: [.nan, 1])
    #expect(!clipGlobalNorm(&gradients, to: 1).isFinite)
    #expect(gradients[0].scalars == [0, 0] && gradients[1].scalars == [0])
  }

  @Test func tensorsSurviveStorageBitForBit() throws {
    let tensor = Tensor<Float>(
      shape: [2, 2], scalars: [-0.0, .infinity, .leastNonzeroMagnitude, 0.1])
    let restored = try JSONDecoder().decode(
      Tensor<Float>.self, from: JSONEncoder().encode(tensor))
    #expect(restored.scalars.map(\.bitPattern) == tensor.scalars.map(\.bitPattern))
    #expect(restored.shape == tensor.shape)
  }

  @Test(arguments: [
    #"{"shape":[3],"scalars":"AAAAAA=="}"#, #"{"shape":[-1],"scalars":""}"#,
    #"{"shape":[4611686018427387904,4],"scalars":""}"#, #"{"shape":[1],"scalars":"AAA="}"#,
  ])
  func tensorsOfImpossibleShapesAreRefused(json: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Tensor<Float>.self, from: Data(json.utf8))
    }
  }
}
