import Foundation

/// The executables that were built beside the tests.
enum Products {
    static let scanfleet = path("scanfleet")
    static let bench = path("scanfleet-bench")
    static let simulator = path("scanfleet-simulator")

    private static func path(_ name: String) -> String {
        // The test bundle is itself an executable in the folder of the products.
        let tests = URL(filePath: CommandLine.arguments[0]).standardizedFileURL
        return tests.deletingLastPathComponent().appending(path: name).path()
    }
}
