internal import FoundationEssentials
internal import Retry

/// Reads the files that credentials come from: profiles and tokens.
enum CredentialsFile {
    /// The text of a file; nil where there is none. Blocks, so it is for the start of the process alone.
    static func text(ifPresent path: String) throws(CredentialsError) -> String? {
        do {
            return try contents(path)
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            return nil
        } catch {
            throw unreadable(path, error)
        }
    }

    /// The text of a file that must be there, read where no event loop waits for it.
    static func text(_ path: String) async throws -> String {
        try await withTaskExecutorPreference(globalConcurrentExecutor) { try await concurrentText(path) }
    }

    @concurrent private static func concurrentText(_ path: String) async throws(CredentialsError) -> String {
        do { return try contents(path) } catch { throw unreadable(path, error) }
    }

    private static func contents(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    private static func unreadable(_ path: String, _ error: any Error) -> CredentialsError {
        let reason =
            switch (error as? CocoaError)?.code {
            case .fileReadNoSuchFile: "it is not there"
            case .fileReadNoPermission: "this user may not"
            default: "the system reports an error, as for a directory"
            }
        // A projected token is not there for a moment while it is replaced.
        return CredentialsError("the file \(path) cannot be read: \(reason)", disposition: .transient)
    }
}
