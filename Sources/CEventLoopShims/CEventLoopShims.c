#define _GNU_SOURCE
#include "CEventLoopShims.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>

static _Thread_local const void *current_loop;

const void *scanfleet_current_loop(void) { return current_loop; }

void scanfleet_set_current_loop(const void *loop) { current_loop = loop; }

void scanfleet_name_thread(const char *name) {
    char shortened[16];
    snprintf(shortened, sizeof shortened, "%s", name);
    pthread_setname_np(pthread_self(), shortened);
}

void scanfleet_block_sigpipe(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}
