#ifndef SCANFLEET_CCURLSHIMS_H
#define SCANFLEET_CCURLSHIMS_H

#include <curl/curl.h>

#endif
