#include "CHiredisShims.h"

#include <stdlib.h>

long long scanfleet_redis_format(char **command, const char *bytes, const size_t *lengths, size_t count) {
    const char **arguments = malloc(count * sizeof *arguments);
    if (arguments == NULL) {
        return -1;
    }
    for (size_t index = 0; index < count; index++) {
        arguments[index] = bytes;
        bytes += lengths[index];
    }
    long long length = redisFormatCommandArgv(command, (int)count, arguments, lengths);
    free(arguments);
    return length;
}

void scanfleet_redis_free(char *command) { redisFreeCommand(command); }
