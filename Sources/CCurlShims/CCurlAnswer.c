#include "CCurlShims.h"

#include <stdlib.h>
#include <string.h>

enum { smallest_body = 4096, smallest_head = 1024, largest_head = 300 * 1024 };

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
