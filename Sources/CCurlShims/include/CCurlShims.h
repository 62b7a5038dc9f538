#ifndef SCANFLEET_CCURLSHIMS_H
#define SCANFLEET_CCURLSHIMS_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

// Swift cannot call variadic C, so each libcurl option in use has one typed function here, and no other can be set.
// Functions that need no variadic call (curl_easy_init, curl_multi_socket_action, ...) are called as they are.

// MARK: The process

/// Keeps large bodies in the heap instead of in a mapping each, and the heap from being handed back between them:
/// measured, answers of 500 KB cost a third of the CPU.
void scanfleet_curl_tune_allocator(void);

// MARK: One transfer: what stays the same

/// Without it libcurl raises SIGALRM in name resolution, which is no good beside threads.
CURLcode scanfleet_curl_set_no_signal(CURL *_Nonnull easy);

/// Pins HTTP/1.1: no negotiation, one transfer a connection.
CURLcode scanfleet_curl_set_http_1_1(CURL *_Nonnull easy);

/// Offers HTTP/2 to servers that speak TLS, and waits for a connection that others open to tell whether it can be
/// shared.
CURLcode scanfleet_curl_set_http_2(CURL *_Nonnull easy);

/// Refuses every protocol but http and https.
CURLcode scanfleet_curl_set_protocols_http(CURL *_Nonnull easy);

/// A redirect is an answer like any other: its target was never signed for.
CURLcode scanfleet_curl_set_no_redirects(CURL *_Nonnull easy);

/// Sends the path as it stands, dot segments included, because a signature covers it.
CURLcode scanfleet_curl_set_path_as_is(CURL *_Nonnull easy);

/// Requires a certificate chain that is trusted.
CURLcode scanfleet_curl_set_verify_peer(CURL *_Nonnull easy);

/// Requires a certificate that names the host.
CURLcode scanfleet_curl_set_verify_host(CURL *_Nonnull easy);

/// Trusts the certificates of one PEM file instead of the system's.
CURLcode scanfleet_curl_set_ca_file(CURL *_Nonnull easy, const char *_Nonnull path);

/// Trusts no directory of certificates. Debian builds one in, and with it libcurl's certificate cache is silently off:
/// measured, 28,800 instead of 668 us of CPU a new connection.
CURLcode scanfleet_curl_set_no_ca_directory(CURL *_Nonnull easy);

/// Lets the kernel find a peer that vanished without a word, within about two minutes.
CURLcode scanfleet_curl_set_tcp_keepalive(CURL *_Nonnull easy);

/// How long an answer of DNS is used again; each look-up that is not cached starts a thread.
CURLcode scanfleet_curl_set_dns_cache_timeout(CURL *_Nonnull easy, long seconds);

/// Leaves a look-up behind that is still running when its transfer ends; without it libcurl joins the resolver's
/// thread, and a DNS server that does not answer blocks the whole loop. The thread frees its own memory (asyn-thread.c).
CURLcode scanfleet_curl_set_abandon_resolver(CURL *_Nonnull easy);

typedef void (*scanfleet_curl_open_callback)(void *_Nullable context, curl_socket_t socket);

/// Who hears of connections.
struct scanfleet_curl_socket_owner {
    scanfleet_curl_open_callback _Nullable opened;
    scanfleet_curl_open_callback _Nullable closing;
    void *_Nullable context;
};

/// Tells of each connection when it is open and before it is closed, which may be many transfers later: `owner` must
/// outlive the multi handle. Programs that are started meanwhile do not inherit it.
CURLcode scanfleet_curl_set_socket_owner(
    CURL *_Nonnull easy, struct scanfleet_curl_socket_owner *_Nonnull owner);

// MARK: One transfer: what a request says

CURLcode scanfleet_curl_set_url(CURL *_Nonnull easy, const char *_Nonnull url);

/// The word that is sent; it does not decide whether there are bodies.
CURLcode scanfleet_curl_set_method(CURL *_Nonnull easy, const char *_Nonnull method);

/// Goes to the server directly, or by the proxy that the environment names for it.
CURLcode scanfleet_curl_set_proxies(CURL *_Nonnull easy, bool are_bypassed);

/// Asks for gzip and decompresses it, so that the body is counted as the caller will have it; else hands bodies on as
/// they come.
CURLcode scanfleet_curl_set_gzip(CURL *_Nonnull easy, bool is_accepted);

/// Makes it a request without a body.
CURLcode scanfleet_curl_set_no_body(CURL *_Nonnull easy);

/// Makes it a request whose answer has no body, whatever its Content-Length says.
CURLcode scanfleet_curl_set_head(CURL *_Nonnull easy);

/// A request's body; its memory serves one request after the other.
struct scanfleet_curl_body {
    uint8_t *_Nullable bytes;
    size_t count;
    size_t capacity;
    size_t sent;
};

/// Makes it a request with a body, which may be empty and is copied into `body`; that must outlive the transfer.
///
/// From its memory libcurl sends a request again, without a word, when a connection that it had kept breaks before the
/// answer begins; the first may have taken effect. A body that is not repeatable can be read once only.
CURLcode scanfleet_curl_set_body(
    CURL *_Nonnull easy, struct scanfleet_curl_body *_Nonnull body, const void *_Nullable bytes, size_t count,
    bool is_repeatable);

