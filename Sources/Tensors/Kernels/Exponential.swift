/// e^x for `Float` without branches or calls, so that loops over it vectorise: several times as fast as the C
/// library's, and the same bits wherever floating point follows IEEE 754.
///
/// With x = n ln 2 + r and |r| <= ln 2 / 2, e^x = 2^n e^r, and e^r - 1 is a polynomial (Cephes, expf.c). The
/// relative error is below 2^-22. Results that would be subnormal are 0; from 2^127.5 on they are infinite.
@inline(__always)
func exponentialMinusOne(_ x: Float, plus one: Float) -> Float {
  let lowest: Float = -87.3
  let highest: Float = 88.37
  let inside = x < lowest ? lowest : (x > highest ? highest : x)
  // Adding 1.5 * 2^23 leaves the nearest whole number in the lowest bits of the significand.
  let shifter: Float = 12_582_912
  let shifted = inside * 1.442_695_04 + shifter
  let n = shifted - shifter
  let r = (inside - n * 0.693_359_375) + n * 2.121_944_4e-4
  var p: Float = 1.987_569_15e-4
  p = p * r + 1.398_199_95e-3
  p = p * r + 8.333_451_9e-3
  p = p * r + 4.166_579_6e-2
  p = p * r + 1.666_666_55e-1
  p = p * r + 5.000_000_1e-1
  let fraction = p * r * r + r
  let exponent = (shifted.bitPattern &- shifter.bitPattern) &+ 127
  let scale = Float(bitPattern: exponent << 23)
  let result = scale * fraction + (scale - (1 - one))
  return x < lowest ? one - 1 : (x > highest ? .infinity : result)
}
