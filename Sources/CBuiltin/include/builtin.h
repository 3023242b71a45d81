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

/// The practice archives, in the order of their names. `name` is the instance's id.
extern const ramp_builtin ramp_builtin_practice[];
extern const size_t ramp_builtin_practice_count;

#endif
