import PerformanceModel
import Testing

@Suite struct PrecisionTests {
    @Test func bytesPerWeightIncludeScales() {
        #expect(Precision.bf16.weightBytes == 2)
        #expect(Precision.fp8.weightBytes == 1)
        #expect(Precision.int8.weightBytes == 1 + 2.0 / 128)
        #expect(Precision.int4.weightBytes == 0.5 + 2.5 / 128)
        #expect(Precision.mxfp4.weightBytes == 0.5 + 1.0 / 32)
    }

    @Test func namesLeadBack() throws {
        for precision in Precision.all { #expect(try Precision(named: precision.name.uppercased()) == precision) }
        let error = #expect(throws: UnknownName.self) { try Precision(named: "bf61") }
        #expect(error?.description == "unknown precision `bf61`, did you mean `bf16`?")
    }

    @Test func cacheFormatCanBeSetApart() {
        let precision = Precision.bf16.caching(.fp8)
        #expect(precision.kvCache == .fp8 && precision.weights == .bf16 && precision.name == "bf16+kv-fp8")
        #expect(Precision.bf16.caching(.bf16) == .bf16)
    }
}
