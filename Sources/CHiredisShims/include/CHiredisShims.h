#ifndef SCANFLEET_CHIREDISSHIMS_H
#define SCANFLEET_CHIREDISSHIMS_H

#include <hiredis/hiredis.h>

#endif
