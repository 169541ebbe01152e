// Stands in for a command until it may run: waits for a byte on descriptor 3, then becomes the
// command. So the agent knows the process id before the command's first system call, and the
// command gets its arguments, its environment and everything else as the agent got them.
//
//   lanner-hold ARGUMENT…     each `=text`, or `#` and the bytes in hexadecimal (no zero byte)
//
// Without a byte (the agent has gone) the command does not run.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { GATE = 3, USAGE = 2, NOT_EXECUTABLE = 126, NOT_FOUND = 127 };

static int Digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Decodes in place; null when the argument is of neither form.
static char* Decode(char* argument) {
  if (argument[0] == '=') return argument + 1;
  if (argument[0] != '#') return NULL;
  char* out = argument;
  const char* in = argument + 1;
  for (; in[0] != '\0'; in += 2) {
    const int high = Digit(in[0]);
    const int low = high < 0 ? -1 : Digit(in[1]);
    if (low < 0 || high * 16 + low == 0) return NULL;
    *out++ = (char)(high * 16 + low);
  }
  *out = '\0';
  return argument;
}

int main(int argc, char** argv) {
  if (argc < 2) return USAGE;
  for (int i = 1; i < argc; i++) {
    argv[i] = Decode(argv[i]);
    if (argv[i] == NULL) return USAGE;
  }
  char byte;
  ssize_t got;
  do {
    got = read(GATE, &byte, 1);
  } while (got < 0 && errno == EINTR);
  if (got != 1) return USAGE;
  close(GATE);
  execvp(argv[1], &argv[1]);
  const int failure = errno;
  fprintf(stderr, "lanner: cannot run the command: %s\n", strerror(failure));
  return failure == ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
}
