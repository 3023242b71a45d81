#include "builtin.h"

// `#embed` is C23; clang takes it in older modes too, and warns.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char django__django_11000[] = {
#embed "practice/django__django-11000.archive"
};

static const unsigned char flask__flask_5063[] = {
#embed "practice/flask__flask-5063.archive"
};

static const unsigned char matplotlib__matplotlib_24265[] = {
#embed "practice/matplotlib__matplotlib-24265.archive"
};

static const unsigned char requests__requests_5600[] = {
#embed "practice/requests__requests-5600.archive"
};

static const unsigned char sympy__sympy_14308[] = {
#embed "practice/sympy__sympy-14308.archive"
};

#define BUILTIN(name, bytes) {name, bytes, sizeof(bytes)}

static const ramp_builtin practice[] = {
    BUILTIN("django__django-11000", django__django_11000),
    BUILTIN("flask__flask-5063", flask__flask_5063),
    BUILTIN("matplotlib__matplotlib-24265", matplotlib__matplotlib_24265),
    BUILTIN("requests__requests-5600", requests__requests_5600),
    BUILTIN("sympy__sympy-14308", sympy__sympy_14308),
};

const size_t ramp_builtin_practice_count = sizeof(practice) / sizeof(practice[0]);

ramp_builtin ramp_builtin_practice(size_t index) {
  return index < ramp_builtin_practice_count ? practice[index] : (ramp_builtin){NULL, NULL, 0};
}
