/// Where the admin server listens: `host:port`, with an IPv6 host in brackets.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// A numeric address; names are not resolved.
    package let host: String
    /// 0 lets the kernel choose.
    package let port: UInt16

    /// Reads `0.0.0.0:8080` or `[::]:8080`; nil when it has not this form.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard host.contains(":") else { return nil }
        } else if !Self.isIPv4(host) {
            return nil
        }
        self.host = host
        self.port = port
    }

    /// Whether the host is an IPv6 address.
    package var isIPv6: Bool { host.contains(":") }

    package var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func isIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
