import Foundation
import TestSupport
import Testing

/// Every real answer about findings, through the decoder and the model; the counts are the answer's own.
@Suite(.requiresSharedData) struct RealAnswerTests {
    private func folder(_ name: String) throws -> AnswerFolder {
        try AnswerFolder(#require(SharedData.directory).appending(path: "ecr/\(name)"))
    }

    @Test(arguments: ["basic", "enhanced"]) func `The model holds what the answer counts`(kind: String) throws {
        // This one's counts were mixed by hand and contradict its findings.
        try folder(kind).check(contradictory: ["cultureamp-example-a.json"])
    }

    @Test func `The large answer's vulnerabilities keep their texts and lose their packages`() throws {
        try folder("basic").checkLarge("cultureamp-example-b.json", findings: 257, vulnerabilities: 253)
    }
}

/// The same of answers of our own making, which every clone holds.
@Suite struct OwnAnswerTests {
    private func folder(_ name: String) throws -> AnswerFolder {
        try AnswerFolder(OwnAnswers.directory.appending(path: name))
    }

    @Test(arguments: ["basic", "enhanced"]) func `The model holds what the answer counts`(kind: String) throws {
        try folder(kind).check()
    }

    @Test func `Counts that contradict the findings do not change them`() throws {
        try folder("contradictory").check(contradictory: ["counts.json"])
    }

    @Test func `The large answer's vulnerabilities keep their texts and lose their packages`() throws {
        try folder("basic").checkLarge("large.json", findings: 40, vulnerabilities: 38)
    }
}
