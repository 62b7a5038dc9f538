#ifndef SCANFLEET_CHIREDISSHIMS_H
#define SCANFLEET_CHIREDISSHIMS_H

#include <hiredis/hiredis.h>
#include <stddef.h>

/// Formats one command from `count` arguments that lie one after the other in `bytes`, and stores it in `*command`,
/// which scanfleet_redis_free frees. Returns the command's length, or -1 when memory is exhausted.
///
/// hiredis returns an int up to 1.0 and a long long from 1.1 on; this is the same for both.
long long scanfleet_redis_format(char *_Nullable *_Nonnull command, const char *_Nullable bytes,
                                 const size_t *_Nonnull lengths, size_t count);

/// Frees what scanfleet_redis_format stored.
void scanfleet_redis_free(char *_Nullable command);

#endif
