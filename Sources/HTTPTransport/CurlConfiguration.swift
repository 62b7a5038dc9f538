/// The settings that all transfers of a transport share.
package struct CurlConfiguration: Sendable, Hashable {
    /// A PEM file of the authorities to trust; nil trusts the system's, and verification cannot be turned off.
    package var certificateAuthorityFile: String?
    /// How many transfers run at once, and how many idle connections are kept; further requests wait their turn, and
    /// a request's time-outs begin when it starts.
    package var maximumConnections: Int
    /// How many of these may go to one scheme, host and port.
    package var maximumConnectionsPerHost: Int
    /// The newest HTTP version to use.
    package var version: Version

    /// A version of HTTP.
    package enum Version: Sendable, Hashable {
        /// HTTP/1.1 alone, one transfer a connection at any time.
        case http1
        /// HTTP/2 where a TLS server offers it, at most so many transfers on one connection; else HTTP/1.1.
        ///
        /// Not the default, and no setting of the fleet chooses it: most of AWS' JSON endpoints speak only 1.1, and it
        /// saves a tenth of the CPU at best (measured). With libcurl 7.88.1 (Debian 12) a request never ends if the
        /// server answers before it has read the whole body.
        case http2(streams: Int)
    }

    /// Describes a transport that suits one worker.
    package init(
        certificateAuthorityFile: String? = nil,
        maximumConnections: Int = 256,
        maximumConnectionsPerHost: Int = 256,
        version: Version = .http1
    ) {
        self.certificateAuthorityFile = certificateAuthorityFile
        self.maximumConnections = maximumConnections
        self.maximumConnectionsPerHost = maximumConnectionsPerHost
        self.version = version
    }
}
