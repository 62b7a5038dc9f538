/// One vulnerability in one package of an image, whether ECR's basic scan or Inspector found it.
package struct Finding: Hashable, Sendable {
    /// Identifies a finding within its image; one vulnerability may affect two packages of the image.
    package struct Key: Hashable, Sendable, Comparable {
        /// The `Vulnerability.id`, such as `CVE-2026-0001`.
        package var vulnerability: String
        /// The affected package, such as `openssl`; empty where AWS names none.
        package var package: String
        /// The installed version of the package; empty where AWS names none.
        package var version: String

        /// Identifies the finding of `vulnerability` in `version` of `package`.
        package init(vulnerability: String, package: String, version: String) {
            self.vulnerability = vulnerability
            self.package = package
            self.version = version
        }

        package static func < (left: Key, right: Key) -> Bool {
            (left.vulnerability, left.package, left.version) < (right.vulnerability, right.package, right.version)
        }
    }

    /// A second scan that finds the same again gives an equal key.
    package var key: Key
    /// The severity that AWS gave this finding in the last scan.
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

/// The description of a vulnerability; stored once and shared by all images that have it.
package struct Vulnerability: Hashable, Sendable {
    /// One of the name and value pairs that ECR attaches to a vulnerability.
    package struct Attribute: Hashable, Sendable {
        /// ECR's name of the attribute, such as `CVSS3_VECTOR`.
        package var key: String
        /// The value as ECR wrote it, even where it is a number.
        package var value: String

        /// Pairs a name with its value.
        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// The id that its source gives it, such as `CVE-2026-0001`.
    package var id: String
    /// The severity when the vulnerability was first stored; a finding has its own.
    package var severity: Severity
    /// Inspector's one-line title; nil for a basic scan, which gives none.
    package var title: String?
    /// The source's text about the vulnerability; nil where AWS gives none.
    package var description: String?
    /// Address of the source's page, without the spaces that ECR sometimes appends.
    package var link: String?
    /// Scores and vectors; never the package's name or version, which differ from image to image.
    package var attributes: [Attribute]
    /// When it was first written to the table, in seconds since 1970; nil if that is not known.
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
