import Foundation
import Logging
import Observability
import Support
import Synchronization
import Testing

@Suite struct JSONLogHandlerTests {
    private final class Lines: Sendable {
        let written: Mutex<[UInt8]> = Mutex([])
    }

    @Test func `A record is one line of JSON whatever its facts hold`() throws {
        let lines = Lines()
        let logger = Logger(label: "test") { label in
            JSONLogHandler(label: label, level: .info) { line in lines.written.withLock { $0 += line } }
        }
        logger.info("job attempted", metadata: .init([.repository: "a\nb\"c\u{1B}", .count: 3]))
        logger.debug("not written", metadata: .init([.count: 1]))
        let bytes = lines.written.withLock { $0 }
        #expect(bytes.count { $0 == UInt8(ascii: "\n") } == 1)
        let record = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: String])
        #expect(record["message"] == "job attempted")
        #expect(record["level"] == "info")
        #expect(record[LogKey.repository.rawValue] == "a\nb\"c\u{1B}")
        #expect(record["time"]?.hasSuffix("Z") == true)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00"), (951_782_400, "2000-02-29T00:00:00"), (1_795_426_200, "2026-11-23T09:30:00"),
    ])
    func `Civil time in UTC`(seconds: Int, text: String) {
        #expect(UTCTime(seconds: seconds).text == text)
    }
}
