import Glibc

/// A process that the driver started, and may kill, freeze and wake.
final class Child {
    let name: String
    private(set) var process: pid_t
    /// When SIGKILL was sent, in seconds since 1970.
    private(set) var killedAt: Double?
    /// What `wait` answered; nil while it runs.
    private(set) var status: Int32?

    /// Starts a program with everything that it says in `log`; setpriv lets it die with the driver, frozen or not.
    init(_ name: String, _ program: String, _ arguments: [String], log: String) throws {
        self.name = name
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // The signals that the loop's thread blocks would stay blocked in the child.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = (["setpriv", "--pdeathsig", "KILL", program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        process = 0
        let code = posix_spawnp(&process, "setpriv", &actions, &attributes, &words, environ)
        guard code == 0 else {
            errno = code
            throw SystemFault("\(program) cannot be started")
        }
    }

    var isRunning: Bool {
        reap(WNOHANG)
        return status == nil
    }

    /// Sends SIGKILL and waits for the end; nothing happens when it has ended.
    func kill() {
        guard isRunning else { return }
        killedAt = wallClock()
        Glibc.kill(process, SIGKILL)
        reap(0)
    }

    /// Waits for its end, and answers what `wait` answered.
    func wait() -> Int32? {
        reap(0)
        return status
    }

    func freeze() { signal(SIGSTOP) }
    func wake() { signal(SIGCONT) }
    func terminate() { signal(SIGTERM) }

    /// Remembers that it died by its own hand.
    func diedAt(_ time: Double) { killedAt = time }

    private func signal(_ number: Int32) {
        if isRunning { Glibc.kill(process, number) }
    }

    private func reap(_ options: Int32) {
        guard status == nil else { return }
        var status: Int32 = 0
        if waitpid(process, &status, options) == process { self.status = status }
    }
}
