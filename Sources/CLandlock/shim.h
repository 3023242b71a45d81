// What the kernel has for a process that shuts itself in, and the C library does not: Landlock, by the numbers of its
// calls, and a seccomp filter. The constants are the kernel's own, written out because headers are older than kernels.
// Source: landlock(7), seccomp(2), the kernel's include/uapi/linux/landlock.h.
#ifndef RAMP_CLANDLOCK_SHIM_H
#define RAMP_CLANDLOCK_SHIM_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

extern long syscall(long number, ...);
extern int setgroups(size_t count, const gid_t *groups);
extern int setresuid(uid_t real, uid_t effective, uid_t saved);
extern int setresgid(gid_t real, gid_t effective, gid_t saved);

// Rights to files. Those of a later ABI than the first are marked.
#define CLANDLOCK_EXECUTE (1ULL << 0)
#define CLANDLOCK_WRITE_FILE (1ULL << 1)
#define CLANDLOCK_READ_FILE (1ULL << 2)
#define CLANDLOCK_READ_DIR (1ULL << 3)
#define CLANDLOCK_MAKE_CHAR (1ULL << 6)
#define CLANDLOCK_MAKE_BLOCK (1ULL << 11)
#define CLANDLOCK_FIRST ((1ULL << 13) - 1)
#define CLANDLOCK_REFER (1ULL << 13)     // 2
#define CLANDLOCK_TRUNCATE (1ULL << 14)  // 3
#define CLANDLOCK_IOCTL_DEV (1ULL << 15) // 5

/// The version of the kernel's Landlock, or -1 with errno set: ENOSYS where it was not built in, EOPNOTSUPP where it was
/// not turned on.
static inline int clandlock_abi(void) { return (int)syscall(444, NULL, 0, 1); }

/// The rights to files that the version `abi` can refuse.
static inline uint64_t clandlock_handled(int abi) {
  uint64_t rights = CLANDLOCK_FIRST;
  if (abi >= 2) rights |= CLANDLOCK_REFER;
  if (abi >= 3) rights |= CLANDLOCK_TRUNCATE;
  if (abi >= 5) rights |= CLANDLOCK_IOCTL_DEV;
  return rights;
}

/// A new set of rules that refuses all that `abi` can refuse: files, TCP from 4 on, abstract sockets and signals to those
/// outside from 6 on. Returns a descriptor, or -1 with errno set.
static inline int clandlock_create(int abi) {
  struct {
    uint64_t files, network, scoped;
  } wanted = {clandlock_handled(abi), abi >= 4 ? 3 : 0, abi >= 6 ? 3 : 0};
  size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
  return (int)syscall(444, &wanted, size, 0);
}

/// Allows `rights`, of those that `abi` knows, at `path` and below. Of a plain file only those that a file can have.
/// Returns 0, 1 where there is nothing at `path`, or -1 with errno set.
static inline int clandlock_allow(int rules, int abi, const char *path, uint64_t rights) {
  int file = open(path, 010000000 /* O_PATH */ | O_CLOEXEC);
  if (file < 0) return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 1 : -1;
  struct stat status;
  int answer = fstat(file, &status);
  if (answer == 0) {
    rights &= clandlock_handled(abi);
    if (!S_ISDIR(status.st_mode)) {
      rights &= CLANDLOCK_EXECUTE | CLANDLOCK_WRITE_FILE | CLANDLOCK_READ_FILE | CLANDLOCK_TRUNCATE | CLANDLOCK_IOCTL_DEV;
    }
    struct __attribute__((packed)) {
      uint64_t rights;
      int32_t file;
    } rule = {rights, file};
    answer = (int)syscall(445, rules, 1, &rule, 0);
  }
  int code = errno;
  close(file);
  errno = code;
  return answer;
}

/// Allows to read and to execute what is at `path` and below; else as `clandlock_allow`.
static inline int clandlock_allow_reading(int rules, int abi, const char *path) {
  return clandlock_allow(rules, abi, path, CLANDLOCK_EXECUTE | CLANDLOCK_READ_FILE | CLANDLOCK_READ_DIR);
}

