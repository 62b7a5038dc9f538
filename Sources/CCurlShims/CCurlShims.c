#include "CCurlShims.h"

#include <malloc.h>
#include <sys/socket.h>
#include <unistd.h>

enum { mebibyte = 1 << 20 };

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

CURLcode scanfleet_curl_set_http_2(CURL *easy) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L) : code;
}

CURLcode scanfleet_curl_set_protocols_http(CURL *easy) {
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
}

CURLcode scanfleet_curl_set_no_redirects(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); }

CURLcode scanfleet_curl_set_path_as_is(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L); }

CURLcode scanfleet_curl_set_verify_peer(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L); }

CURLcode scanfleet_curl_set_verify_host(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L); }

CURLcode scanfleet_curl_set_ca_file(CURL *easy, const char *path) {
    return curl_easy_setopt(easy, CURLOPT_CAINFO, path);
}

CURLcode scanfleet_curl_set_no_ca_directory(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_CAPATH, NULL); }

CURLcode scanfleet_curl_set_tcp_keepalive(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L); }

CURLcode scanfleet_curl_set_dns_cache_timeout(CURL *easy, long seconds) {
    return curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, seconds);
}

CURLcode scanfleet_curl_set_abandon_resolver(CURL *easy) { return curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); }

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    struct scanfleet_curl_socket_owner *owner = context;
    if (purpose != CURLSOCKTYPE_IPCXN) return CURL_SOCKET_BAD;
    int opened = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (opened < 0) return CURL_SOCKET_BAD;
    owner->opened(owner->context, opened);
    return opened;
}

static int close_socket(void *context, curl_socket_t socket) {
    struct scanfleet_curl_socket_owner *owner = context;
    owner->closing(owner->context, socket);
    return close(socket);
}

CURLcode scanfleet_curl_set_socket_owner(CURL *easy, struct scanfleet_curl_socket_owner *owner) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, owner);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, owner) : code;
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

CURLMcode scanfleet_curl_multi_set_multiplexing(CURLM *multi, long streams) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    return code == CURLM_OK ? curl_multi_setopt(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, streams) : code;
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
