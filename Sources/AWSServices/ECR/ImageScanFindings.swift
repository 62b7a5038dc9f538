internal import JSON

extension ECR {
    /// What a scan found: `findings` of a basic scan, `enhancedFindings` of Inspector's.
    package struct ImageScanFindings: Sendable, Hashable {
        /// In seconds since 1970.
        package var imageScanCompletedAt: Double?
        /// In seconds since 1970.
        package var vulnerabilitySourceUpdatedAt: Double?
        /// Of the whole image, whatever the page; severities without findings are left out.
        package var findingSeverityCounts: [String: Int]?
        /// One page of a basic scan's findings.
        package var findings: [ImageScanFinding]?
        /// One page of an enhanced scan's findings.
        package var enhancedFindings: [EnhancedImageScanFinding]?

        /// Holds nothing yet.
        package init() {}
    }

    /// One finding of a basic scan; the same vulnerability comes once for each package that it hits.
    package struct ImageScanFinding: Sendable, Hashable {
        /// Such as `CVE-2019-5188`.
        package var name: String?
        /// The vulnerability in sentences; basic scans often leave it out.
        package var description: String?
        /// May end in a blank.
        package var uri: String?
        /// A word such as `HIGH`; words that are not known yet may come.
        package var severity: String?
        /// Package, version and scores, in no fixed order; any may be missing.
        package var attributes: [Attribute]?

        /// Holds nothing yet.
        package init() {}
    }

    /// A fact by name, such as `package_name` or `CVSS3_SCORE`.
    package struct Attribute: Sendable, Hashable {
        /// Such as `package_name` or `CVSS3_SCORE`.
        package var key: String?
        /// Always text, numbers too.
        package var value: String?

        /// Pairs a name with its value.
        package init(key: String? = nil, value: String? = nil) {
            self.key = key
            self.value = value
        }
    }
}

extension ECR.ImageScanFindings: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            switch key {
            case "imageScanCompletedAt": imageScanCompletedAt = try value.optionalDouble()
            case "vulnerabilitySourceUpdatedAt": vulnerabilitySourceUpdatedAt = try value.optionalDouble()
            case "findingSeverityCounts":
                findingSeverityCounts = try value.readOptional { try $0.map { try $0.readInt() } }
            case "findings": findings = try value.optionalList()
            case "enhancedFindings": enhancedFindings = try value.optionalList()
            default: break
            }
        }
    }
}

extension ECR.ImageScanFinding: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            switch key {
            case "name": name = try value.optionalString()
            case "description": description = try value.optionalString()
            case "uri": uri = try value.optionalString()
            case "severity": severity = try value.optionalString()
            case "attributes": attributes = try value.optionalList()
            default: break
            }
        }
    }
}

extension ECR.Attribute: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { name, member in
            switch name {
            case "key": key = try member.optionalString()
            case "value": value = try member.optionalString()
            default: break
            }
        }
    }
}