/// Forgets what was copied, and gives memory back that few bodies need.
void scanfleet_curl_forget_body(struct scanfleet_curl_body *_Nonnull body);

void scanfleet_curl_free_body(struct scanfleet_curl_body *_Nonnull body);

/// A request's headers as lines in one piece of memory, and libcurl's list of them, which serve one request after the
/// other: ten pairs of allocations less a request.
struct scanfleet_curl_headers {
    char *_Nullable text;
    size_t count;
    size_t capacity;
    size_t lines;
    struct curl_slist *_Nullable nodes;
    size_t nodes_capacity;
};

/// Appends a part to the line that is not ended yet; false when memory ran out.
bool scanfleet_curl_append_to_header(
    struct scanfleet_curl_headers *_Nonnull headers, const uint8_t *_Nullable bytes, size_t count);

/// Ends the line, to which at least one part was appended.
void scanfleet_curl_end_header(struct scanfleet_curl_headers *_Nonnull headers);

/// Sends these headers; they must outlive the transfer.
CURLcode scanfleet_curl_set_headers(CURL *_Nonnull easy, struct scanfleet_curl_headers *_Nonnull headers);

/// Forgets the lines.
void scanfleet_curl_clear_headers(struct scanfleet_curl_headers *_Nonnull headers);

void scanfleet_curl_free_headers(struct scanfleet_curl_headers *_Nonnull headers);

CURLcode scanfleet_curl_set_connect_timeout_ms(CURL *_Nonnull easy, long milliseconds);
CURLcode scanfleet_curl_set_timeout_ms(CURL *_Nonnull easy, long milliseconds);

/// A number of the caller's, which `scanfleet_curl_next_done` hands back.
CURLcode scanfleet_curl_set_tag(CURL *_Nonnull easy, uint64_t tag);

/// At least CURL_ERROR_SIZE bytes that outlive the transfer.
CURLcode scanfleet_curl_set_error_buffer(CURL *_Nonnull easy, char *_Nonnull buffer);

// MARK: One transfer: what came back

/// An answer as it arrives, its body in memory of malloc's.
struct scanfleet_curl_answer {
    uint8_t *_Nullable bytes;
    size_t count;
    size_t capacity;
    /// A longer body ends the transfer with CURLE_WRITE_ERROR.
    size_t limit;
    /// Whether that happened.
    bool is_too_large;
    /// The status line and the headers of the final answer, as they came; no trailers, and none of a `100 Continue`.
    uint8_t *_Nullable head;
    size_t head_count;
    size_t head_capacity;
    /// Whether the empty line came that ends the headers. libcurl takes a connection that closes among them for a whole
    /// answer without a body.
    bool is_head_complete;
    /// Whose answer it is; its Content-Length is reserved at once.
    CURL *_Nullable easy;
};

/// Collects the answer; it must outlive the transfer.
CURLcode scanfleet_curl_set_answer(CURL *_Nonnull easy, struct scanfleet_curl_answer *_Nonnull answer);

/// Frees the body, and forgets the head.
void scanfleet_curl_free_answer(struct scanfleet_curl_answer *_Nonnull answer);

/// Frees the memory of the head, which is kept from one answer to the next.
void scanfleet_curl_free_head(struct scanfleet_curl_answer *_Nonnull answer);

CURLcode scanfleet_curl_response_code(CURL *_Nonnull easy, long *_Nonnull code);

// MARK: All transfers

/// A finished transfer; CURLMsg holds a union, which Swift had better not see.
struct scanfleet_curl_done {
    uint64_t tag;
    CURLcode code;
};

typedef int (*scanfleet_curl_socket_callback)(
    CURL *_Nullable easy, curl_socket_t socket, int what, void *_Nullable context, void *_Nullable unused);
typedef int (*scanfleet_curl_timer_callback)(CURLM *_Nullable multi, long milliseconds, void *_Nullable context);

CURLMcode scanfleet_curl_multi_set_socket_callback(
    CURLM *_Nonnull multi, scanfleet_curl_socket_callback _Nonnull callback, void *_Nonnull context);
CURLMcode scanfleet_curl_multi_set_timer_callback(
    CURLM *_Nonnull multi, scanfleet_curl_timer_callback _Nonnull callback, void *_Nonnull context);

/// How many idle connections are kept. libcurl's default shrinks with the number of running transfers, so that a
/// fleet that pauses would shake hands with every server again.
CURLMcode scanfleet_curl_multi_set_maximum_connections(CURLM *_Nonnull multi, long count);

/// No waiting for a connection that might turn out to speak HTTP/2.
CURLMcode scanfleet_curl_multi_set_no_pipelining(CURLM *_Nonnull multi);

/// Lets transfers share a connection that speaks HTTP/2, at most so many at once.
CURLMcode scanfleet_curl_multi_set_multiplexing(CURLM *_Nonnull multi, long streams);

/// Takes the next finished transfer; answers false when there is none.
bool scanfleet_curl_next_done(CURLM *_Nonnull multi, struct scanfleet_curl_done *_Nonnull done);

#endif
