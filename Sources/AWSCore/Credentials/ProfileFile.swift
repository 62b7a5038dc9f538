/// The sections of a config or credentials file, read as the AWS CLI reads them.
struct ProfileFile: Sendable {
    /// The line that cannot be read, and why.
    struct Malformed: Error, Hashable {
        /// Counted from 1; the line's text is not kept, because it may be a key.
        let line: Int
        let reason: String
    }

    /// Settings by section; their names are in lower case, and one that is given twice has its last value.
    ///
    /// A setting inside another one is named after both, as `sts.endpoint_url`.
    private(set) var sections: [String: [String: String]] = [:]
    private var section: String?
    /// The latest setting, and how many blanks it is indented by.
    private var latest: (name: String, depth: Int)?

    init() {}

    /// Reads a whole file.
    ///
    /// Lines indented deeper than the setting before them belong to that setting, as the settings of `s3 =` do.
    init(_ text: String) throws(Malformed) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let content = line.trimmed
            guard let first = content.first, first != "#", first != ";" else { continue }
            let depth = line.prefix { $0 == " " || $0 == "\t" }.count
            if let latest, depth > latest.depth {
                setInside(latest.name, content)
            } else if first == "[" {
                try open(content, line: index + 1)
            } else {
                try set(content, depth: depth, line: index + 1)
            }
        }
    }

    private mutating func open(_ content: Substring, line: Int) throws(Malformed) {
        guard let end = content.firstIndex(of: "]") else {
            throw Malformed(line: line, reason: "a section's name is not closed by ]")
        }
        let name = String(content[..<end].dropFirst().trimmed)
        if sections[name] == nil { sections[name] = [:] }
        section = name
        latest = nil
    }

    /// A line without `=` continues a nested value, which is not used here.
    private mutating func setInside(_ parent: String, _ content: Substring) {
        guard let section, let equals = content.firstIndex(of: "=") else { return }
        let name = content[..<equals].trimmed.lowercased()
        sections[section]?["\(parent).\(name)"] = String(content[equals...].dropFirst().trimmed)
    }

    private mutating func set(_ content: Substring, depth: Int, line: Int) throws(Malformed) {
        guard let equals = content.firstIndex(of: "="), equals != content.startIndex else {
            throw Malformed(line: line, reason: "it is neither [section] nor name = value")
        }
        guard let section else { throw Malformed(line: line, reason: "it belongs to no section") }
        let name = content[..<equals].trimmed.lowercased()
        sections[section]?[name] = String(content[equals...].dropFirst().trimmed)
        latest = (name, depth)
    }
}

extension Substring {
    /// Without white space at either end.
    fileprivate var trimmed: Substring {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
