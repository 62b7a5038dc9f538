import Domain
import Testing

@Suite struct SeverityTests {
    @Test func `Severities rank as ECR means them and keep unknown words`() {
        #expect(Severity.known.max() == .critical)
        #expect(Severity.high > .medium)
        #expect(Severity.low > .untriaged)
        let unknown = Severity(rawValue: "APOCALYPTIC")
        #expect(unknown.rank == Severity.undefined.rank)
        #expect(unknown.rawValue == "APOCALYPTIC")
    }

    @Test func `Only a scan makes an image judged`() {
        for state in Coverage.State.allCases {
            #expect(Coverage(state).isJudged == (state == .scanned))
        }
    }
}
