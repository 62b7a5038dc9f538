import Foundation

/// What came of an experiment.
struct NewsCounts {
    struct Repetition {
        var room: String
        /// The kills that explain it: one for each time that it was repeated; fewer where something else repeated it.
        var kills: Set<ContinuousClock.Instant>
        var isInKillWindow: Bool
    }

    var expected: Set<Announcement> = []
    var missing: Set<Announcement> = []
    var unexpected: Set<Announcement> = []
    var toldTwice: [Announcement] = []
    var repeatedAfter2xx: [Repetition] = []
    private var lines: [(String, Int)] = []

    mutating func count(_ hubot: FlakyHubot, since begun: Int, kills: [ContinuousClock.Instant]) {
        let heard = hubot.heardOnce[begun...]
        let announced = heard.flatMap(\.message.event.announcements)
        missing = expected.subtracting(announced)
        unexpected = Set(announced).subtracting(expected)
        toldTwice = Dictionary(grouping: announced, by: \.self).filter { $0.value.count > 1 }.map(\.key)
        let answered = Dictionary(grouping: hubot.posts.filter { $0.fate == .accepted }, by: \.key)
        repeatedAfter2xx = answered.values.filter { $0.count > 1 }.map { posts in
            let explained = zip(posts, posts.dropFirst()).compactMap { first, second in
                kills.first { kill in
                    // Writing the marker takes milliseconds, and two seconds on the busiest machine, where the signal may
                    // come as late after its time was taken; nobody else posts before the killed one's term ends.
                    first.at > kill - .seconds(2) && first.at < kill + .seconds(5) && kill < second.at
                }
            }
            return Repetition(
                room: posts[0].message.room,
                kills: Set(explained),
                isInKillWindow: Set(explained).count == posts.count - 1
            )
        }
        let unanswered = Set(hubot.posts.filter { $0.fate == .unanswered }.map(\.key))
        let repeated = hubot.heard.count - hubot.heardOnce.count
        lines = FlakyHubot.Fate.allCases.map { fate in
            ("posts: \(fate.rawValue)", hubot.posts.count { $0.fate == fate })
        }
        lines += [
            ("aggregators killed -9", kills.count), ("messages (keys)", hubot.heardOnce.count),
            ("(image, finding) expected", expected.count), ("(image, finding) told", Set(announced).count),
            ("missing", missing.count), ("unexpected", unexpected.count),
            ("told twice under two keys", toldTwice.count),
            ("repeated after a lost answer, same key", repeated - repeatedAfter2xx.count),
            ("keys whose answer was lost", unanswered.count),
            ("repeated after a 2xx, kill between 2xx and marker", repeatedAfter2xx.count { $0.isInKillWindow }),
            ("repeated after a 2xx without a kill", repeatedAfter2xx.count { !$0.isInKillWindow }),
        ]
    }

    /// The most repetitions that one kill cost one room: more than one would be more than was between a 2xx and its marker.
    var mostRepeatedByOneKill: Int {
        let costs = repeatedAfter2xx.flatMap { repetition in repetition.kills.map { (repetition.room, $0) } }
        return Dictionary(grouping: costs, by: { "\($0.0) \($0.1)" }).values.map(\.count).max() ?? 0
    }

    var text: String {
        lines.map { name, count in "| \(name.padding(toLength: 52, withPad: " ", startingAt: 0)) | \(count) |" }
            .joined(separator: "\n")
    }
}
