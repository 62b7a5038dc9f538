internal import Cryptography
internal import EventLoop

extension RedisClient {
    /// Starts an attempt; it ends with an event of the socket or at the machine's deadline.
    func connect() {
        switch configuration.endpoint {
        case .unix(let path): open([SocketAddress(path: path)])
        case .tcp(let host, let port):
            let resolver = AddressResolver(host: host, port: port)
            if let addresses = resolver.numericAddresses() { return open(addresses) }
            let generation = generation
            resolver.resolve { result in
                self.loop.execute { self.assumeIsolated { $0.resolved(result, generation: generation) } }
            }
        }
    }

    private func resolved(_ result: Result<[SocketAddress], RedisError>, generation: Int) {
        guard generation == self.generation else { return }
        switch result {
        case .success(let addresses): open(addresses)
        case .failure(let error): disconnect(error)
        }
    }

    /// Starts with another address after each failure, because the first may drop packets until the time-out.
    private func open(_ addresses: [SocketAddress]) {
        let first = addresses.isEmpty ? 0 : machine.failures % addresses.count
        candidates = (addresses[first...] + addresses[..<first])[...]
        openNext(orFail: .connection("\(place) has no address"))
    }

    private func openNext(orFail error: RedisError) {
        socket?.close()
        socket = nil
        var error = error
        while let address = candidates.popFirst() {
            generation += 1
            let generation = generation
            do throws(RedisError) {
                socket = try RedisSocket(address, session: try session(), on: loop) { event in
                    self.handle(event, generation: generation)
                }
                return
            } catch let failure {
                error = failure
            }
        }
        disconnect(error.at(place))
    }

    private func session() throws(RedisError) -> TLSSession? {
        guard let security, case .tcp(let host, _) = configuration.endpoint else { return nil }
        do throws(TLSError) {
            return try TLSSession(context: try security.get(), host: host)
        } catch {
            throw .connection("\(error)")
        }
    }

    private func handle(_ event: RedisSocket.Event, generation: Int) {
        guard generation == self.generation else { return }
        switch event {
        case .connected:
            candidates = []
            perform(machine.connected())
        case .reply(let reply):
            let delivery = machine.received(reply)
            delivery.completed?.waiter.resume(returning: delivery.completed?.replies ?? [])
            perform(delivery.next)
        case .failed(let error):
            if candidates.isEmpty { disconnect(error.at(place)) } else { openNext(orFail: error) }
        }
    }

    var place: String {
        switch configuration.endpoint {
        case .tcp(let host, let port): "\(host):\(port)"
        case .unix(let path): path
        }
    }
}

extension RedisError {
    /// Adds the server's address to a connection error.
    func at(_ place: String) -> RedisError {
        if case .connection(let reason) = self { .connection("\(place): \(reason)") } else { self }
    }
}

extension RedisConfiguration {
    /// The commands that every connection starts with.
    func greeting<Waiter>() -> ConnectionMachine<Waiter>.Greeting {
        var commands: [[String]] = []
        if let credentials {
            commands.append(["AUTH"] + (credentials.user.map { [$0] } ?? []) + [credentials.password])
        }
        if database != 0 { commands.append(["SELECT", String(database)]) }
        var greeting = ConnectionMachine<Waiter>.Greeting(replyCount: commands.count)
        for command in commands { CommandEncoder.append(command, to: &greeting.bytes) }
        return greeting
    }
}
