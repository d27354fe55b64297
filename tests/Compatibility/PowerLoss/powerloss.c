/*
 * Preloaded into a broker, it writes down all that the process does to the files below one folder, so that after a kill
 * the folder can be made what a loss of power would have left of it (Platter.cs does that). A kill alone proves nothing
 * about flushes: the kernel keeps its page cache.
 *
 *   POWERLOSS_ROOT      the folder
 *   POWERLOSS_JOURNAL   where to write it down; outside the folder
 *   POWERLOSS_SKIP      flushes that are answered and not made, as CALL:PATTERN,... : a disk, or a build, that skips one;
 *                       with syncfs-names for CALL all files are flushed by syncfs, and no folder is
 *
 * Each call is a record before it is made, with all its bytes, and one more with what came of it. Calls that change
 * something are made one at a time, so the records have their order. A flush is made outside of that: what is written
 * while it runs stands behind its first record, and is not taken for flushed by it.
 *
 * A call that is not written down would make a loss of power look harmless. So one that changes files in a way unknown
 * here ends the process, and the reader compares what was written down with the folder itself.
 *
 * .NET's own native library calls libc through its symbols, which a preloaded library takes over. The product's own
 * imports ask dlsym of libc's handle, which knows nothing of that; hence dlsym is taken over, too.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST_FILES = 1 << 16 };

/* The same numbers in JournalKind.cs. */
enum kind { END = 1, OPEN, CLOSE, WRITE, LENGTH, RENAME, UNLINK, MKDIR, RMDIR, FLUSH, FLUSH_FOLDER, FLUSH_DISK };

struct header {
  uint32_t kind;
  uint32_t flags;
  uint64_t serial;
  uint64_t file;
  int64_t offset;
  uint32_t path;
  uint32_t other;
  uint64_t data;
};

struct open_file {
  uint64_t file; /* 0: none of ours */
  int is_folder;
  int appends;
  char *path;
};

static pthread_once_t s_once = PTHREAD_ONCE_INIT;
static pthread_mutex_t s_lock = PTHREAD_MUTEX_INITIALIZER;
static struct open_file s_files[MOST_FILES];
static const char *s_root;
static const char *s_skip;
static size_t s_root_length;
static int s_journal = -1;
static uint64_t s_serial;

static void fail(const char *what) {
  char text[256];
  int length = snprintf(text, sizeof text, "powerloss: %s: %s\n", what, strerror(errno));
  if (syscall(SYS_write, 2, text, (size_t)length) < 0) abort();
  abort();
}

