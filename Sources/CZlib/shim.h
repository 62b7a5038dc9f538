#include <zlib.h>

// deflateInit2 and inflateInit2 are macros, which Swift cannot call.

// Raw deflate: the owner writes gzip's head and tail itself, so that it can join pieces.
static inline int scanfleet_deflate_init(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}

static inline int scanfleet_inflate_init(z_stream *stream) {
    return inflateInit2(stream, 15 + 32);
}
