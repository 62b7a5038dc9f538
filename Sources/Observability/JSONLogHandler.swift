internal import Glibc
internal import JSON
package import Logging
internal import Support

/// Writes every log record as one line of JSON, so that no text from AWS can forge a second record.
package struct JSONLogHandler: LogHandler {
    /// The lowest level that is written; swift-log drops records below it before `log` is called.
    package var logLevel: Logger.Level
    /// The metadata of every record; values of a record's own metadata override it.
    package var metadata: Logger.Metadata = [:]
    /// Gives each record metadata of its task; it overrides `metadata`, and the record's own overrides both.
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let write: @Sendable ([UInt8]) -> Void

    /// Logs under `label`; `write` gets whole lines with their line feed, from any thread.
    package init(
        label: String,
        level: Logger.Level,
        write: @escaping @Sendable ([UInt8]) -> Void = JSONLogHandler.standardError
    ) {
        self.label = label
        self.logLevel = level
        self.write = write
    }

    /// One entry of `metadata`; nil removes it.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line: time, level, logger and message, then the metadata sorted by key, all values as text.
    package func log(event: LogEvent) {
        var facts = metadata
        if let provided = metadataProvider?.get() { facts.merge(provided) { _, later in later } }
        if let given = event.metadata { facts.merge(given) { _, later in later } }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("time")
        writer.string(Self.timestamp())
        writer.key("level")
        writer.string(event.level.rawValue)
        writer.key("logger")
        writer.string(label)
        writer.key("message")
        writer.string(event.message.description)
        for (key, value) in facts.sorted(by: { $0.key < $1.key }) {
            writer.key(key)
            writer.string(value.description)
        }
        writer.endObject()
        write(writer.drain() + [UInt8(ascii: "\n")])
    }

    /// Writes to standard error in one call, so that lines of several processes do not mix.
    package static func standardError(_ line: [UInt8]) {
        // Ignored: where standard error is closed, there is no other place to report it.
        _ = line.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// The time in UTC with milliseconds, as RFC 3339 spells it.
    private static func timestamp() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return UTCTime(seconds: now.tv_sec).text + ".\(String(1000 + now.tv_nsec / 1_000_000).dropFirst())Z"
    }
}
