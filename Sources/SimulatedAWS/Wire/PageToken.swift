internal import Foundation

/// An opaque page token: what it holds is nobody's business but ours.
enum PageToken {
    static func make(_ content: String) -> String { Data("page:\(content)".utf8).base64EncodedString() }

    /// What the token holds; nil where it is none of ours.
    static func read(_ token: String) -> String? {
        guard let data = Data(base64Encoded: token) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return text.hasPrefix("page:") ? String(text.dropFirst(5)) : nil
    }
}
