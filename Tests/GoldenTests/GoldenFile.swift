import Foundation
import Testing

/// The texts that the outside sees today, one file each under Golden/.
///
/// A change of a file is a change of what users, programs and stored data meet. SCANFLEET_WRITE_GOLDENS=1 writes the files
/// anew: only an issue that says that the outside changes may do so.
private let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

/// Fails where `actual` is not byte for byte what the file `name` holds, or where there is no such file.
///
/// The failure shows the first line that differs and where the whole actual text lies.
func expectGolden(_ actual: String, _ name: String, at location: SourceLocation = #_sourceLocation) throws {
    let file = golden.appending(path: name)
    if ProcessInfo.processInfo.environment["SCANFLEET_WRITE_GOLDENS"] == "1" { return try write(actual, to: file) }
    guard let bytes = FileManager.default.contents(atPath: file.path) else {
        Issue.record("there is no golden file \(name)", sourceLocation: location)
        return
    }
    guard bytes != Data(actual.utf8) else { return }
    let copy = FileManager.default.temporaryDirectory.appending(path: "scanfleet-golden").appending(path: name)
    try write(actual, to: copy)
    let difference = firstDifference(String(decoding: bytes, as: UTF8.self), actual)
    Issue.record("\(name) has changed.\n\(difference)\nThe whole is in \(copy.path)", sourceLocation: location)
}

private func write(_ text: String, to file: URL) throws {
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
}

private func firstDifference(_ golden: String, _ actual: String) -> String {
    let (before, after) = (lines(golden), lines(actual))
    for index in 0..<max(before.count, after.count) {
        let old = index < before.count ? before[index] : "nothing"
        let new = index < after.count ? after[index] : "nothing"
        if old != new { return "Line \(index + 1) \(change(from: old, to: new))" }
    }
    return "They differ in bytes that are no UTF-8."
}

/// Only what surrounds the change: a line may be a whole document.
private func change(from old: String, to new: String) -> String {
    let start = max(0, zip(old.unicodeScalars, new.unicodeScalars).prefix { $0 == $1 }.count - 60)
    let excerpts = [old, new].map { String(String.UnicodeScalarView($0.unicodeScalars.dropFirst(start).prefix(160))) }
    return "from character \(start) on was \(excerpts[0].debugDescription) and is \(excerpts[1].debugDescription)."
}

/// By the line feed alone: Swift takes a carriage return and a line feed for one character.
private func lines(_ text: String) -> [String] {
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
    }
}
