/* A bad disk, for one folder and the processes that load this library with LD_PRELOAD.

Counts every call that changes something below DISK_FOLDER. What happens at call number DISK_AT depends on DISK_KIND:

EIO, ENOSPC   This call and those after it fail with that error, DISK_CALLS in all. A full disk first writes half of
              what it is given, and still deletes.
power         Every process of the group is killed. Until then, a log says which names were made, moved and removed, and
              each fsync copies the file as it is: `tests.disk` makes the folder from these as a power cut leaves it.
count         Nothing; with DISK_AT=0, the log lists the calls by name.

DISK_STATE is a folder for the counter, the log and the copies, with an empty file `counter` of 16 bytes. What the C
library writes within itself, as fwrite does, is neither counted nor fails. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct shared {
    atomic_long calls;
    atomic_int lock;
    atomic_int copies;
};

static struct shared *shared; /* NULL: not begun */
static char folder[PATH_MAX], state[PATH_MAX];
static size_t folder_length;
static long at, calls;
static int fault; /* EIO, ENOSPC, or 0 */
static int is_power, log_file;

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

/* Reads the environment; a process that was forked after its start calls it again. */
__attribute__((constructor)) void disk_begin(void) {
    const char *kind = getenv("DISK_KIND");
    char path[PATH_MAX + 16];
    if (!kind) return;
    snprintf(folder, sizeof folder, "%s", getenv("DISK_FOLDER"));
    snprintf(state, sizeof state, "%s", getenv("DISK_STATE"));
    folder_length = strlen(folder);
    at = atol(getenv("DISK_AT"));
    calls = atol(getenv("DISK_CALLS"));
    fault = !strcmp(kind, "EIO") ? EIO : !strcmp(kind, "ENOSPC") ? ENOSPC : 0;
    is_power = !strcmp(kind, "power");
    snprintf(path, sizeof path, "%s/counter", state);
    int counter = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, counter, 0);
    syscall(SYS_close, counter);
    snprintf(path, sizeof path, "%s/log", state);
    log_file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (counter < 0 || shared == MAP_FAILED || log_file < 0) abort();
}

static void record(const char *format, ...) {
    char line[3 * PATH_MAX];
    va_list words;
    va_start(words, format);
    int length = vsnprintf(line, sizeof line, format, words);
    va_end(words);
    if (syscall(SYS_write, log_file, line, length) != length) abort();
}

/* The absolute path of a name, without `.`, `..` and doubled slashes; returns whether it is in the folder. */
static int resolve(int base, const char *name, char *path) {
    char whole[2 * PATH_MAX], link[64];
    ssize_t length = 0;
    if (!shared || !name) return 0;
    if (name[0] != '/') {
        if (base == AT_FDCWD) {
            if (!getcwd(whole, PATH_MAX)) return 0;
            length = strlen(whole);
        } else {
            snprintf(link, sizeof link, "/proc/self/fd/%d", base);
            if ((length = readlink(link, whole, PATH_MAX)) < 0) return 0;
        }
    }
    snprintf(whole + length, sizeof whole - length, "/%s", name);
    char *end = path, *rest = whole;
    for (char *part; (part = strsep(&rest, "/"));) {
        if (!*part || !strcmp(part, ".")) continue;
        if (!strcmp(part, "..")) {
            while (end > path && *--end != '/') {}
            continue;
        }
        if (end - path + strlen(part) + 2 > PATH_MAX) return 0;
        end += sprintf(end, "/%s", part);
    }
    *end = 0;
    return !strncmp(path, folder, folder_length) && (path[folder_length] == '/' || !path[folder_length]);
}

static int resolve_handle(int handle, char *path) {
    char link[64];
    if (!shared) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return !strncmp(path, folder, folder_length) && (path[folder_length] == '/' || !path[folder_length]);
}

/* Counts a call; returns the error with which it must fail, or -1 if a full disk takes half of what is written. */
static int count(const char *name, const char *path, int frees) {
    long number = atomic_fetch_add(&shared->calls, 1) + 1;
    if (!at && !is_power) record("call\t%s\n", name);
    if (!at || number < at || number >= at + calls) return 0;
    if (is_power) {
        record("killed\t%s\t%s\n", name, path);
        kill(0, SIGKILL);
        for (;;) pause();
    }
    if (!fault || (fault == ENOSPC && frees)) return 0;
    if (number == at) record("failed\t%s\t%s\n", name, path);
    return fault == ENOSPC && number == at && strstr(name, "write") ? -1 : fault;
}

#define FAIL_IF(error) do { int one = (error); if (one) { errno = one < 0 ? ENOSPC : one; return -1; } } while (0)

