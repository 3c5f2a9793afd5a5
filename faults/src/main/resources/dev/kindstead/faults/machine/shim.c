/*
 * Loaded before libc into a node (LD_PRELOAD): slow and failing disks below one directory, and a
 * wall clock that is wrong. What it does is told by a file that both map, while the node runs; what
 * it has done is counted there. Only the wall clock lies: waits and System.nanoTime stay right.
 *
 * The file's layout is that of Shim.java: 64-bit words, host order.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { SLOW_SYNC = 1, FAIL_SYNC = 2, FAIL_WRITE = 4, NO_SPACE = 8, TORN_WRITE = 16, LYING_SYNC = 32 };

struct control {
  int64_t mode;
  int64_t sync_delay_micros;
  int64_t clock_offset_nanos;
  int64_t slow_syncs;
  int64_t failed_syncs;
  int64_t failed_writes;
  int64_t torn_writes;
  int64_t wrong_times;
  int64_t lying_syncs;
};

static struct control *control;
static const char *directory;
static size_t directory_length;

__attribute__((constructor)) static void load(void) {
  const char *file = getenv("KINDSTEAD_FAULTS_CONTROL");
  directory = getenv("KINDSTEAD_FAULTS_DIRECTORY");
  if (file == NULL || directory == NULL) return;
  directory_length = strlen(directory);
  int fd = open(file, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (mapped != MAP_FAILED) control = mapped;
}

static int64_t mode(void) {
  return control == NULL ? 0 : __atomic_load_n(&control->mode, __ATOMIC_RELAXED);
}

static void count(int64_t *counter) { __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED); }

/* Whether the file is below the directory: pipes, sockets and logs stay as they are. */
static int is_ours(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  int saved = errno;
  ssize_t length = readlink(link, path, sizeof path);
  errno = saved;
  return length > (ssize_t)directory_length && strncmp(path, directory, directory_length) == 0 &&
         path[directory_length] == '/';
}

#define NEXT(type, name) \
  static type *next;     \
  if (next == NULL) next = (type *)dlsym(RTLD_NEXT, name)

/* Whether what is to be synced shall only be said to be: as a disk does that cheats. */
static int lies(int fd) {
  if ((mode() & LYING_SYNC) == 0 || !is_ours(fd)) return 0;
  count(&control->lying_syncs);
  return 1;
}

/* -1 when a sync shall fail, else 0, perhaps later. */
static int before_sync(int fd) {
  int64_t now = mode();
  if ((now & (SLOW_SYNC | FAIL_SYNC)) == 0 || !is_ours(fd)) return 0;
  if (now & SLOW_SYNC) {
    count(&control->slow_syncs);
    int64_t micros = __atomic_load_n(&control->sync_delay_micros, __ATOMIC_RELAXED);
    struct timespec delay = {micros / 1000000, (micros % 1000000) * 1000};
    nanosleep(&delay, NULL);
  }
  if (now & FAIL_SYNC) {
    count(&control->failed_syncs);
    errno = EIO;
    return -1;
  }
  return 0;
}

typedef int sync_function(int);

int fsync(int fd) {
  NEXT(sync_function, "fsync");
  if (lies(fd)) return 0;
  return before_sync(fd) == 0 ? next(fd) : -1;
}

int fdatasync(int fd) {
  NEXT(sync_function, "fdatasync");
  if (lies(fd)) return 0;
  return before_sync(fd) == 0 ? next(fd) : -1;
}

/* -1 when a write shall fail. */
static int before_write(int fd) {
  int64_t now = mode();
  if ((now & (FAIL_WRITE | NO_SPACE)) == 0 || !is_ours(fd)) return 0;
  count(&control->failed_writes);
  errno = now & FAIL_WRITE ? EIO : ENOSPC;
  return -1;
}

static int tears(int fd, size_t length) {
  return (mode() & TORN_WRITE) && length > 1 && is_ours(fd);
}

/* Half of it was written: the machine dies. */
static void die_torn(void) {
  count(&control->torn_writes);
  kill(getpid(), SIGKILL);
  pause();
}

typedef ssize_t write_function(int, const void *, size_t);

ssize_t write(int fd, const void *bytes, size_t length) {
  NEXT(write_function, "write");
  if (before_write(fd) != 0) return -1;
  if (tears(fd, length)) {
    next(fd, bytes, length / 2);
    die_torn();
  }
  return next(fd, bytes, length);
}

typedef ssize_t pwrite_function(int, const void *, size_t, off64_t);

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  NEXT(pwrite_function, "pwrite64");
  if (before_write(fd) != 0) return -1;
  if (tears(fd, length)) {
    next(fd, bytes, length / 2, at);
    die_torn();
  }
  return next(fd, bytes, length, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  return pwrite64(fd, bytes, length, at);
}

typedef ssize_t writev_function(int, const struct iovec *, int);

ssize_t writev(int fd, const struct iovec *parts, int count_of_parts) {
  NEXT(writev_function, "writev");
  if (before_write(fd) != 0) return -1;
  if (count_of_parts > 0 && tears(fd, parts[0].iov_len)) {
    write_function *plain = (write_function *)dlsym(RTLD_NEXT, "write");
    plain(fd, parts[0].iov_base, parts[0].iov_len / 2);
    die_torn();
  }
  return next(fd, parts, count_of_parts);
}

static int64_t offset(void) {
  if (control == NULL) return 0;
  int64_t nanos = __atomic_load_n(&control->clock_offset_nanos, __ATOMIC_RELAXED);
  if (nanos != 0) count(&control->wrong_times);
  return nanos;
}

static int64_t floored(int64_t *nanos) {
  int64_t rest = *nanos % 1000000000;
  if (rest < 0) rest += 1000000000;
  int64_t seconds = (*nanos - rest) / 1000000000;
  *nanos = rest;
  return seconds;
}

typedef int clock_function(clockid_t, struct timespec *);

int clock_gettime(clockid_t clock, struct timespec *time) {
  NEXT(clock_function, "clock_gettime");
  int result = next(clock, time);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t nanos = time->tv_nsec + offset();
    time->tv_sec += floored(&nanos);
    time->tv_nsec = nanos;
  }
  return result;
}

int gettimeofday(struct timeval *restrict value, void *restrict zone) {
  (void)zone;
  struct timespec time;
  int result = clock_gettime(CLOCK_REALTIME, &time);
  if (result == 0) {
    value->tv_sec = time.tv_sec;
    value->tv_usec = time.tv_nsec / 1000;
  }
  return result;
}

time_t time(time_t *at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at != NULL) *at = now.tv_sec;
  return now.tv_sec;
}
