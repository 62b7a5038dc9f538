#include "CHiredisShims.h"
