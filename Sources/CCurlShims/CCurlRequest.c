#include "CCurlShims.h"

#include <stdlib.h>
#include <string.h>

// A larger body is rare, and its memory is not kept for the next request.
enum { kept_body = 64 * 1024 };

CURLcode scanfleet_curl_set_url(CURL *easy, const char *url) { return curl_easy_setopt(easy, CURLOPT_URL, url); }

CURLcode scanfleet_curl_set_proxies(CURL *easy, bool are_bypassed) {
    // NULL leaves it to the environment.
    return curl_easy_setopt(easy, CURLOPT_PROXY, are_bypassed ? "" : NULL);
}

CURLcode scanfleet_curl_set_gzip(CURL *easy, bool is_accepted) {
    return curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, is_accepted ? "gzip" : NULL);
}

CURLcode scanfleet_curl_set_method(CURL *easy, const char *method) {
    return curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
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

// MARK: The body

CURLcode scanfleet_curl_set_no_body(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L); }

CURLcode scanfleet_curl_set_head(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_NOBODY, 1L); }

static size_t give_body(char *buffer, size_t size, size_t count, void *context) {
    struct scanfleet_curl_body *body = context;
    size_t given = body->count - body->sent;
    if (given > size * count) given = size * count;
    memcpy(buffer, body->bytes + body->sent, given);
    body->sent += given;
    return given;
}

static bool copy_body(struct scanfleet_curl_body *body, const void *bytes, size_t count) {
    if (body->bytes == NULL || count > body->capacity) {
        size_t capacity = count > 512 ? count : 512;
        uint8_t *larger = realloc(body->bytes, capacity);
        if (larger == NULL) return false;
        body->bytes = larger;
        body->capacity = capacity;
    }
    if (count > 0) memcpy(body->bytes, bytes, count);
    body->count = count;
    body->sent = 0;
    return true;
}

CURLcode scanfleet_curl_set_body(
    CURL *easy, struct scanfleet_curl_body *body, const void *bytes, size_t count, bool is_repeatable) {
    if (!copy_body(body, bytes, count)) return CURLE_OUT_OF_MEMORY;
    // The size before the bytes, or libcurl takes them for a string.
    CURLcode code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_POSTFIELDS, is_repeatable ? body->bytes : NULL);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_POST, 1L);
    if (is_repeatable || code != CURLE_OK) return code;
    // Without a function to seek by, libcurl fails where it would have to begin the body again.
    code = curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_READDATA, body) : code;
}

void scanfleet_curl_forget_body(struct scanfleet_curl_body *body) {
    body->count = 0;
    if (body->capacity > kept_body) scanfleet_curl_free_body(body);
}

void scanfleet_curl_free_body(struct scanfleet_curl_body *body) {
    free(body->bytes);
    *body = (struct scanfleet_curl_body){0};
}

// MARK: The headers

static bool reserve_text(struct scanfleet_curl_headers *headers, size_t needed) {
    if (needed <= headers->capacity) return true;
    size_t capacity = needed * 2 > 2048 ? needed * 2 : 2048;
    char *text = realloc(headers->text, capacity);
    if (text == NULL) return false;
    headers->text = text;
    headers->capacity = capacity;
    return true;
}

bool scanfleet_curl_append_to_header(struct scanfleet_curl_headers *headers, const uint8_t *bytes, size_t count) {
    // One byte more for the end of the line.
    if (!reserve_text(headers, headers->count + count + 1)) return false;
    if (count > 0) memcpy(headers->text + headers->count, bytes, count);
    headers->count += count;
    return true;
}

void scanfleet_curl_end_header(struct scanfleet_curl_headers *headers) {
    headers->text[headers->count++] = '\0';
    headers->lines++;
}

CURLcode scanfleet_curl_set_headers(CURL *easy, struct scanfleet_curl_headers *headers) {
    if (headers->lines == 0) return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, NULL);
    if (headers->lines > headers->nodes_capacity) {
        struct curl_slist *nodes = realloc(headers->nodes, headers->lines * sizeof *nodes);
        if (nodes == NULL) return CURLE_OUT_OF_MEMORY;
        headers->nodes = nodes;
        headers->nodes_capacity = headers->lines;
    }
    char *line = headers->text;
    for (size_t index = 0; index < headers->lines; index++) {
        headers->nodes[index].data = line;
        headers->nodes[index].next = index + 1 < headers->lines ? &headers->nodes[index + 1] : NULL;
        line += strlen(line) + 1;
    }
    return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers->nodes);
}

void scanfleet_curl_clear_headers(struct scanfleet_curl_headers *headers) {
    headers->count = 0;
    headers->lines = 0;
}

void scanfleet_curl_free_headers(struct scanfleet_curl_headers *headers) {
    free(headers->text);
    free(headers->nodes);
    *headers = (struct scanfleet_curl_headers){0};
}