/// Allows all but the making of devices at `path` and below; else as `clandlock_allow`.
static inline int clandlock_allow_writing(int rules, int abi, const char *path) {
  return clandlock_allow(rules, abi, path, ~(CLANDLOCK_MAKE_CHAR | CLANDLOCK_MAKE_BLOCK));
}

/// Shuts this thread in, for good and for all that comes of it. Returns 0, or -1 with errno set.
static inline int clandlock_enter(int rules) { return (int)syscall(446, rules, 0); }

/// Gives up what a program that is executed could gain. Returns 0, or -1 with errno set.
static inline int clandlock_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

/// Lets this process be killed when the thread that started it is no more. Returns 0, or -1 with errno set.
static inline int clandlock_end_with_parent(void) { return prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0); }

/// Becomes the user and the group `user` and no one else. Returns 0, or -1 with errno set.
static inline int clandlock_become(uint32_t user) {
  if (setgroups(0, NULL) != 0 || setresgid(user, user, user) != 0) return -1;
  return setresuid(user, user, user);
}

/// Gives up every capability, so that root is a user like any other. Returns 0, or -1 with errno set.
static inline int clandlock_drop_capabilities(void) {
  // Root's programs get none back. Refused to who may not say so, which then has none to lose.
  prctl(PR_SET_SECUREBITS, 3 /* SECBIT_NOROOT, locked */, 0, 0, 0);
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  return (int)syscall(SYS_capset, &header, none);
}

/// Closes every descriptor from `first` on.
static inline void clandlock_close_from(int first) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
#endif
  for (int file = first; file < 4096; file++) close(file);
}

#if defined(__x86_64__)
#define CLANDLOCK_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define CLANDLOCK_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/// Where the calls to be refused are gathered, and then the filter.
struct clandlock_filter {
  struct sock_filter code[512];
  unsigned short count;
};

static inline void clandlock_add(struct clandlock_filter *filter, struct sock_filter line) {
  if (filter->count < 512) filter->code[filter->count] = line;
  filter->count++;
}

/// Answers the call `number` with `answer`. The number is in the accumulator.
static inline void clandlock_answer(struct clandlock_filter *filter, long number, uint32_t answer) {
  clandlock_add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1));
  clandlock_add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, answer));
}

/// Answers the call `number` with `answer` where the lower half of its argument `index` has one of the bits of `mask`.
static inline void clandlock_answer_argument(
    struct clandlock_filter *filter, long number, int index, uint32_t mask, uint32_t answer) {
  uint32_t place = offsetof(struct seccomp_data, args) + 8 * (uint32_t)index;
  clandlock_add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4));
  clandlock_add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, place));
  clandlock_add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, mask, 0, 1));
  clandlock_add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, answer));
  clandlock_add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
}

#define CLANDLOCK_NO(name) clandlock_answer(filter, __NR_##name, refused)

/// What holds a program beside the filter, and what it may do by that. None of these bits is a sandbox with name spaces
/// of its own for processes, networks and System V objects.
enum clandlock_filter_kind {
  /// There are no name spaces: Landlock alone.
  CLANDLOCK_SHARED = 1,
  /// Files outside belong to the program's user.
  CLANDLOCK_SHARES_USER = 2,
  /// Landlock does not hold `truncate`: before its version 3.
  CLANDLOCK_TRUNCATES = 4,
  /// The network is the machine's, and so are its abstract unix sockets.
  CLANDLOCK_SHARES_NETWORK = 8,
};

