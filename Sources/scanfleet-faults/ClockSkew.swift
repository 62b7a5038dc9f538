import Glibc

/// A library that moves the wall clock of the process that preloads it; libfaketime hides the arguments from Swift.
enum ClockSkew {
    /// Compiles the library into `directory` and answers what a process's environment needs.
    static func environment(seconds: Int, directory: String) throws -> [String] {
        let (file, library) = ("\(directory)/skew.c", "\(directory)/skew.so")
        if access(library, R_OK) != 0 {
            try write(source, to: file)
            let compiler = try Child("cc", "cc", ["-shared", "-fPIC", "-o", library, file], log: "\(directory)/cc.log")
            guard compiler.wait() == 0 else {
                throw SystemFault("no C compiler: \(try readFile("\(directory)/cc.log"))")
            }
        }
        return ["LD_PRELOAD=\(library)", "CLOCK_SKEW=\(seconds)"]
    }

    private static func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "w") else { throw SystemFault("\(path) cannot be written") }
        fputs(text, file)
        fclose(file)
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        int clock_gettime(clockid_t clock, struct timespec *at) {
            int result = syscall(SYS_clock_gettime, clock, at);
            const char *skew = getenv("CLOCK_SKEW");
            if (result == 0 && clock == CLOCK_REALTIME && skew) at->tv_sec += atol(skew);
            return result;
        }

        int gettimeofday(struct timeval *at, void *zone) {
            (void)zone;
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            at->tv_sec = now.tv_sec;
            at->tv_usec = now.tv_nsec / 1000;
            return 0;
        }

        time_t time(time_t *at) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (at) *at = now.tv_sec;
            return now.tv_sec;
        }
        """
}
