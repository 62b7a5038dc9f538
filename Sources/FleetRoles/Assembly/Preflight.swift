internal import AWSCore
internal import AWSServices
internal import FindingStore
internal import Redis
internal import Support

/// Asks every server that a command needs, once, before it begins, and reports all that are wrong together.
package struct Preflight {
    /// What a command needs.
    package struct Needs: OptionSet {
        /// A bit for each server.
        package let rawValue: Int
        /// Redis, which has to answer.
        package static let redis = Needs(rawValue: 1)
        /// The table, which has to be there with our schema.
        package static let table = Needs(rawValue: 2)
        /// The bucket, which has to be there.
        package static let bucket = Needs(rawValue: 4)

        /// Names what a command needs by its bits.
        package init(rawValue: Int) { self.rawValue = rawValue }
    }

    let assembly: Assembly

    /// Will ask the servers that a process is assembled for.
    package init(assembly: Assembly) { self.assembly = assembly }

    /// Asks each server that is needed.
    ///
    /// - Throws: `CommandFailure` with a line for each problem.
    package func check(_ needs: Needs) async throws {
        var problems: [(String, ExitStatus)] = []
        if needs.contains(.redis), let problem = await redisProblem() { problems.append(problem) }
        if needs.contains(.table), let problem = await tableProblem() { problems.append(problem) }
        if needs.contains(.bucket), let problem = await bucketProblem() { problems.append(problem) }
        guard let worst = problems.map(\.1).max(by: { $0.rawValue < $1.rawValue }) else { return }
        throw CommandFailure(problems.map(\.0), status: worst)
    }

    /// What is wrong with it, and the status to end with; nil where it is fine.
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

    /// What is wrong with it, and the status to end with; nil where it is fine.
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

    /// What is wrong with it, and the status to end with; nil where it is fine.
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