/// What no program in a sandbox may do, whatever else holds it.
static inline void clandlock_refuse_all(struct clandlock_filter *filter) {
  const uint32_t refused = SECCOMP_RET_ERRNO | EPERM, unknown = SECCOMP_RET_ERRNO | ENOSYS;
  // Other processes.
  CLANDLOCK_NO(ptrace);
  CLANDLOCK_NO(process_vm_readv);
  CLANDLOCK_NO(process_vm_writev);
  CLANDLOCK_NO(kcmp);
  clandlock_answer(filter, 438, refused); // pidfd_getfd
  clandlock_answer(filter, 440, refused); // process_madvise
  clandlock_answer(filter, 448, refused); // process_mrelease
  CLANDLOCK_NO(migrate_pages);
  CLANDLOCK_NO(move_pages);
  // Mounts, name spaces, the machine.
  CLANDLOCK_NO(mount);
  CLANDLOCK_NO(umount2);
  CLANDLOCK_NO(pivot_root);
  CLANDLOCK_NO(chroot);
  CLANDLOCK_NO(unshare);
  CLANDLOCK_NO(setns);
  for (long number = 428; number <= 433; number++) clandlock_answer(filter, number, unknown); // open_tree to fspick
  clandlock_answer(filter, 435, unknown);                                                    // clone3
  clandlock_answer(filter, 442, unknown);                                                    // mount_setattr
  clandlock_answer(filter, 457, unknown);                                                    // statmount
  clandlock_answer(filter, 458, unknown);                                                    // listmount
  clandlock_answer(filter, 467, unknown);                                                    // open_tree_attr
  CLANDLOCK_NO(name_to_handle_at);
  CLANDLOCK_NO(open_by_handle_at);
  CLANDLOCK_NO(swapon);
  CLANDLOCK_NO(swapoff);
  CLANDLOCK_NO(reboot);
  CLANDLOCK_NO(sethostname);
  CLANDLOCK_NO(setdomainname);
  CLANDLOCK_NO(init_module);
  CLANDLOCK_NO(finit_module);
  CLANDLOCK_NO(delete_module);
  CLANDLOCK_NO(kexec_load);
#ifdef __NR_kexec_file_load
  CLANDLOCK_NO(kexec_file_load);
#endif
  CLANDLOCK_NO(acct);
  CLANDLOCK_NO(quotactl);
  clandlock_answer(filter, 443, refused); // quotactl_fd
  CLANDLOCK_NO(settimeofday);
  CLANDLOCK_NO(clock_settime);
  CLANDLOCK_NO(adjtimex);
  CLANDLOCK_NO(clock_adjtime);
  CLANDLOCK_NO(syslog);
  CLANDLOCK_NO(vhangup);
#ifdef __NR_iopl
  CLANDLOCK_NO(iopl);
  CLANDLOCK_NO(ioperm);
#endif
#ifdef __NR_modify_ldt
  CLANDLOCK_NO(modify_ldt);
#endif
#ifdef __NR_uselib
  CLANDLOCK_NO(uselib);
  CLANDLOCK_NO(ustat);
#endif
  CLANDLOCK_NO(nfsservctl);
  CLANDLOCK_NO(lookup_dcookie);
  // What reaches far into the kernel.
  CLANDLOCK_NO(bpf);
  CLANDLOCK_NO(perf_event_open);
  CLANDLOCK_NO(userfaultfd);
  CLANDLOCK_NO(fanotify_init);
  for (long number = 425; number <= 427; number++) clandlock_answer(filter, number, unknown); // io_uring
  // Key rings are the user's, in whatever name space it is.
  CLANDLOCK_NO(add_key);
  CLANDLOCK_NO(request_key);
  CLANDLOCK_NO(keyctl);
  // Room on a disk that is taken at once would be gone before anybody sees it. Who is told so writes instead.
  clandlock_answer(filter, __NR_fallocate, SECCOMP_RET_ERRNO | EOPNOTSUPP);
  // New name spaces (CLONE_NEW*).
  clandlock_answer_argument(filter, __NR_clone, 0, 0x7E020080, refused);
}

