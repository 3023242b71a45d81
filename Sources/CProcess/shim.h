// What the C library has for processes and files, and Swift does not see, because the headers show it to GNU sources only.
#ifndef RAMP_CPROCESS_SHIM_H
#define RAMP_CPROCESS_SHIM_H

#include <fcntl.h>
#include <spawn.h>

extern int syncfs(int file);
extern int pipe2(int ends[2], int flags);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *folder);

/// A pipe whose ends no program inherits, not even one that another thread starts at this moment: what is read, what
/// is written. Returns 0, or -1 with errno set.
static inline int cprocess_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

/// Lets the program start in `folder`. Returns 0 or an error's number.
static inline int cprocess_add_folder(posix_spawn_file_actions_t *actions, const char *folder) {
  return posix_spawn_file_actions_addchdir_np(actions, folder);
}

/// Waits until all that was written on the file system of `file` is on the disk. Returns 0, or -1 with errno set.
static inline int cprocess_sync(int file) { return syncfs(file); }

#endif
