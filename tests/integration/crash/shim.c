// Stands between a program and the system's calls that make things lasting (LD_PRELOAD): counts
// them, and from the n-th of a kind on kills the process or lets the call fail.
//   SHIM_COUNTS=FILE      appends "kind count" lines for each process at its end
//   SHIM_KIND=KIND        write, sync or rename; of regular files
//   SHIM_AT=N             from 1
//   SHIM_DO=kill|ENOSPC|EIO|short
//   SHIM_READ_ONLY=FOLDER nothing below it can be made (open() that creates, mkdir()), for root
//   either
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { kWrite, kSync, kRename, kKinds };
static const char* const kNames[kKinds] = {"write", "sync", "rename"};
static atomic_long counts[kKinds];
static int kind_asked = -1;
static long at_asked;
static int error_asked;
static int kills;
static int shortens;

__attribute__((constructor)) static void begin(void) {
  const char* kind = getenv("SHIM_KIND");
  const char* at = getenv("SHIM_AT");
  const char* what = getenv("SHIM_DO");
  if (kind == NULL || at == NULL || what == NULL) return;
  for (int k = 0; k < kKinds; ++k) {
    if (strcmp(kind, kNames[k]) == 0) kind_asked = k;
  }
  at_asked = atol(at);
  kills = strcmp(what, "kill") == 0;
  shortens = strcmp(what, "short") == 0;
  error_asked = strcmp(what, "ENOSPC") == 0 ? ENOSPC : EIO;
}

__attribute__((destructor)) static void end(void) {
  const char* path = getenv("SHIM_COUNTS");
  FILE* out = path == NULL ? NULL : fopen(path, "a");
  if (out == NULL) return;
  for (int k = 0; k < kKinds; ++k) fprintf(out, "%s %ld\n", kNames[k], counts[k]);
  fclose(out);
}

// 0: go on; 1: fail with errno set; 2: write less.
static int now(int kind) {
  const long n = atomic_fetch_add(&counts[kind], 1) + 1;
  if (kind != kind_asked || n < at_asked) return 0;
  if (kills) raise(SIGKILL);
  if (shortens) return 2;
  errno = error_asked;
  return 1;
}

static int is_file(int fd) {
  struct stat s;
  return fstat(fd, &s) == 0 && S_ISREG(s.st_mode);
}

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

// Half of it, but something.
static size_t part(size_t n, int what) { return what == 2 && n > 1 ? n / 2 : n; }

ssize_t write(int fd, const void* data, size_t n) {
  const int what = is_file(fd) ? now(kWrite) : 0;
  if (what == 1) return -1;
  return REAL(ssize_t, write, int, const void*, size_t)(fd, data, part(n, what));
}

ssize_t pwrite(int fd, const void* data, size_t n, off_t at) {
  const int what = is_file(fd) ? now(kWrite) : 0;
  if (what == 1) return -1;
  return REAL(ssize_t, pwrite, int, const void*, size_t, off_t)(fd, data, part(n, what), at);
}

ssize_t pwrite64(int fd, const void* data, size_t n, off64_t at) {
  const int what = is_file(fd) ? now(kWrite) : 0;
  if (what == 1) return -1;
  return REAL(ssize_t, pwrite64, int, const void*, size_t, off64_t)(fd, data, part(n, what), at);
}

ssize_t writev(int fd, const struct iovec* parts, int n) {
  const int what = is_file(fd) ? now(kWrite) : 0;
  if (what == 1) return -1;
  if (what == 2) {
    struct iovec first = parts[0];
    first.iov_len = part(first.iov_len, 2);
    return REAL(ssize_t, writev, int, const struct iovec*, int)(fd, &first, 1);
  }
  return REAL(ssize_t, writev, int, const struct iovec*, int)(fd, parts, n);
}

static int is_read_only(const char* path) {
  const char* folder = getenv("SHIM_READ_ONLY");
  if (folder == NULL || strncmp(path, folder, strlen(folder)) != 0) return 0;
  errno = EROFS;
  return 1;
}

#define OPEN(name)                                                         \
  int name(const char* path, int flags, ...) {                             \
    va_list rest;                                                          \
    va_start(rest, flags);                                                 \
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                                          \
    if ((flags & O_CREAT) != 0 && is_read_only(path)) return -1;           \
    return REAL(int, name, const char*, int, ...)(path, flags, mode);      \
  }
OPEN(open)
OPEN(open64)

int mkdir(const char* path, mode_t mode) {
  if (is_read_only(path)) return -1;
  return REAL(int, mkdir, const char*, mode_t)(path, mode);
}

int fsync(int fd) {
  if (now(kSync) == 1) return -1;
  return REAL(int, fsync, int)(fd);
}

int rename(const char* from, const char* to) {
  if (now(kRename) == 1) return -1;
  return REAL(int, rename, const char*, const char*)(from, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  if (now(kRename) == 1) return -1;
  return REAL(int, renameat2, int, const char*, int, const char*, unsigned)(from_folder, from,
                                                                            to_folder, to, flags);
}
