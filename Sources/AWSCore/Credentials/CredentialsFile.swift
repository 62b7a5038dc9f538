internal import Glibc
internal import Support

/// Reads the files that credentials come from: profiles and tokens.
enum CredentialsFile {
    /// Far more than any of them holds; a device or a log named by mistake is not read to its end.
    private static let maximumBytes = 1 << 20

    /// The text of a file; nil where there is none.
    ///
    /// Blocks, so it is for the start of the process alone.
    static func text(ifPresent path: String) throws(CredentialsError) -> String? {
        do throws(Unreadable) {
            return try contents(path)
        } catch {
            guard error != .failed(ENOENT) else { return nil }
            throw CredentialsError(path, error)
        }
    }

    /// The text of a file that must be there, read where no event loop waits for it.
    static func text(_ path: String) async throws -> String {
        try await withTaskExecutorPreference(globalConcurrentExecutor) { try await concurrentText(path) }
    }

    @concurrent private static func concurrentText(_ path: String) async throws(CredentialsError) -> String {
        do throws(Unreadable) { return try contents(path) } catch { throw CredentialsError(path, error) }
    }

    /// By system calls, because Foundation's reader of files leaves its buffer behind where reading fails.
    private static func contents(_ path: String) throws(Unreadable) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .failed(errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            if count > 0 {
                bytes += chunk.prefix(count)
                guard bytes.count <= maximumBytes else { throw .tooLarge }
            } else if errno != EINTR {
                throw .failed(errno)
            }
        }
    }

    /// Why a file gave no text.
    fileprivate enum Unreadable: Error, Equatable {
        /// A system call failed with this `errno`.
        case failed(Int32)
        case tooLarge
    }
}

extension CredentialsError {
    fileprivate init(_ path: String, _ cause: CredentialsFile.Unreadable) {
        let reason =
            switch cause {
            case .failed(ENOENT): "it is not there"
            case .failed(EACCES): "this user may not"
            case .failed(EISDIR): "it is a directory"
            case .failed(let code): String(cString: strerror(code))
            case .tooLarge: "it is larger than a megabyte"
            }
        // A projected token is not there for a moment while it is replaced.
        self.init("the file \(path) cannot be read: \(reason)", disposition: .transient)
    }
}