/// Refuses sockets of all families but a few: unix where `has_unix` is 1, IPv4, IPv6, and of netlink the kind that tells
/// addresses. All others, virtual machines' and packets' among them, are not held by a name space or reach far.
static inline void clandlock_refuse_families(struct clandlock_filter *filter, int has_unix) {
  const uint32_t place = offsetof(struct seccomp_data, args);
  const uint32_t unsupported = SECCOMP_RET_ERRNO | EAFNOSUPPORT;
  // Over all lines of this block where the call is another.
  clandlock_add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_socket, 0, 9));
  clandlock_add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, place));
  clandlock_add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, has_unix ? 1 : 2, 5, 0));
  clandlock_add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 2, 4, 0));
  clandlock_add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 10, 3, 0));
  clandlock_add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 16, 0, 3));
  clandlock_add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, place + 16));
  clandlock_add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1));
  clandlock_add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  clandlock_add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, unsupported));
  // A pair is of unix sockets alone.
  clandlock_answer_argument(filter, __NR_socketpair, 0, ~1U, unsupported);
  // A pair of datagrams may send anywhere.
  if (!has_unix) clandlock_answer_argument(filter, __NR_socketpair, 1, 2, SECCOMP_RET_ERRNO | EPERM);
}

/// What is refused where the program shares the machine's name spaces and is held by Landlock alone.
static inline void clandlock_refuse_shared(struct clandlock_filter *filter, int kind) {
  const uint32_t refused = SECCOMP_RET_ERRNO | EPERM;
  // Sockets of every family. Also the unix ones: Landlock does not hold a connection to a path, behind which the user's
  // own services would start programs outside. A pair of connected ones leads nowhere.
  CLANDLOCK_NO(socket);
  CLANDLOCK_NO(connect);
  CLANDLOCK_NO(bind);
  // What others of the same user keep in the kernel, also by its number.
  CLANDLOCK_NO(shmget);
  CLANDLOCK_NO(shmat);
  CLANDLOCK_NO(shmctl);
  CLANDLOCK_NO(semget);
  CLANDLOCK_NO(semop);
  CLANDLOCK_NO(semtimedop);
  CLANDLOCK_NO(semctl);
  CLANDLOCK_NO(msgget);
  CLANDLOCK_NO(msgsnd);
  CLANDLOCK_NO(msgrcv);
  CLANDLOCK_NO(msgctl);
  CLANDLOCK_NO(mq_open);
  CLANDLOCK_NO(mq_unlink);
  // Landlock does not hold a watch over a folder, and it tells the names in there.
#ifdef __NR_inotify_init
  CLANDLOCK_NO(inotify_init);
#endif
  CLANDLOCK_NO(inotify_init1);
  if (kind & CLANDLOCK_TRUNCATES) CLANDLOCK_NO(truncate);
  if (kind & CLANDLOCK_SHARES_USER) {
    // Landlock holds neither modes nor times, and outside lie files of the same user, some of which can be opened to
    // read. What copies a file wants to set both, so it is told that it did.
    const uint32_t done = SECCOMP_RET_ERRNO;
#ifdef __NR_chmod
    clandlock_answer(filter, __NR_chmod, done);
    clandlock_answer(filter, __NR_utime, done);
    clandlock_answer(filter, __NR_utimes, done);
    clandlock_answer(filter, __NR_futimesat, done);
    CLANDLOCK_NO(chown);
    CLANDLOCK_NO(lchown);
#endif
    clandlock_answer(filter, __NR_utimensat, done);
    clandlock_answer(filter, __NR_fchmod, done);
    clandlock_answer(filter, __NR_fchmodat, done);
    clandlock_answer(filter, 452, done); // fchmodat2
    CLANDLOCK_NO(fchown);
    CLANDLOCK_NO(fchownat);
    const uint32_t unsupported = SECCOMP_RET_ERRNO | EOPNOTSUPP;
    clandlock_answer(filter, __NR_setxattr, unsupported);
    clandlock_answer(filter, __NR_lsetxattr, unsupported);
    clandlock_answer(filter, __NR_fsetxattr, unsupported);
    clandlock_answer(filter, __NR_removexattr, unsupported);
    clandlock_answer(filter, __NR_lremovexattr, unsupported);
    clandlock_answer(filter, __NR_fremovexattr, unsupported);
    clandlock_answer(filter, 463, unsupported); // setxattrat
    clandlock_answer(filter, 466, unsupported); // removexattrat
    clandlock_answer(filter, 469, unsupported); // file_setattr
  }
  // Another process than the caller's own.
  CLANDLOCK_NO(ioprio_set);
  clandlock_answer_argument(filter, __NR_prlimit64, 0, ~0U, refused);
  clandlock_answer_argument(filter, __NR_sched_setaffinity, 0, ~0U, refused);
  clandlock_answer_argument(filter, __NR_sched_setscheduler, 0, ~0U, refused);
  clandlock_answer_argument(filter, __NR_sched_setparam, 0, ~0U, refused);
  clandlock_answer_argument(filter, __NR_sched_setattr, 0, ~0U, refused);
  clandlock_answer_argument(filter, __NR_setpriority, 1, ~0U, refused);
  // A pair of unix sockets (1) that are bound to each other: streams (1), or with messages kept apart (5). Those of
  // datagrams (2) may send anywhere.
  clandlock_answer_argument(filter, __NR_socketpair, 0, ~1U, refused);
  clandlock_answer_argument(filter, __NR_socketpair, 1, 2, refused);
}

