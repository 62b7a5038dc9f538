/// The parts of an `Authorization` header of Signature Version 4.
struct SignatureScope: Sendable {
    var accessKeyID: String
    /// Eight digits.
    var day: String
    var region: String
    var service: String
    var signedHeaders: [String]
    var signature: String

    /// Reads the header; nil where it has not the form of Signature Version 4.
    init?(_ header: String) {
        let prefix = "AWS4-HMAC-SHA256 "
        guard header.hasPrefix(prefix) else { return nil }
        var parts: [Substring: Substring] = [:]
        for part in header.dropFirst(prefix.count).split(separator: ",") {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return nil }
            parts[pair[0]] = pair[1]
        }
        guard let credential = parts["Credential"]?.split(separator: "/"), credential.count == 5,
            credential[4] == "aws4_request", let headers = parts["SignedHeaders"], let signature = parts["Signature"]
        else { return nil }
        accessKeyID = String(credential[0])
        day = String(credential[1])
        region = String(credential[2])
        service = String(credential[3])
        signedHeaders = headers.split(separator: ";").map(String.init)
        self.signature = String(signature)
    }

    var text: String { "\(day)/\(region)/\(service)/aws4_request" }
}