static void start(void) {
  const char *journal = getenv("POWERLOSS_JOURNAL");
  s_root = getenv("POWERLOSS_ROOT");
  s_skip = getenv("POWERLOSS_SKIP");
  if (!s_root || !journal) return;
  s_root_length = strlen(s_root);
  s_journal = (int)syscall(SYS_openat, AT_FDCWD, journal, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (s_journal < 0) fail("the journal cannot be opened");
}

static int watches(void) {
  pthread_once(&s_once, start);
  return s_journal >= 0;
}

/* The path below the root; 0 where it is not there. */
static int below(int folder, const char *path, char *found) {
  char whole[PATH_MAX * 2];
  const char *tail;
  if (!watches() || !path) return 0;
  if (path[0] == '/') {
    snprintf(whole, sizeof whole, "%s", path);
  } else {
    char base[PATH_MAX];
    if (folder == AT_FDCWD) {
      if (!getcwd(base, sizeof base)) return 0;
    } else {
      char link[64];
      snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
      ssize_t length = readlink(link, base, sizeof base - 1);
      if (length < 0) return 0;
      base[length] = 0;
    }
    snprintf(whole, sizeof whole, "%s/%s", base, path);
  }
  if (strncmp(whole, s_root, s_root_length) != 0) return 0;
  tail = whole + s_root_length;
  if (*tail != 0 && *tail != '/') return 0;
  while (*tail == '/') tail++;
  snprintf(found, PATH_MAX, "%s", tail);
  size_t length = strlen(found);
  while (length > 0 && found[length - 1] == '/') found[--length] = 0;
  return 1;
}

static void put(const struct iovec *parts, int count) {
  struct iovec left[5];
  memcpy(left, parts, sizeof(struct iovec) * (size_t)count);
  for (int i = 0; i < count;) {
    ssize_t written = syscall(SYS_writev, s_journal, left + i, count - i);
    if (written < 0) {
      if (errno == EINTR) continue;
      fail("the journal cannot be written");
    }
    while (i < count && (size_t)written >= left[i].iov_len) written -= (ssize_t)left[i++].iov_len;
    if (i < count) {
      left[i].iov_base = (char *)left[i].iov_base + written;
      left[i].iov_len -= (size_t)written;
    }
  }
}

static uint64_t begin(enum kind kind, uint32_t flags, uint64_t file, int64_t offset, const char *path, const char *other, const void *data, size_t length) {
  struct header header = {kind, flags, ++s_serial, file, offset, path ? (uint32_t)strlen(path) : 0, other ? (uint32_t)strlen(other) : 0, length};
  struct iovec parts[] = {{&header, sizeof header}, {(void *)path, header.path}, {(void *)other, header.other}, {(void *)data, length}};
  put(parts, 4);
  return header.serial;
}

static long end(uint64_t serial, long result) {
  int error = errno;
  struct header header = {END, 0, serial, 0, result, 0, 0, 0};
  struct iovec part = {&header, sizeof header};
  put(&part, 1);
  errno = error;
  return result;
}

static struct open_file *ours(int fd) {
  return watches() && fd >= 0 && fd < MOST_FILES && s_files[fd].file ? &s_files[fd] : NULL;
}

static void forget(int fd) {
  if (fd < 0 || fd >= MOST_FILES) return;
  free(s_files[fd].path);
  memset(&s_files[fd], 0, sizeof s_files[fd]);
}

static int open_at(int folder, const char *path, int flags, mode_t mode) {
  char found[PATH_MAX];
  if (!below(folder, path, found)) return (int)syscall(SYS_openat, folder, path, flags, mode);
  if ((flags & O_TMPFILE) == O_TMPFILE) fail("a file without a name");
  pthread_mutex_lock(&s_lock);
  uint32_t told = ((flags & O_CREAT) ? 1u : 0) | ((flags & O_TRUNC) ? 2u : 0);
  struct header header = {OPEN, told, ++s_serial, s_serial, 0, (uint32_t)strlen(found), 0, 0};
  header.file = header.serial;
  struct iovec parts[] = {{&header, sizeof header}, {found, header.path}};
  put(parts, 2);
  int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
  int is_folder = 0;
  if (fd >= 0) {
    struct stat about;
    if (fd >= MOST_FILES) fail("too many files");
    if (fstat(fd, &about) != 0) fail("an open file that cannot be asked");
    is_folder = S_ISDIR(about.st_mode);
    forget(fd);
    s_files[fd] = (struct open_file){header.serial, is_folder, (flags & O_APPEND) != 0, strdup(found)};
  }
  end(header.serial, fd < 0 ? -1 : is_folder ? 1 : 0);
  pthread_mutex_unlock(&s_lock);
  return fd;
}

#define MODE_OF(flags, last) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list more; \
    va_start(more, last); \
    mode = va_arg(more, mode_t); \
    va_end(more); \
  }

int open(const char *path, int flags, ...) { MODE_OF(flags, flags) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags, flags) return open_at(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE_OF(flags, flags) return open_at(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE_OF(flags, flags) return open_at(folder, path, flags, mode); }
int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }
int __open_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __openat_2(int folder, const char *path, int flags) { return open_at(folder, path, flags, 0); }
int __openat64_2(int folder, const char *path, int flags) { return open_at(folder, path, flags, 0); }

int close(int fd) {
  if (!ours(fd)) return (int)syscall(SYS_close, fd);
  pthread_mutex_lock(&s_lock);
  /* Forgotten before the number can be given to another. */
  uint64_t serial = begin(CLOSE, 0, s_files[fd].file, 0, NULL, NULL, NULL, 0);
  forget(fd);
  int result = (int)end(serial, syscall(SYS_close, fd));
  pthread_mutex_unlock(&s_lock);
  return result;
}

static ssize_t write_at(int fd, const void *bytes, size_t length, off_t offset, int moves) {
  pthread_mutex_lock(&s_lock);
  struct open_file *file = &s_files[fd];
  struct stat about;
  if (file->appends && fstat(fd, &about) == 0) offset = about.st_size;
  else if (moves) offset = (off_t)syscall(SYS_lseek, fd, 0, SEEK_CUR);
  uint64_t serial = begin(WRITE, 0, file->file, offset, NULL, NULL, bytes, length);
  ssize_t result = end(serial, moves ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, offset));
  pthread_mutex_unlock(&s_lock);
  return result;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  return ours(fd) ? write_at(fd, bytes, length, 0, 1) : syscall(SYS_write, fd, bytes, length);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  return ours(fd) ? write_at(fd, bytes, length, offset, 0) : syscall(SYS_pwrite64, fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return pwrite(fd, bytes, length, offset); }