static void lock(void) {
    while (is_power && atomic_exchange(&shared->lock, 1)) sched_yield();
}

static void unlock(void) {
    if (is_power) atomic_store(&shared->lock, 0);
}

/* ---------------------------------------------------------------------------------------------- contents */

ssize_t write(int handle, const void *bytes, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    char path[PATH_MAX];
    if (resolve_handle(handle, path)) {
        int found = count("write", path, 0);
        if (found < 0 && size > 1) return real(handle, bytes, size / 2);
        FAIL_IF(found);
    }
    return real(handle, bytes, size);
}

ssize_t pwrite64(int handle, const void *bytes, size_t size, off64_t place) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    char path[PATH_MAX];
    if (resolve_handle(handle, path)) {
        int found = count("pwrite", path, 0);
        if (found < 0 && size > 1) return real(handle, bytes, size / 2, place);
        FAIL_IF(found);
    }
    return real(handle, bytes, size, place);
}
ssize_t pwrite(int, const void *, size_t, off_t) __attribute__((alias("pwrite64")));

ssize_t writev(int handle, const struct iovec *parts, int number) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    char path[PATH_MAX];
    if (resolve_handle(handle, path)) FAIL_IF(count("writev", path, 0));
    return real(handle, parts, number);
}

ssize_t sendfile64(int to, int from, off64_t *place, size_t size) {
    REAL(ssize_t, "sendfile64", int, int, off64_t *, size_t);
    char path[PATH_MAX];
    if (resolve_handle(to, path)) FAIL_IF(count("sendfile", path, 0));
    return real(to, from, place, size);
}

ssize_t copy_file_range(int from, off64_t *there, int to, off64_t *here, size_t size, unsigned flags) {
    REAL(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned);
    char path[PATH_MAX];
    if (resolve_handle(to, path)) FAIL_IF(count("copy_file_range", path, 0));
    return real(from, there, to, here, size, flags);
}

int ftruncate64(int handle, off64_t size) {
    REAL(int, "ftruncate64", int, off64_t);
    char path[PATH_MAX];
    if (resolve_handle(handle, path)) FAIL_IF(count("ftruncate", path, 0));
    return real(handle, size);
}
int ftruncate(int, off_t) __attribute__((alias("ftruncate64")));

int truncate64(const char *name, off64_t size) {
    REAL(int, "truncate64", const char *, off64_t);
    char path[PATH_MAX];
    if (resolve(AT_FDCWD, name, path)) FAIL_IF(count("truncate", path, 0));
    return real(name, size);
}
int truncate(const char *, off_t) __attribute__((alias("truncate64")));

int fallocate64(int handle, int mode, off64_t place, off64_t size) {
    REAL(int, "fallocate64", int, int, off64_t, off64_t);
    char path[PATH_MAX];
    if (resolve_handle(handle, path)) FAIL_IF(count("fallocate", path, mode & FALLOC_FL_PUNCH_HOLE));
    return real(handle, mode, place, size);
}
int fallocate(int, int, off_t, off_t) __attribute__((alias("fallocate64")));

