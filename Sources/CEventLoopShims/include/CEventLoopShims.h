#ifndef SCANFLEET_CEVENTLOOPSHIMS_H
#define SCANFLEET_CEVENTLOOPSHIMS_H

#include <stdint.h>
// Glibc's module map leaves these two out.
#include <sys/epoll.h>
#include <sys/eventfd.h>

/// The loop that the calling thread runs, or NULL. Out of line, because glibc marks pthread_self() `const` and the
/// optimiser then caches it across a suspension, after which the task may be on another thread.
const void *_Nullable scanfleet_current_loop(void);

/// Names the loop that the calling thread runs.
void scanfleet_set_current_loop(const void *_Nullable loop);

/// Names the calling thread for debuggers and `top -H`; at most 15 bytes are kept.
void scanfleet_name_thread(const char *_Nonnull name);

/// Lets a write to a connection that the peer has closed fail with EPIPE on the calling thread, and on those that it
/// starts, instead of ending the process: OpenSSL writes without MSG_NOSIGNAL.
void scanfleet_block_sigpipe(void);

#endif
