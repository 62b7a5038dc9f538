package import FoundationEssentials

/// Real answers and published vectors, too large for the repository.
package enum SharedData {
    /// The directory named by SCANFLEET_SHARED_DATA, or `shared/data` beside the checkout or one level above; nil where
    /// there is none, and where the variable is empty.
    package static var directory: URL? {
        if let path = ProcessInfo.processInfo.environment["SCANFLEET_SHARED_DATA"] {
            return path.isEmpty ? nil : URL(filePath: path, directoryHint: .isDirectory)
        }
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        return ["../shared/data", "../../shared/data"]
            .map { package.appending(path: $0, directoryHint: .isDirectory).standardized }
            .first { FileManager.default.fileExists(atPath: $0.path) }
    }
}