/* Copies what a handle holds, by system calls of its own. */
static void keep(int handle, const char *path) {
    struct stat64 found;
    char source[64], copy[PATH_MAX + 32], buffer[1 << 16];
    if (fstat64(handle, &found)) return;
    if (S_ISDIR(found.st_mode)) {
        record("synced\t%s\n", path);
        return;
    }
    int number = atomic_fetch_add(&shared->copies, 1) + 1;
    snprintf(source, sizeof source, "/proc/self/fd/%d", handle);
    snprintf(copy, sizeof copy, "%s/%d", state, number);
    int from = syscall(SYS_openat, AT_FDCWD, source, O_RDONLY | O_CLOEXEC);
    int to = syscall(SYS_openat, AT_FDCWD, copy, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (from < 0 || to < 0) abort();
    for (ssize_t size; (size = syscall(SYS_read, from, buffer, sizeof buffer)) > 0;)
        if (syscall(SYS_write, to, buffer, size) != size) abort();
    struct timespec times[2] = {found.st_atim, found.st_mtim};
    syscall(SYS_utimensat, to, NULL, times, 0);
    syscall(SYS_close, from);
    syscall(SYS_close, to);
    record("kept\t%lu\t%d\n", (unsigned long)found.st_ino, number);
}

#define SYNCS(name) \
    int name(int handle) { \
        REAL(int, #name, int); \
        char path[PATH_MAX]; \
        if (!resolve_handle(handle, path)) return real(handle); \
        FAIL_IF(count(#name, path, 0)); \
        if (!is_power) return 0; /* the disk of the tests need not wait */ \
        lock(); \
        keep(handle, path); \
        unlock(); \
        return 0; \
    }
SYNCS(fsync)
SYNCS(fdatasync)

/* ------------------------------------------------------------------------------------------------- names */

static unsigned long inode(const char *path) {
    struct stat64 found;
    return lstat64(path, &found) ? 0 : (unsigned long)found.st_ino;
}

#define CHANGES(call, path, frees, then) do { \
        FAIL_IF(count(__func__, path, frees)); \
        lock(); \
        int done = call; \
        if (!done && is_power) then; \
        unlock(); \
        return done; \
    } while (0)

int openat64(int base, const char *name, int flags, ...) {
    REAL(int, "openat64", int, const char *, int, ...);
    char path[PATH_MAX];
    va_list words;
    va_start(words, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(words, mode_t) : 0;
    va_end(words);
    if (!(flags & (O_CREAT | O_TRUNC)) || !resolve(base, name, path)) return real(base, name, flags, mode);
    FAIL_IF(count("open", path, 0));
    lock();
    int is_new = !inode(path), handle = real(base, name, flags, mode);
    if (handle >= 0 && is_new && is_power) record("made\tfile\t%lu\t%s\n", inode(path), path);
    unlock();
    return handle;
}
int openat(int, const char *, int, ...) __attribute__((alias("openat64")));

int open64(const char *name, int flags, ...) {
    va_list words;
    va_start(words, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(words, mode_t) : 0;
    va_end(words);
    return openat64(AT_FDCWD, name, flags, mode);
}
int open(const char *, int, ...) __attribute__((alias("open64")));

FILE *fopen64(const char *name, const char *mode) {
    REAL(FILE *, "fopen64", const char *, const char *);
    char path[PATH_MAX];
    if (mode[0] == 'r' || !resolve(AT_FDCWD, name, path)) return real(name, mode);
    if ((errno = count("fopen", path, 0))) return NULL;
    lock();
    int is_new = !inode(path);
    FILE *file = real(name, mode);
    if (file && is_new && is_power) record("made\tfile\t%lu\t%s\n", inode(path), path);
    unlock();
    return file;
}
FILE *fopen(const char *, const char *) __attribute__((alias("fopen64")));

int mkdirat(int base, const char *name, mode_t mode) {
    REAL(int, "mkdirat", int, const char *, mode_t);
    char path[PATH_MAX];
    if (!resolve(base, name, path) || inode(path)) return real(base, name, mode);
    CHANGES(real(base, name, mode), path, 0, record("made\tfolder\t%lu\t%s\n", inode(path), path));
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

int symlinkat(const char *target, int base, const char *name) {
    REAL(int, "symlinkat", const char *, int, const char *);
    char path[PATH_MAX];
    if (!resolve(base, name, path)) return real(target, base, name);
    CHANGES(real(target, base, name), path, 0, record("made\t%s\t%lu\t%s\n", target, inode(path), path));
}
int symlink(const char *target, const char *name) { return symlinkat(target, AT_FDCWD, name); }

int linkat(int old_base, const char *old_name, int base, const char *name, int flags) {
    REAL(int, "linkat", int, const char *, int, const char *, int);
    char old[PATH_MAX], path[PATH_MAX];
    if (!resolve(base, name, path) || !resolve(old_base, old_name, old)) return real(old_base, old_name, base, name, flags);
    CHANGES(real(old_base, old_name, base, name, flags), path, 0, record("linked\t%s\t%s\n", old, path));
}
int link(const char *old, const char *name) { return linkat(AT_FDCWD, old, AT_FDCWD, name, 0); }

int renameat(int old_base, const char *old_name, int base, const char *name) {
    REAL(int, "renameat", int, const char *, int, const char *);
    char old[PATH_MAX], path[PATH_MAX];
    if (!resolve(base, name, path) || !resolve(old_base, old_name, old)) return real(old_base, old_name, base, name);
    CHANGES(real(old_base, old_name, base, name), path, 0, record("moved\t%s\t%s\n", old, path));
}
int rename(const char *old, const char *name) { return renameat(AT_FDCWD, old, AT_FDCWD, name); }

int unlinkat(int base, const char *name, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    char path[PATH_MAX];
    if (!resolve(base, name, path) || !inode(path)) return real(base, name, flags);
    CHANGES(real(base, name, flags), path, 1, record("removed\t%s\n", path));
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }

int remove(const char *name) {
    struct stat64 found;
    if (lstat64(name, &found)) return -1;
    return unlinkat(AT_FDCWD, name, S_ISDIR(found.st_mode) ? AT_REMOVEDIR : 0);
}
