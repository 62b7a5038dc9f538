/// Where the report's files lie; an S3 bucket in the product.
package protocol ReportStorage: Sendable {
    associatedtype Reader: ReportReader
    associatedtype Upload: ReportUpload

    /// Makes sure that nobody newer writes here.
    ///
    /// - Returns: the names of all files that are there.
    /// - Throws: `ReportStorageError.stale` where somebody newer does.
    func open() async throws -> Set<String>
    /// Reads a file; nil where there is none.
    func read(_ name: String) async throws -> Reader?
    /// The last bytes of a file, all of them where it has fewer; nil where there is none.
    func readEnd(of name: String, count: Int) async throws -> [UInt8]?
    /// Begins a file, which takes the place of the old one as a whole when it is finished.
    func begin(_ file: ReportFile) -> Upload
    /// Removes a file; that it is not there is no error.
    func remove(_ name: String) async throws
}

/// A file as it is read, from its beginning.
package protocol ReportReader {
    /// The next bytes; nil at the end.
    mutating func next() async throws -> [UInt8]?
}

/// A file as it is written; nobody sees anything of it before it is finished.
package protocol ReportUpload {
    mutating func append(_ bytes: [UInt8]) async throws
    /// Replaces the old file, unless nothing was appended.
    ///
    /// - Throws: `ReportStorageError` where another has replaced it since it was last looked at.
    mutating func finish() async throws
    /// Gives up what was sent.
    mutating func cancel() async
}

/// A file of the report, below its prefix.
package struct ReportFile: Hashable, Sendable {
    /// Such as `123456789012/eu-central-1.json`.
    package var name: String
    package var contentType: String
    package var contentEncoding: String?
    /// The files are replaced in place: a browser asks each time, and gets 304 where nothing changed.
    package var cacheControl: String

    /// Describes a file's bytes.
    package init(name: String, contentType: String, contentEncoding: String?, cacheControl: String) {
        self.name = name
        self.contentType = contentType
        self.contentEncoding = contentEncoding
        self.cacheControl = cacheControl
    }

    /// gzip of UTF-8 JSON, for everybody.
    static func document(_ name: String) -> ReportFile {
        ReportFile(name: name, contentType: "application/json", contentEncoding: "gzip", cacheControl: "no-cache")
    }

    /// What only the aggregator reads.
    static func part(_ name: String) -> ReportFile {
        ReportFile(name: name, contentType: "application/octet-stream", contentEncoding: nil, cacheControl: "no-store")
    }
}
