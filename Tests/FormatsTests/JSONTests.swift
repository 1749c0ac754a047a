import Formats
import TestSupport
import Testing

@Suite struct JSONTests {
  private func parse(_ text: String) throws(FormatError) -> JSONValue {
    try JSONParser.parse(Array(text.utf8)[...], file: "f.json")
  }

  @Test func everyKindOfValue() throws {
    let value = try parse(
      #" {"a": [1, -2.5e+3, 0, true, false, null], "b": {"c": "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é"}} "#
    )
    #expect(
      value
        == .object([
          .init(
            "a",
            .array([
              .number("1"), .number("-2.5e+3"), .number("0"), .bool(true), .bool(false), .null,
            ])),
          .init("b", .object([.init("c", .string("\"\\/\u{8}\u{C}\n\r\té😀é"))])),
        ]))
    #expect(try parse(value.rendered()) == value)
    #expect(try parse(value.rendered(width: 10)) == value)
    #expect(try parse(value.compact) == value)
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01",
    "1.",
    ".5", "+1", "1e", "1e+", "-", "tru", "nulll", "NaN", "Infinity", "\"", "\"\\", "\"\\x\"",
    "\"\\u12\"", "\"\\u+123\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\n\"",
    "1 2", "[] x", "{\"a\":1,\"a\":2}", "\u{FEFF}1",
  ])
  func notJSON(text: String) {
    #expect(throws: FormatError.self) { try parse(text) }
  }

  @Test func notUTF8() {
    #expect(throws: FormatError.self) {
      try JSONParser.parse([0x22, 0xFF, 0x22], file: "f.json")
    }
  }

  @Test func errorsSayWhere() {
    #expect {
      try parse("{\n  \"a\": 1,\n  \"b\": x\n}")
    } throws: { error in
      "\(error)".contains("line 3, column 8")
    }
  }

  @Test(arguments: ["[", "{\"a\":"]) func deepNesting(open: String) throws {
    let close = open == "[" ? "]" : "}"
    func nested(_ depth: Int) -> String {
      String(repeating: open, count: depth) + "0" + String(repeating: close, count: depth)
    }
    _ = try parse(nested(JSONParser.maximumDepth))
    for depth in [JSONParser.maximumDepth + 1, 1_000_000] {
      #expect {
        try parse(nested(depth))
      } throws: { error in
        "\(error)".contains("deeper")
      }
    }
  }

  @Test func tooManyValues() {
    let text = "[" + String(repeating: "0,", count: JSONParser.maximumValues) + "0]"
    #expect {
      try parse(text)
    } throws: { error in
      "\(error)".contains("more than")
    }
  }

  @Test func linesBreakWhereTheyMust() {
    let value = JSONValue.object([
      .init("short", .array([.integer(1), .integer(2)])),
      .init("long", .array([.string("first"), .string("second"), .string("third")])),
    ])
    #expect(
      value.rendered(width: 24) == """
        {
          "short": [1, 2],
          "long": [
            "first",
            "second",
            "third"
          ]
        }

        """)
  }

  @Test(arguments: UInt64(0)..<50) func floatsKeepEveryBit(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    for _ in 0..<100 {
      let value = Float(bitPattern: .random(in: 0...0xFF7F_FFFF, using: &generator))
      guard value.isFinite else { continue }
      guard case .number(let text) = try parse(JSONValue.float(value).compact) else {
        Issue.record("no number")
        return
      }
      #expect(Float(text)?.bitPattern == value.bitPattern)
    }
  }
}
