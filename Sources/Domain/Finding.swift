/// One vulnerability in one package of an image, whether ECR's basic scan or Inspector found it.
package struct Finding: Hashable, Sendable {
    /// What makes a finding the same finding: one vulnerability may hit two packages of an image.
    package struct Key: Hashable, Sendable, Comparable {
        package var vulnerability: String
        package var package: String
        package var version: String

        /// Identifies a finding; `package` and `version` are empty where AWS names none.
        package init(vulnerability: String, package: String, version: String) {
            self.vulnerability = vulnerability
            self.package = package
            self.version = version
        }

        package static func < (left: Key, right: Key) -> Bool {
            (left.vulnerability, left.package, left.version) < (right.vulnerability, right.package, right.version)
        }
    }

    package var key: Key
    package var severity: Severity
    /// The first version without the vulnerability; nil where none is known.
    package var fixedVersion: String?
    /// CVSS base score from 0 to 10; nil where AWS gives none, which is not the same as 0.
    package var score: Double?

    /// Describes one finding.
    package init(key: Key, severity: Severity, fixedVersion: String? = nil, score: Double? = nil) {
        self.key = key
        self.severity = severity
        self.fixedVersion = fixedVersion
        self.score = score
    }
}

/// What is known of a vulnerability wherever it occurs; stored once and shared by all images.
package struct Vulnerability: Hashable, Sendable {
    /// One of the name and value pairs that ECR attaches, such as `CVSS3_VECTOR`.
    package struct Attribute: Hashable, Sendable {
        package var key: String
        package var value: String

        /// Pairs a name with its value.
        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// The id that the source gives it, such as `CVE-2026-0001`.
    package var id: String
    package var severity: Severity
    package var title: String?
    package var description: String?
    /// Where to read more, without the blanks that ECR sometimes appends.
    package var link: String?
    /// Scores and vectors; never the package's name or version, which differ from image to image.
    package var attributes: [Attribute]
    /// When the store first held it, in seconds since 1970; nil where that is not known.
    package var firstSeen: Double?

    /// Describes one vulnerability.
    package init(
        id: String,
        severity: Severity,
        title: String? = nil,
        description: String? = nil,
        link: String? = nil,
        attributes: [Attribute] = [],
        firstSeen: Double? = nil
    ) {
        self.id = id
        self.severity = severity
        self.title = title
        self.description = description
        self.link = link
        self.attributes = attributes
        self.firstSeen = firstSeen
    }
}