/* Of several parts the first is written: a short write, as any may be, and the caller goes on with the rest. */
static ssize_t write_first(int fd, const struct iovec *parts, int count, off_t offset, int moves) {
  for (int i = 0; i < count; i++) {
    if (parts[i].iov_len > 0) return write_at(fd, parts[i].iov_base, parts[i].iov_len, offset, moves);
  }
  return 0;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  return ours(fd) ? write_first(fd, parts, count, 0, 1) : syscall(SYS_writev, fd, parts, count);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  return ours(fd) ? write_first(fd, parts, count, offset, 0) : syscall(SYS_pwritev, fd, parts, count, offset, 0);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) { return pwritev(fd, parts, count, offset); }

int ftruncate(int fd, off_t length) {
  if (!ours(fd)) return (int)syscall(SYS_ftruncate, fd, length);
  pthread_mutex_lock(&s_lock);
  uint64_t serial = begin(LENGTH, 0, s_files[fd].file, length, NULL, NULL, NULL, 0);
  int result = (int)end(serial, syscall(SYS_ftruncate, fd, length));
  pthread_mutex_unlock(&s_lock);
  return result;
}

int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

static int change(enum kind kind, int folder, const char *path, int other_folder, const char *other, unsigned flags) {
  char found[PATH_MAX], second[PATH_MAX];
  int known = below(folder, path, found);
  int both = other ? below(other_folder, other, second) : known;
  if (known != both) fail("a rename into the folder or out of it");
  if (known && kind == RENAME && flags != 0) fail("a rename of another kind");
  if (known) pthread_mutex_lock(&s_lock);
  uint64_t serial = known ? begin(kind, 0, 0, 0, found, other ? second : NULL, NULL, 0) : 0;
  long result = kind == RENAME ? syscall(SYS_renameat2, folder, path, other_folder, other, flags)
    : kind == MKDIR ? syscall(SYS_mkdirat, folder, path, (mode_t)flags)
    : syscall(SYS_unlinkat, folder, path, kind == RMDIR ? AT_REMOVEDIR : 0);
  if (!known) return (int)result;
  end(serial, result);
  pthread_mutex_unlock(&s_lock);
  return (int)result;
}

