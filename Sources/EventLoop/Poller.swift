internal import CEventLoopShims
internal import Glibc

/// epoll, with an eventfd to interrupt it; the kernel's event union is not exposed.
@safe final class Poller {
    private struct Watch {
        var generation: UInt32
        var interest: Readiness
        /// Nil while it is parked.
        var handler: ((Readiness) -> Void)?
    }

    private let epoll: Int32
    private let interrupter: Int32
    /// Indexed by descriptor: numbers stay small, because the kernel gives the lowest free one.
    private var watches: [Watch?] = []
    private var generations: UInt32 = 0
    private var events: [epoll_event]

    init() throws(EventLoopError) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw EventLoopError(call: "epoll_create1", code: errno) }
        interrupter = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard interrupter >= 0 else {
            let code = errno
            close(epoll)  // `deinit` does not run for an object that was never whole.
            throw EventLoopError(call: "eventfd", code: code)
        }
        unsafe events = unsafe Array(repeating: epoll_event(), count: 256)
        watch(interrupter, for: .readable) { [interrupter] _ in
            var count: UInt64 = 0
            // EAGAIN means that the eventfd was read already; only the wake-up matters.
            _ = unsafe read(interrupter, &count, 8)
        }
    }

    deinit {
        close(interrupter)
        close(epoll)
    }

    /// Interrupts `poll`; the only method that another thread may call.
    func wake() {
        var one: UInt64 = 1
        // EAGAIN means that the counter is full: a wake-up is already pending.
        _ = unsafe write(interrupter, &one, 8)
    }

    func watch(_ descriptor: Int32, for interest: Readiness, _ handler: @escaping (Readiness) -> Void) {
        let index = Int(descriptor)
        if index >= watches.count { watches += Array(repeating: nil, count: index + 1 - watches.count) }
        let known = watches[index]
        generations &+= 1
        // The generation distinguishes events of this watch from events fetched for an earlier owner of the number.
        let generation = known?.generation ?? generations
        watches[index] = Watch(generation: generation, interest: interest, handler: handler)
        guard known?.interest != interest else { return }
        var event = unsafe epoll_event()
        unsafe event.events = interest.epollEvents
        unsafe event.data.u64 = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
        let operation = known == nil ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
        let result = unsafe epoll_ctl(epoll, Int32(operation), descriptor, &event)
        precondition(result == 0, "epoll_ctl on a descriptor that is not open")
    }

    func unwatch(_ descriptor: Int32) {
        guard known(descriptor) != nil else { return }
        watches[Int(descriptor)] = nil
        // Fails only where the descriptor is closed already, and then epoll has forgotten it too.
        _ = epoll_ctl(epoll, Int32(EPOLL_CTL_DEL), descriptor, nil)
    }

    func park(_ descriptor: Int32) {
        guard known(descriptor) != nil else { return }
        watches[Int(descriptor)]?.handler = nil
    }

    private func known(_ descriptor: Int32) -> Watch? {
        watches.indices.contains(Int(descriptor)) ? watches[Int(descriptor)] : nil
    }

    func poll(until deadline: ContinuousClock.Instant?) {
        let count = unsafe epoll_wait(epoll, &events, Int32(events.count), milliseconds(until: deadline))
        guard count > 0 else { return }
        for index in 0..<Int(count) {
            let event = unsafe events[index]
            let key = unsafe event.data.u64
            let descriptor = Int32(truncatingIfNeeded: key)
            guard let watch = known(descriptor), watch.generation == UInt32(key >> 32) else { continue }
            guard let handler = watch.handler else {
                unwatch(descriptor)
                continue
            }
            handler(Readiness(epollEvents: unsafe event.events, asked: watch.interest))
        }
    }

    /// Rounded up, because waking a moment early would only spin until the deadline.
    private func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let left = deadline - .now
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        guard seconds < 3600 else { return 3_600_000 }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}

extension Readiness {
    fileprivate var epollEvents: UInt32 {
        (contains(.readable) ? EPOLLIN.rawValue | EPOLLRDHUP.rawValue : 0)
            | (contains(.writable) ? EPOLLOUT.rawValue : 0)
    }

    fileprivate init(epollEvents events: UInt32, asked: Readiness) {
        self = []
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { formUnion(asked) }
        if events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0 { insert(.readable) }
        if events & EPOLLOUT.rawValue != 0 { insert(.writable) }
    }
}
