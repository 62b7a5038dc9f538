internal import FoundationEssentials
internal import Glibc

/// A directory of a test's own, gone when its closure ends.
package struct TemporaryDirectory: Sendable {
    /// The absolute path; short, because a socket's path may have 107 bytes only.
    package let path: String

    /// Lends a new directory to `body`.
    @discardableResult
    package static func with<Result>(_ body: (TemporaryDirectory) async throws -> Result) async throws -> Result {
        var template = Array("/tmp/scanfleet-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(TemporaryDirectory(path: path)))
        } catch {
            outcome = .failure(error)
        }
        try FileManager.default.removeItem(atPath: path)
        return try outcome.get()
    }

    /// The path of a file inside.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file inside and answers its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: file(name), atomically: true, encoding: .utf8)
        return file(name)
    }
}
