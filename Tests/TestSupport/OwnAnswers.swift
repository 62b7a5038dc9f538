package import FoundationEssentials

/// ECR's answers of our own making, in Tests/Answers; every clone holds them.
package enum OwnAnswers {
    package static var directory: URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Answers").standardized
    }
}
