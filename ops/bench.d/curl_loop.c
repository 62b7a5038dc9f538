// The least that these calls can cost with libcurl: one multi handle, curl_multi_poll, easy handles that are used again,
// a request of the same size, and nothing done with the answer. Usage: curl_loop [guarded] URL IN-FLIGHT CALLS; guarded
// ones have time-outs, and keep their headers.
#define _GNU_SOURCE
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct body {
    char *bytes;
    size_t count, capacity;
};

static size_t receive(char *bytes, size_t size, size_t count, void *context) {
    struct body *body = context;
    size_t received = size * count;
    if (body->count + received > body->capacity) {
        body->capacity = (body->count + received) * 2;
        body->bytes = realloc(body->bytes, body->capacity);
        if (body->bytes == NULL) return 0;
    }
    memcpy(body->bytes + body->count, bytes, received);
    body->count += received;
    return received;
}

static size_t receive_header(char *bytes, size_t size, size_t count, void *context) {
    static char kept[4096];
    size_t received = size * count;
    (void)context;
    memcpy(kept, bytes, received < sizeof kept ? received : sizeof kept);
    return received;
}

static void guard(CURL *easy) {
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_header);
}

static void fail(const char *what) {
    fprintf(stderr, "curl_loop: %s\n", what);
    exit(1);
}

static struct curl_slist *headers(void) {
    char token[640], authorization[400];
    snprintf(token, sizeof token, "X-Amz-Security-Token: %0500d", 0);
    snprintf(authorization, sizeof authorization, "Authorization: %0290d", 0);
    const char *lines[] = {
        "Content-Type: application/x-amz-json-1.1",
        "X-Amz-Target: AmazonEC2ContainerRegistry_V20150921.DescribeImageScanFindings",
        "X-Amz-Date: 20260101T000000Z", token, authorization, "User-Agent: curl_loop", "Accept:", "Expect:"};
    struct curl_slist *list = NULL;
    for (size_t index = 0; index < sizeof lines / sizeof *lines; index++) list = curl_slist_append(list, lines[index]);
    return list;
}

static double wall_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double processor_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static long peak_kib(void) {
    char line[256];
    long size = 0;
    FILE *file = fopen("/proc/self/status", "r");
    if (file == NULL) fail("no /proc");
    while (fgets(line, sizeof line, file) != NULL) sscanf(line, "VmHWM: %ld", &size);
    fclose(file);
    return size;
}

static CURL *make_easy(const char *url, struct curl_slist *list, struct body *body) {
    static char request[220];
    memset(request, 'x', sizeof request - 1);
    CURL *easy = curl_easy_init();
    if (easy == NULL) fail("out of memory");
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(request));
    curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, body);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, body);
    return easy;
}

// Starts the next call on a handle whose call has ended.
static void restart(CURLM *multi, CURLMsg *message, long *to_start) {
    CURL *easy = message->easy_handle;
    struct body *body = NULL;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &body);
    if (message->data.result != CURLE_OK || status != 200 || body->count == 0) fail("a call failed");
    body->count = 0;
    curl_multi_remove_handle(multi, easy);
    if (*to_start > 0) {
        --*to_start;
        curl_multi_add_handle(multi, easy);
    }
}

static void perform(CURLM *multi, CURL **easies, long in_flight, long calls) {
    long to_start = calls;
    for (long index = 0; index < in_flight && to_start > 0; index++, to_start--)
        curl_multi_add_handle(multi, easies[index]);
    int running = 1, left;
    while (running > 0 || to_start > 0) {
        if (curl_multi_perform(multi, &running) != CURLM_OK) fail("curl_multi_perform");
        CURLMsg *message;
        int ended = 0;
        while ((message = curl_multi_info_read(multi, &left)) != NULL) {
            restart(multi, message, &to_start);
            ended = 1;
        }
        if (ended)
            running = 1;
        else if (running > 0)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
}

int main(int count, char **arguments) {
    int is_guarded = count == 5 && strcmp(arguments[1], "guarded") == 0;
    if (count != 4 && !is_guarded) fail("usage: curl_loop [guarded] URL IN-FLIGHT CALLS");
    arguments += is_guarded;
    long in_flight = atol(arguments[2]), calls = atol(arguments[3]);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM *multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, in_flight);
    struct curl_slist *list = headers();
    CURL **easies = calloc((size_t)in_flight, sizeof *easies);
    struct body *bodies = calloc((size_t)in_flight, sizeof *bodies);
    for (long index = 0; index < in_flight; index++) {
        easies[index] = make_easy(arguments[1], list, &bodies[index]);
        if (is_guarded) guard(easies[index]);
    }
    perform(multi, easies, in_flight, 2 * in_flight);
    double began = wall_seconds(), spent = processor_seconds();
    perform(multi, easies, in_flight, calls);
    printf("{\"calls\":%ld,\"seconds\":%f,\"cpu\":%f,\"peak_kib\":%ld}\n", calls, wall_seconds() - began,
           processor_seconds() - spent, peak_kib());
    return 0;
}
