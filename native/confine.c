// Starts the engine process with what it is meant to have and no more:
//
//   lanner-confine KEEP PROGRAM ARGUMENT…
//
// Descriptors from number KEEP on are closed, whoever passed them on. io_uring does not exist for
// the program: it makes system calls that a filter never sees, and Node would have made a ring
// before its own code can run. The rest of the jail waits until the engine has loaded its code
// (jail.cc), since an unprivileged user may not be able to read it.
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { USAGE = 2, NOT_EXECUTABLE = 126, FIRST_CLOSED_MIN = 3 };
// The same numbers on all architectures; older headers lack the names.
enum { NR_IO_URING_SETUP = 425, NR_CLOSE_RANGE = 436 };

static void CloseFrom(int first) {
  if (syscall(NR_CLOSE_RANGE, first, ~0U, 0) == 0) return;
  // Linux 5.8 has no close_range.
  const long end = sysconf(_SC_OPEN_MAX);
  for (int fd = first; fd < end; fd++) close(fd);
}

// Where there is no seccomp, the jail has no filter that a ring could get around.
static void ForgetIoUring(void) {
  struct sock_filter filter[] = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, NR_IO_URING_SETUP},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  const struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), filter};
  prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char** argv) {
  const int keep = argc < 3 ? 0 : atoi(argv[1]);
  if (keep < FIRST_CLOSED_MIN) return USAGE;
  CloseFrom(keep);
  // The kernel asks for it before it takes a filter.
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ForgetIoUring();
  execv(argv[2], &argv[2]);
  fprintf(stderr, "cannot run %s: %s\n", argv[2], strerror(errno));
  return NOT_EXECUTABLE;
}
