#include "CCurlShims.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

enum { mebibyte = 1 << 20, smallest_body = 4096, smallest_head = 1024, largest_head = 300 * 1024 };

void scanfleet_curl_tune_allocator(void) {
    mallopt(M_MMAP_THRESHOLD, 32 * mebibyte);
    mallopt(M_TRIM_THRESHOLD, 64 * mebibyte);
    mallopt(M_TOP_PAD, 1 * mebibyte);
}

// MARK: One transfer: what stays the same

CURLcode scanfleet_curl_set_no_signal(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L); }

CURLcode scanfleet_curl_set_http_1_1(CURL *easy) {
    return curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
}

CURLcode scanfleet_curl_set_protocols_http(CURL *easy) {
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
}

CURLcode scanfleet_curl_set_no_redirects(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); }

CURLcode scanfleet_curl_set_path_as_is(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L); }

CURLcode scanfleet_curl_set_verify_peer(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L); }

CURLcode scanfleet_curl_set_verify_host(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L); }

CURLcode scanfleet_curl_set_no_proxy(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_PROXY, ""); }

CURLcode scanfleet_curl_set_ca_file(CURL *easy, const char *path) {
    return curl_easy_setopt(easy, CURLOPT_CAINFO, path);
}

CURLcode scanfleet_curl_set_no_ca_directory(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_CAPATH, NULL); }

CURLcode scanfleet_curl_set_tcp_keepalive(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L); }

CURLcode scanfleet_curl_set_dns_cache_timeout(CURL *easy, long seconds) {
    return curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, seconds);
}

CURLcode scanfleet_curl_set_abandon_resolver(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); }

// MARK: One transfer: what a request says

CURLcode scanfleet_curl_set_url(CURL *easy, const char *url) { return curl_easy_setopt(easy, CURLOPT_URL, url); }

CURLcode scanfleet_curl_set_no_body(CURL *easy) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, NULL);
    // The method last, because a body that is set, even to nothing, makes it POST.
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L) : code;
}

CURLcode scanfleet_curl_set_method(CURL *easy, const char *method) {
    return curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
}

CURLcode scanfleet_curl_set_head(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_NOBODY, 1L); }

CURLcode scanfleet_curl_copy_body(CURL *easy, const void *bytes, size_t count) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_POST, 1L);
    if (code != CURLE_OK) return code;
    // The size first, or libcurl takes the bytes for a string; and never NULL, or it reads from stdin.
    code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    if (code != CURLE_OK) return code;
    return curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, count > 0 ? bytes : "");
}

static size_t give_single_body(char *buffer, size_t size, size_t count, void *context) {
    struct scanfleet_curl_single_body *body = context;
    size_t given = body->count - body->sent;
    if (given > size * count) given = size * count;
    memcpy(buffer, body->bytes + body->sent, given);
    body->sent += given;
    return given;
}

CURLcode scanfleet_curl_copy_single_body(
    CURL *easy, struct scanfleet_curl_single_body *body, const void *bytes, size_t count) {
    scanfleet_curl_free_single_body(body);
    body->bytes = malloc(count > 0 ? count : 1);
    if (body->bytes == NULL) return CURLE_OUT_OF_MEMORY;
    memcpy(body->bytes, bytes, count);
    body->count = count;
    // Without a function to seek by, libcurl fails where it would have to begin the body again.
    CURLcode code = curl_easy_setopt(easy, CURLOPT_POST, 1L);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_single_body);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_READDATA, body);
    return code;
}

void scanfleet_curl_free_single_body(struct scanfleet_curl_single_body *body) {
    free(body->bytes);
    body->bytes = NULL;
    body->count = 0;
    body->sent = 0;
}

CURLcode scanfleet_curl_set_headers(CURL *easy, struct curl_slist *headers) {
    return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
}

CURLcode scanfleet_curl_set_connect_timeout_ms(CURL *easy, long milliseconds) {
    return curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds);
}

CURLcode scanfleet_curl_set_timeout_ms(CURL *easy, long milliseconds) {
    return curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds);
}

CURLcode scanfleet_curl_set_tag(CURL *easy, uint64_t tag) {
    return curl_easy_setopt(easy, CURLOPT_PRIVATE, (void *)(uintptr_t)tag);
}

