internal import AWSCore
internal import AWSServices
internal import FindingStore
internal import Redis
internal import Support

/// Asks every server that a command needs once before the command begins, and reports all problems together.
package struct Preflight {
    /// The servers that a command needs.
    package struct Needs: OptionSet {
        /// One bit for each server; used within the process only.
        package let rawValue: Int
        /// Redis has to answer `PING`.
        package static let redis = Needs(rawValue: 1)
        /// The DynamoDB table has to exist with our schema.
        package static let table = Needs(rawValue: 2)
        /// The report's S3 bucket has to exist; not checked when none is configured.
        package static let bucket = Needs(rawValue: 4)

        /// Required by `OptionSet`; callers use the named values.
        package init(rawValue: Int) { self.rawValue = rawValue }
    }

    let assembly: Assembly

    /// Keeps the parts; nothing is asked before `check`.
    package init(assembly: Assembly) { self.assembly = assembly }

    /// Asks each of the needed servers once.
    ///
    /// - Throws: `CommandFailure` with a line for each problem and the highest of their statuses.
    package func check(_ needs: Needs) async throws {
        var problems: [(String, ExitStatus)] = []
        if needs.contains(.redis), let problem = await redisProblem() { problems.append(problem) }
        if needs.contains(.table), let problem = await tableProblem() { problems.append(problem) }
        if needs.contains(.bucket), let problem = await bucketProblem() { problems.append(problem) }
        guard let worst = problems.map(\.1).max(by: { $0.rawValue < $1.rawValue }) else { return }
        throw CommandFailure(problems.map(\.0), status: worst)
    }

    /// Returns the problem, with the remedy, and the exit status for it; nil when there is none.
    package func redisProblem() async -> (String, ExitStatus)? {
        do {
            _ = try await assembly.redis.send(["PING"])
            return nil
        } catch RedisError.reply(let code, let message) where ["WRONGPASS", "NOAUTH", "NOPERM", "ERR"].contains(code) {
            return ("Redis refuses us (\(message)): check user and password in SCANFLEET_REDIS_URL", .refused)
        } catch {
            return ("\(error): check SCANFLEET_REDIS_URL and that the server runs", .unavailable)
        }
    }

    /// Returns the problem, with the remedy, and the exit status for it; nil when there is none.
    package func tableProblem() async -> (String, ExitStatus)? {
        let table = assembly.settings.table
        do {
            _ = try await assembly.store.verifyTable()
            try await assembly.store.verifySchema()
            return nil
        } catch let error as AWSServiceError where error.code == .resourceNotFound {
            return ("the table \(table) does not exist: run scanfleet init, or set SCANFLEET_TABLE", .unavailable)
        } catch {
            return problem("the table \(table) cannot be read", error)
        }
    }

    /// Returns the problem, with the remedy, and the exit status for it; nil when there is none.
    package func bucketProblem() async -> (String, ExitStatus)? {
        guard let bucket = assembly.settings.report.bucket else { return nil }
        do {
            _ = try await assembly.home.send(S3.HeadBucket(Bucket: bucket))
            return nil
        } catch let error as AWSServiceError where error.status == 404 {
            return ("the bucket \(bucket) does not exist: create it, or set SCANFLEET_BUCKET", .unavailable)
        } catch {
            return problem("the bucket \(bucket) cannot be reached", error)
        }
    }

    private func problem(_ what: String, _ error: any Error) -> (String, ExitStatus) {
        let isRefusal = (error as? AWSServiceError).map { $0.isAccessDenied || $0.isAboutSignature } ?? false
        return ("\(what): \(error)", isRefusal || error is CredentialsError ? .refused : .unavailable)
    }
}