/// Writes the filter for `kind`, a sum of `clandlock_filter_kind`, to `filter`. Calls of another architecture than this
/// program's, 32 bits for one, are unknown to it. Returns 0, or -1 with errno set.
static inline int clandlock_make_filter(struct clandlock_filter *filter, int kind) {
#ifndef CLANDLOCK_ARCHITECTURE
  errno = ENOSYS;
  return -1;
#else
  filter->count = 0;
  clandlock_add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)));
  clandlock_add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CLANDLOCK_ARCHITECTURE, 1, 0));
  clandlock_add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
  clandlock_add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
#if defined(__x86_64__)
  // The second set of numbers (x32).
  clandlock_add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));
  clandlock_add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
#endif
  clandlock_refuse_all(filter);
  if (kind & CLANDLOCK_SHARED) {
    clandlock_refuse_shared(filter, kind);
  } else {
    clandlock_refuse_families(filter, !(kind & CLANDLOCK_SHARES_NETWORK));
  }
  clandlock_add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  if (filter->count > 512) {
    errno = E2BIG;
    return -1;
  }
  return 0;
#endif
}

/// Puts the filter of `kind` around this thread and all that comes of it. Returns 0, or -1 with errno set.
static inline int clandlock_filter_calls(int kind) {
  struct clandlock_filter all;
  if (clandlock_make_filter(&all, kind) != 0) return -1;
  struct sock_fprog program = {all.count, all.code};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

/// Writes the filter of `kind` to `bytes`, as the kernel and bubblewrap read it. Returns its length in bytes, or -1 with
/// errno set; at most `sizeof(struct clandlock_filter)`.
static inline long clandlock_filter_bytes(int kind, void *bytes, size_t room) {
  struct clandlock_filter all;
  if (clandlock_make_filter(&all, kind) != 0) return -1;
  const size_t length = all.count * sizeof all.code[0];
  if (length > room) {
    errno = ENOSPC;
    return -1;
  }
  memcpy(bytes, all.code, length);
  return (long)length;
}

/// The parent of a process by /proc, or 0; and its group.
static inline pid_t clandlock_parent(const char *process, pid_t *group) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%.16s/stat", process);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  if (count <= 0) return 0;
  text[count] = 0;
  // Behind the name, which may hold anything: a blank, the state, a blank, the parent.
  const char *end = strrchr(text, ')');
  if (end == NULL || strlen(end) < 5) return 0;
  char *rest;
  const pid_t parent = (pid_t)strtol(end + 4, &rest, 10);
  *group = (pid_t)strtol(rest, NULL, 10);
  return parent;
}

/// Kills the children of this process, and theirs, which become its own, until there are none, or for five seconds.
static inline void clandlock_end_children(void) {
  const pid_t own = getpid();
  const pid_t own_group = getpgrp();
  struct timespec start, now;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (now = start; now.tv_sec - start.tv_sec < 5; clock_gettime(CLOCK_MONOTONIC, &now)) {
    pid_t gone;
    while ((gone = waitpid(-1, NULL, WNOHANG)) > 0) {}
    if (gone < 0 && errno == ECHILD) return;
    DIR *processes = opendir("/proc");
    if (processes == NULL) return;
    struct dirent *entry;
    while ((entry = readdir(processes)) != NULL) {
      pid_t group = 0;
      if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || clandlock_parent(entry->d_name, &group) != own) continue;
      kill((pid_t)strtol(entry->d_name, NULL, 10), SIGKILL);
      // One that forks and ends, over and over, is faster than a look at /proc; its group is killed as a whole.
      if (group > 1 && group != own_group) kill(-group, SIGKILL);
    }
    closedir(processes);
    const struct timespec pause = {0, 1000000};
    nanosleep(&pause, NULL);
  }
}

