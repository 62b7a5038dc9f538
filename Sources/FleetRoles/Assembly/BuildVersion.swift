/// The version of this build; `docker/fleet/stamp` rewrites this file when an image is built.
package enum BuildVersion {
    /// The release, which is also part of the `User-Agent` of AWS calls.
    static let number = "0.1.0"
    /// The commit that an image was built from; nil in a build from a checkout.
    static let revision: String? = nil

    /// Release and commit, such as `0.1.0 (a1b2c3d)`; only the release in a build from a checkout.
    package static var text: String { revision.map { "\(number) (\($0))" } ?? number }
}
