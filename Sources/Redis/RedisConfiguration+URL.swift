extension RedisConfiguration {
    /// Reads `redis://`, `rediss://` (TLS) or `unix://`, as in `rediss://user:password@host:6379/0` and
    /// `unix://user:password@/run/redis.sock?db=0`; the authorities' file counts for `rediss://` only.
    package init(url: String, certificateAuthorityFile: String? = nil) throws(RedisConfigurationError) {
        guard let (scheme, rest) = url.split(atFirst: "://") else { throw .unknownScheme }
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = rest[..<end]
        let place = rest[end...]
        let userEnd = authority.lastIndex(of: "@")
        credentials = try userEnd.map { authority[..<$0] }.flatMap(Credentials.init(userInfo:))
        let host = userEnd.map { authority[authority.index(after: $0)...] } ?? authority
        switch scheme.lowercased() {
        case "redis", "rediss":
            endpoint = try .init(host: host)
            database = try Self.database(path: place)
            security =
                scheme.lowercased() == "rediss" ? Security(certificateAuthorityFile: certificateAuthorityFile) : nil
        case "unix":
            guard host.isEmpty else { throw .missingSocketPath }
            (endpoint, database) = try Self.socket(place)
            security = nil
        default: throw .unknownScheme
        }
    }

    private static func database(path: Substring) throws(RedisConfigurationError) -> Int {
        guard !path.contains(where: { "?#".contains($0) }) else { throw .unknownParameter }
        return try database(number: path.dropFirst())
    }

    private static func database(number: Substring) throws(RedisConfigurationError) -> Int {
        if number.isEmpty { return 0 }
        guard let database = number.digits else { throw .invalidDatabase }
        return database
    }

    private static func socket(_ place: Substring) throws(RedisConfigurationError) -> (Endpoint, Int) {
        let (path, query) = place.split(atFirst: "?") ?? (place, "")
        guard path.count > 1 else { throw .missingSocketPath }
        let decoded = try path.percentDecoded()
        guard decoded.utf8.count <= 107 else { throw .socketPathTooLong }
        guard query.isEmpty || query.hasPrefix("db=") else { throw .unknownParameter }
        return (.unix(path: decoded), try database(number: query.dropFirst(3)))
    }
}

extension RedisConfiguration.Endpoint {
    fileprivate init(host text: Substring) throws(RedisConfigurationError) {
        let host: Substring
        let port: Substring
        if text.hasPrefix("["), let (name, rest) = text.dropFirst().split(atFirst: "]") {
            (host, port) = (name, rest)
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            (host, port) = (text[..<colon], text[colon...])
        }
        guard !host.isEmpty, !host.utf8.contains(0) else { throw .missingHost }
        guard !port.isEmpty else {
            self = .tcp(host: String(host), port: 6379)
            return
        }
        guard port.hasPrefix(":"), let number = port.dropFirst().digits, number > 0 else { throw .invalidPort }
        self = .tcp(host: String(host), port: number)
    }
}

extension RedisConfiguration.Credentials {
    /// `user:password` or `:password`; nil where both are empty.
    fileprivate init?(userInfo: Substring) throws(RedisConfigurationError) {
        let (user, password) = userInfo.split(atFirst: ":") ?? (userInfo, "")
        guard !password.isEmpty else {
            guard user.isEmpty else { throw .missingPassword }
            return nil
        }
        self.user = user.isEmpty ? nil : try user.percentDecoded()
        self.password = try password.percentDecoded()
    }
}

extension StringProtocol where SubSequence == Substring {
    /// A number up to 65535 in plain digits, without a sign.
    fileprivate var digits: Int? {
        utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) ? UInt16(self).map(Int.init) : nil
    }

    fileprivate func split(atFirst separator: String) -> (Substring, Substring)? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(separator) {
                return (self[..<start], self[index(start, offsetBy: separator.count)...])
            }
            start = index(after: start)
        }
        return nil
    }

    fileprivate func percentDecoded() throws(RedisConfigurationError) -> String {
        var bytes: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { throw .invalidPercentEncoding }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalidPercentEncoding }
        return text
    }
}
