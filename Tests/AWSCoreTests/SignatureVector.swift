internal import AWSCore
internal import Foundation
import Support
internal import Testing

/// One case of AWS' published signature test suite.
struct SignatureVector: CustomTestStringConvertible {
    let name: String
    /// The request as it would stand on the wire before it is signed.
    let request: String
    let canonicalRequest: String
    let stringToSign: String
    let authorization: String
    /// The request as it stands on the wire once it is signed.
    let signedRequest: String

    var testDescription: String { name }

    static let scope = SigV4Signer.Scope(region: "us-east-1", service: "service")
    static let credentials = Credentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    )

    /// Every case below `directory`.
    static func all(below directory: URL) throws -> [SignatureVector] {
        try FileManager.default.subpathsOfDirectory(atPath: directory.path)
            .filter { $0.hasSuffix(".req") }
            .map { try SignatureVector(directory.appending(path: $0)) }
            .sorted { $0.name < $1.name }
    }

    private init(_ requestFile: URL) throws {
        let base = requestFile.deletingPathExtension()
        let read = { (suffix: String) in
            String(decoding: try Data(contentsOf: base.appendingPathExtension(suffix)), as: UTF8.self)
        }
        name = base.lastPathComponent
        request = try read("req")
        canonicalRequest = try read("creq")
        stringToSign = try read("sts")
        authorization = try read("authz")
        signedRequest = try read("sreq")
    }

    /// What the signer is given, and the date in it.
    func subject() throws -> (SigV4Signer.Subject, SigningDate) {
        let lines = (hasToken ? signedRequest : request).split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("Authorization:") }
        let empty = lines.firstIndex(of: "") ?? lines.endIndex
        let body = lines.dropFirst(empty + 1).joined(separator: "\n")
        let line = lines[0].split(separator: " ").dropLast()
        let target = line.dropFirst().joined(separator: " ").split(separator: "?", maxSplits: 1)
        // A line that begins with a blank continues the one before.
        let headers = lines[1..<empty].joined(separator: "\n").replacing("\n ", with: " ").split(separator: "\n").map {
            let parts = $0.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), value: String(parts[1]))
        }
        let date = headers.first { $0.name == "X-Amz-Date" }?.value ?? ""
        let subject = SigV4Signer.Subject(
            method: String(line[0]),
            path: String(target[0]),
            query: target.count == 2 ? Self.query(target[1]) : [],
            headers: headers,
            payloadHash: SigV4Signer.hash(Array(body.utf8))
        )
        return (subject, SigningDate(text: date))
    }

    /// In one case the signer is to add a token that the request does not show.
    private var hasToken: Bool { canonicalRequest.contains("x-amz-security-token:") }

    private static func query(_ text: Substring) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? String($0) }
            return (parts[0], parts.count == 2 ? parts[1] : "")
        }
    }
}
