#ifndef SCANFLEET_THREADSANITIZERSHIMS_H
#define SCANFLEET_THREADSANITIZERSHIMS_H

// Nothing is called from here: linking the target into a test is enough, and without ThreadSanitizer it is empty.

#endif
