// What ThreadSanitizer is told about Synchronization.Mutex. Uncontended, a Mutex is a compare-and-exchange in the
// caller's own code, which ThreadSanitizer sees. Contended, it goes through two functions of libswiftSynchronization.so,
// which nothing has instrumented and which leave the lock to the kernel (FUTEX_LOCK_PI): every lock taken that way looked
// like none, and whatever it guarded like a race. These take the place of the two, call them, and say what they did.
#define _GNU_SOURCE
#include "ThreadSanitizerShims.h"

#if defined(__has_feature) && __has_feature(thread_sanitizer)

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *
#define UNWATCHED __attribute__((no_sanitize("thread")))

typedef SWIFT void (*lock_slow)(uint32_t thread, SELF handle);
typedef SWIFT void (*unlock_slow)(SELF handle);

void __tsan_acquire(void *address);
void __tsan_release(void *address);

SWIFT void scanfleet_tsan_lock(uint32_t thread, SELF handle) __asm__(LOCK_SLOW);
SWIFT void scanfleet_tsan_unlock(SELF handle) __asm__(UNLOCK_SLOW);

UNWATCHED static void *original(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    if (function == NULL) abort();
    return function;
}

UNWATCHED SWIFT void scanfleet_tsan_lock(uint32_t thread, SELF handle) {
    ((lock_slow)original(LOCK_SLOW))(thread, handle);
    __tsan_acquire(handle);
}

UNWATCHED SWIFT void scanfleet_tsan_unlock(SELF handle) {
    __tsan_release(handle);
    ((unlock_slow)original(UNLOCK_SLOW))(handle);
}

#endif
