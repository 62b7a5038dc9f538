/// All access keys that exist: the management account's, and those that AssumeRole handed out.
struct KeyRing: Sendable {
    static let managementKeyID = "AKIASIMULATORMANAGEMENT"
    static let managementSecret = "simulated-secret"

    private var keys: [String: AccessKey]
    private var generator: SeededGenerator

    init(seed: UInt64, managementAccount: String) {
        generator = SeededGenerator(seed: seed, "keys")
        let caller = Caller(
            account: managementAccount,
            arn: "arn:aws:iam::\(managementAccount):user/fleet",
            userID: "AIDASIMULATORFLEETUSR"
        )
        keys = [Self.managementKeyID: AccessKey(caller: caller, secret: Self.managementSecret)]
    }

    subscript(id: String) -> AccessKey? { keys[id] }

    /// Ends every session: as its time would, or as if its key had never been.
    mutating func endSessions(now: Double, areForgotten: Bool) {
        if areForgotten { keys = keys.filter { $0.value.expiration == nil } }
        for id in keys.keys where keys[id]?.expiration != nil { keys[id]?.expiration = now }
    }

    /// Ends every session of the account.
    mutating func revokeSessions(of account: String) {
        keys = keys.filter { $0.value.caller.account != account || $0.key == Self.managementKeyID }
    }

    /// Opens a session and returns its key's id and content; sessions long over are forgotten on the way.
    mutating func open(_ caller: Caller, from now: Double, until expiration: Double) -> (id: String, key: AccessKey) {
        if keys.count > 4096 { keys = keys.filter { ($0.value.expiration ?? now) > now - 3600 } }
        let id = "ASIA" + generator.text(16, from: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        let key = AccessKey(
            caller: caller,
            secret: generator.text(40, from: letters),
            token: "FwoGZXIvYXdz" + generator.text(180, from: letters) + "==",
            expiration: expiration
        )
        keys[id] = key
        return (id, key)
    }
}
