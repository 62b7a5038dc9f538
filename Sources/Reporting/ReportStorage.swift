/// Where the report's files are stored; an S3 bucket in the product.
package protocol ReportStorage: Sendable {
    associatedtype Reader: ReportReader
    associatedtype Upload: ReportUpload

    /// Checks that no newer leader writes here.
    ///
    /// - Returns: the names of all stored files.
    /// - Throws: `ReportStorageError.stale` if a newer leader does.
    func open() async throws -> Set<String>
    /// Opens a file for reading; nil if there is none.
    func read(_ name: String) async throws -> Reader?
    /// The last `count` bytes of a file, or all if it has fewer; nil if there is none.
    func readEnd(of name: String, count: Int) async throws -> [UInt8]?
    /// Begins a file; it replaces the old one as a whole when it is finished.
    func begin(_ file: ReportFile) -> Upload
    /// Removes a file; a missing file is no error.
    func remove(_ name: String) async throws
}

/// Reads a file from its beginning.
package protocol ReportReader {
    /// The next bytes; nil at the end.
    mutating func next() async throws -> [UInt8]?
}

/// Writes a file; no reader sees any of it before it is finished.
package protocol ReportUpload {
    mutating func append(_ bytes: [UInt8]) async throws
    /// Replaces the old file, unless nothing was appended.
    ///
    /// - Throws: `ReportStorageError` if another writer has replaced it since its version was read.
    mutating func finish() async throws
    /// Discards the bytes sent so far.
    mutating func cancel() async
}

/// A file of the report, below its prefix.
package struct ReportFile: Hashable, Sendable {
    /// The name below the prefix, such as `123456789012/eu-central-1.json`.
    package var name: String
    /// The `Content-Type` header.
    package var contentType: String
    /// The `Content-Encoding` header, such as `gzip`; nil sends none.
    package var contentEncoding: String?
    /// The `Cache-Control` header: files are replaced in place, so a browser revalidates each time and gets 304 if
    /// nothing changed.
    package var cacheControl: String

    /// Describes a file and its headers.
    package init(name: String, contentType: String, contentEncoding: String?, cacheControl: String) {
        self.name = name
        self.contentType = contentType
        self.contentEncoding = contentEncoding
        self.cacheControl = cacheControl
    }

    /// A file for readers of the report: UTF-8 JSON, compressed with gzip.
    static func document(_ name: String) -> ReportFile {
        ReportFile(name: name, contentType: "application/json", contentEncoding: "gzip", cacheControl: "no-cache")
    }

    /// A registry's segment, which only the aggregator reads.
    static func part(_ name: String) -> ReportFile {
        ReportFile(name: name, contentType: "application/octet-stream", contentEncoding: nil, cacheControl: "no-store")
    }
}