/// Splits this process, which must have one thread. In the child, the answer is 0. The other stands by until the child
/// has ended, or whoever started it, or SIGTERM comes; leaves none of its descendants alive, wherever they have gone;
/// and ends as the child did. -1 with errno set where that cannot be done.
static inline int clandlock_stand_by(void) {
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) return -1;
  sigset_t waited, before;
  sigemptyset(&waited);
  sigaddset(&waited, SIGCHLD);
  sigaddset(&waited, SIGTERM);
  if (sigprocmask(SIG_BLOCK, &waited, &before) != 0) return -1;
  const pid_t child = fork();
  if (child < 0) return -1;
  if (child == 0) {
    sigprocmask(SIG_SETMASK, &before, NULL);
    // What it sends to its group does not come to who stands by.
    setpgid(0, 0);
    return 0;
  }
  prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
  // Its memory is nobody's to look into.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  int status = 0;
  int has_ended = 0;
  while (!has_ended) {
    if (sigwaitinfo(&waited, NULL) == SIGTERM) {
      status = SIGKILL;
      break;
    }
    int how;
    pid_t gone;
    while ((gone = waitpid(-1, &how, WNOHANG)) > 0) {
      if (gone != child) continue;
      status = how;
      has_ended = 1;
    }
  }
  clandlock_end_children();
  if (WIFSIGNALED(status)) {
    signal(WTERMSIG(status), SIG_DFL);
    sigprocmask(SIG_SETMASK, &before, NULL);
    kill(getpid(), WTERMSIG(status));
  }
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/// Gives what the open folder `folder` holds, and the folder last, to `user`: what is its already is left alone, so that
/// its change time stays. No link is followed. Closes `folder`. Returns 0, or -1 with errno set.
static inline int clandlock_give_folder(int folder, uint32_t user) {
  DIR *listing = fdopendir(folder);
  if (listing == NULL) {
    close(folder);
    return -1;
  }
  int answer = 0;
  struct dirent *entry;
  while (answer == 0 && (errno = 0, entry = readdir(listing)) != NULL) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (entry->d_type == DT_DIR) {
      const int below = openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      answer = below < 0 ? -1 : clandlock_give_folder(below, user);
      continue;
    }
    struct stat status;
    answer = fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW);
    if (answer != 0) continue;
    if (S_ISDIR(status.st_mode)) {
      const int below = openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      answer = below < 0 ? -1 : clandlock_give_folder(below, user);
    } else if (status.st_uid != user) {
      answer = fchownat(folder, entry->d_name, user, user, AT_SYMLINK_NOFOLLOW);
    }
  }
  struct stat status;
  if (answer == 0 && (fstat(folder, &status) != 0 || (status.st_uid != user && fchown(folder, user, user) != 0))) {
    answer = -1;
  }
  const int code = errno;
  closedir(listing);
  errno = code;
  return answer;
}

/// Gives the folder at `path` and all in it to `user`. Returns 0, or -1 with errno set.
static inline int clandlock_give(const char *path, uint32_t user) {
  const int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  return folder < 0 ? -1 : clandlock_give_folder(folder, user);
}

/// The kind of the file system that `path` is on, as statfs(2) has it, or -1.
static inline long clandlock_file_system(const char *path) {
  struct statfs system;
  return statfs(path, &system) == 0 ? (long)system.f_type : -1;
}

/// How many bytes the names of a file's attributes take; 0 where the file system has none; -1 with errno set.
static inline long clandlock_attributes(const char *path) {
  const ssize_t length = llistxattr(path, NULL, 0);
  return length < 0 && errno == ENOTSUP ? 0 : (long)length;
}

#endif
