import Foundation

/// The product's source files, for what is frozen as it is written there.
enum Sources {
    struct Missing: Error {
        var folder: String
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources")

    /// All files whose names end in `ending`, sorted by name; those of the simulator and the benches are not the product's.
    static func texts(withExtension ending: String) throws -> [(name: String, text: String)] {
        guard let files = FileManager.default.enumerator(at: folder.standardized, includingPropertiesForKeys: nil)
        else {
            throw Missing(folder: folder.path)
        }
        var texts: [(name: String, text: String)] = []
        for case let file as URL in files where file.pathExtension == ending {
            guard !["Simulated", "simulator", "Bench", "bench", "faults"].contains(where: file.path.contains) else {
                continue
            }
            texts.append((file.lastPathComponent, try String(contentsOf: file, encoding: .utf8)))
        }
        guard !texts.isEmpty else { throw Missing(folder: folder.path) }
        return texts.sorted { $0.name < $1.name }
    }
}
