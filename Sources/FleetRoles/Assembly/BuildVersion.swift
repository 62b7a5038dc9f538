/// What this build calls itself; `docker/fleet/stamp` writes this file anew where an image is built.
package enum BuildVersion {
    /// The release, as AWS sees it in the `User-Agent` too.
    static let number = "0.1.0"
    /// The commit that an image was built from; nil where somebody built for themselves.
    static let revision: String? = nil

    /// Both, for people.
    package static var text: String { revision.map { "\(number) (\($0))" } ?? number }
}
