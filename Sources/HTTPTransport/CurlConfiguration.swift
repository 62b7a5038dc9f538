/// What all transfers of a transport share.
package struct CurlConfiguration: Sendable, Hashable {
    /// A PEM file of the authorities to trust; nil trusts the system's, and verification cannot be turned off.
    package var certificateAuthorityFile: String?
    /// How many transfers run at once, and how many idle connections are kept; further requests wait their turn, and
    /// a request's time-outs begin when it starts.
    package var maximumConnections: Int
    /// How many of these may go to one scheme, host and port.
    package var maximumConnectionsPerHost: Int

    /// Describes a transport that suits one worker.
    package init(
        certificateAuthorityFile: String? = nil,
        maximumConnections: Int = 256,
        maximumConnectionsPerHost: Int = 256
    ) {
        self.certificateAuthorityFile = certificateAuthorityFile
        self.maximumConnections = maximumConnections
        self.maximumConnectionsPerHost = maximumConnectionsPerHost
    }
}