CURLcode scanfleet_curl_set_error_buffer(CURL *easy, char *buffer) {
    return curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, buffer);
}

// MARK: One transfer: what came back

static size_t announced_length(CURL *easy) {
    curl_off_t length = -1;
    if (curl_easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length) != CURLE_OK) return 0;
    return length > 0 ? (size_t)length : 0;
}

static bool reserve(struct scanfleet_curl_answer *answer, size_t needed) {
    if (needed <= answer->capacity) return true;
    size_t capacity = answer->capacity > 0 ? answer->capacity * 2 : smallest_body;
    if (capacity < needed) capacity = needed;
    uint8_t *bytes = realloc(answer->bytes, capacity);
    if (bytes == NULL) return false;
    answer->bytes = bytes;
    answer->capacity = capacity;
    return true;
}

static size_t receive_body(char *bytes, size_t size, size_t count, void *context) {
    struct scanfleet_curl_answer *answer = context;
    size_t received = size * count;
    size_t needed = answer->count + received;
    size_t announced = answer->count == 0 ? announced_length(answer->easy) : 0;
    if (needed > answer->limit || announced > answer->limit) {
        answer->is_too_large = true;
        return 0;
    }
    if (!reserve(answer, announced > needed ? announced : needed)) return 0;
    memcpy(answer->bytes + answer->count, bytes, received);
    answer->count = needed;
    return received;
}

// libcurl's own reader of headers compares each with all others.
static bool keep_header(struct scanfleet_curl_answer *answer, const char *line, size_t received) {
    size_t needed = answer->head_count + received;
    if (needed > largest_head) return false;
    if (needed > answer->head_capacity) {
        size_t capacity = needed * 2 > smallest_head ? needed * 2 : smallest_head;
        uint8_t *head = realloc(answer->head, capacity);
        if (head == NULL) return false;
        answer->head = head;
        answer->head_capacity = capacity;
    }
    memcpy(answer->head + answer->head_count, line, received);
    answer->head_count = needed;
    return true;
}

static size_t receive_header(char *line, size_t size, size_t count, void *context) {
    struct scanfleet_curl_answer *answer = context;
    size_t received = size * count;
    if (received >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        answer->is_head_complete = false;
        answer->head_count = 0;
    }
    if (answer->is_head_complete) return received;
    if (line[0] == '\r' || line[0] == '\n') answer->is_head_complete = true;
    return keep_header(answer, line, received) ? received : 0;
}

CURLcode scanfleet_curl_set_answer(CURL *easy, struct scanfleet_curl_answer *answer) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive_body);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_WRITEDATA, answer);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_header);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, answer);
    return code;
}

void scanfleet_curl_free_answer(struct scanfleet_curl_answer *answer) {
    free(answer->bytes);
    answer->bytes = NULL;
    answer->count = 0;
    answer->capacity = 0;
    answer->head_count = 0;
    answer->is_head_complete = false;
    answer->is_too_large = false;
}

void scanfleet_curl_free_head(struct scanfleet_curl_answer *answer) {
    free(answer->head);
    answer->head = NULL;
    answer->head_count = 0;
    answer->head_capacity = 0;
}

CURLcode scanfleet_curl_response_code(CURL *easy, long *code) {
    return curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, code);
}

// MARK: All transfers

CURLMcode scanfleet_curl_multi_set_socket_callback(
    CURLM *multi, scanfleet_curl_socket_callback callback, void *context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
    if (code != CURLM_OK) return code;
    return curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
}

CURLMcode scanfleet_curl_multi_set_timer_callback(CURLM *multi, scanfleet_curl_timer_callback callback, void *context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
    if (code != CURLM_OK) return code;
    return curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
}

CURLMcode scanfleet_curl_multi_set_maximum_connections(CURLM *multi, long count) {
    return curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, count);
}

CURLMcode scanfleet_curl_multi_set_no_pipelining(CURLM *multi) {
    return curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
}

bool scanfleet_curl_next_done(CURLM *multi, struct scanfleet_curl_done *done) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        void *tag = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &tag);
        done->tag = (uintptr_t)tag;
        done->code = message->data.result;
        return true;
    }
    return false;
}