int rename(const char *from, const char *to) { return change(RENAME, AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int a, const char *from, int b, const char *to) { return change(RENAME, a, from, b, to, 0); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { return change(RENAME, a, from, b, to, flags); }
int unlink(const char *path) { return change(UNLINK, AT_FDCWD, path, 0, NULL, 0); }
int unlinkat(int folder, const char *path, int flags) { return change(flags & AT_REMOVEDIR ? RMDIR : UNLINK, folder, path, 0, NULL, 0); }
int rmdir(const char *path) { return change(RMDIR, AT_FDCWD, path, 0, NULL, 0); }
int mkdir(const char *path, mode_t mode) { return change(MKDIR, AT_FDCWD, path, 0, NULL, mode); }
int mkdirat(int folder, const char *path, mode_t mode) { return change(MKDIR, folder, path, 0, NULL, mode); }

static int is_skipped(const char *call, const char *path) {
  char list[1024], *state = NULL;
  if (!s_skip) return 0;
  snprintf(list, sizeof list, "%s", s_skip);
  for (char *one = strtok_r(list, ",", &state); one; one = strtok_r(NULL, ",", &state)) {
    char *pattern = strchr(one, ':');
    if (!pattern) fail("a flush to be skipped is CALL:PATTERN");
    *pattern++ = 0;
    if (strcmp(one, call) == 0 && fnmatch(pattern, path, 0) == 0) return 1;
  }
  return 0;
}

static int flush(int fd, const char *call, long number) {
  if (!ours(fd)) return (int)syscall(number, fd);
  pthread_mutex_lock(&s_lock);
  struct open_file *file = &s_files[fd];
  if (is_skipped(call, file->path)) {
    pthread_mutex_unlock(&s_lock);
    return 0;
  }
  enum kind kind = number == SYS_syncfs ? FLUSH_DISK : file->is_folder ? FLUSH_FOLDER : FLUSH;
  uint32_t only_bytes = kind == FLUSH_DISK && is_skipped("syncfs-names", file->path);
  uint64_t serial = begin(kind, only_bytes, file->file, 0, file->path, NULL, NULL, 0);
  pthread_mutex_unlock(&s_lock);
  int result = (int)syscall(number, fd);
  int error = errno;
  pthread_mutex_lock(&s_lock);
  end(serial, result);
  pthread_mutex_unlock(&s_lock);
  errno = error;
  return result;
}

int fsync(int fd) { return flush(fd, "fsync", SYS_fsync); }
int fdatasync(int fd) { return flush(fd, "fdatasync", SYS_fdatasync); }
int syncfs(int fd) { return flush(fd, "syncfs", SYS_syncfs); }

int fallocate(int fd, int mode, off_t offset, off_t length) {
  if (ours(fd) && mode != FALLOC_FL_KEEP_SIZE) fail("fallocate that changes a file");
  return (int)syscall(SYS_fallocate, fd, mode, offset, length);
}

int fallocate64(int fd, int mode, off64_t offset, off64_t length) { return fallocate(fd, mode, offset, length); }

/* What changes files and is not used so far: refused, so that it does not pass unseen. */

int posix_fallocate(int fd, off_t offset, off_t length) {
  if (ours(fd)) fail("posix_fallocate");
  return syscall(SYS_fallocate, fd, 0, offset, length) == 0 ? 0 : errno;
}

int posix_fallocate64(int fd, off64_t offset, off64_t length) { return posix_fallocate(fd, offset, length); }

int truncate(const char *path, off_t length) {
  char found[PATH_MAX];
  if (below(AT_FDCWD, path, found)) fail("truncate");
  return (int)syscall(SYS_truncate, path, length);
}

int truncate64(const char *path, off64_t length) { return truncate(path, length); }

ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t length, unsigned flags) {
  if (ours(to)) fail("copy_file_range");
  return syscall(SYS_copy_file_range, from, a, to, b, length, flags);
}

ssize_t sendfile(int to, int from, off_t *offset, size_t length) {
  if (ours(to)) fail("sendfile into a file");
  return syscall(SYS_sendfile, to, from, offset, length);
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t length) { return sendfile(to, from, offset, length); }

int link(const char *from, const char *to) {
  char found[PATH_MAX];
  if (below(AT_FDCWD, from, found) || below(AT_FDCWD, to, found)) fail("link");
  return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int symlink(const char *from, const char *to) {
  char found[PATH_MAX];
  if (below(AT_FDCWD, to, found)) fail("symlink");
  return (int)syscall(SYS_symlinkat, from, AT_FDCWD, to);
}

int dup(int fd) {
  if (ours(fd)) fail("dup");
  return (int)syscall(SYS_dup, fd);
}

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  if (fd >= 0 && (protection & PROT_WRITE) && (flags & MAP_SHARED) && ours(fd)) fail("a mapping that is written");
  return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}

void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset) { return mmap(at, length, protection, flags, fd, offset); }

typedef void *(*finder)(void *, const char *);

static finder s_dlsym;

static void find_dlsym(void) {
  static const char *versions[] = {"GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5"};
  for (size_t i = 0; !s_dlsym && i < sizeof versions / sizeof *versions; i++) s_dlsym = (finder)dlvsym(RTLD_NEXT, "dlsym", versions[i]);
  if (!s_dlsym) fail("there is no dlsym");
}

void *dlsym(void *library, const char *name) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  static const struct { const char *name; void *call; } taken[] = {
#define TAKEN(call) {#call, (void *)call}
    TAKEN(open), TAKEN(open64), TAKEN(openat), TAKEN(openat64), TAKEN(creat), TAKEN(close), TAKEN(write), TAKEN(pwrite), TAKEN(pwrite64),
    TAKEN(writev), TAKEN(pwritev), TAKEN(pwritev64), TAKEN(ftruncate), TAKEN(ftruncate64), TAKEN(truncate), TAKEN(rename), TAKEN(renameat),
    TAKEN(renameat2), TAKEN(unlink), TAKEN(unlinkat), TAKEN(rmdir), TAKEN(mkdir), TAKEN(mkdirat), TAKEN(fsync), TAKEN(fdatasync),
    TAKEN(syncfs), TAKEN(fallocate), TAKEN(posix_fallocate), TAKEN(copy_file_range), TAKEN(link), TAKEN(symlink), TAKEN(mmap),
  };
  pthread_once(&once, find_dlsym);
  for (size_t i = 0; library != RTLD_NEXT && i < sizeof taken / sizeof *taken; i++) {
    if (strcmp(taken[i].name, name) == 0) return taken[i].call;
  }
  return s_dlsym(library, name);
}
