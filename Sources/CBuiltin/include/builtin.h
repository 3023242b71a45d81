// What ships inside the program: files that the compiler puts into it as they stand.
#ifndef RAMP_BUILTIN_H
#define RAMP_BUILTIN_H

#include <stddef.h>

/// One file. `bytes` are `length` of them, not ended by a zero; both live as long as the program.
typedef struct {
  const char *name;
  const unsigned char *bytes;
  size_t length;
} ramp_builtin;

/// How many practice archives there are.
extern const size_t ramp_builtin_practice_count;

/// The practice archive at `index`, counted from 0 in the order of their names; `name` is the instance's id. One past the
/// end has no name, no bytes and the length 0. (A function, because Swift cannot see an array without a length.)
ramp_builtin ramp_builtin_practice(size_t index);

#endif
