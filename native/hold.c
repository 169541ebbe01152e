// Stands in for a command until it may run: waits for a word on descriptor 3, then becomes the
// command. So the agent knows the process id before the command's first system call, and the
// command gets its arguments, its environment and everything else as the agent got them. Nothing
// that happens before the exec that succeeds is captured (control.held_tgid in bpf/).
//
//   lanner-hold ARGUMENT…     each `=text`, or `#` and the bytes in hexadecimal (no zero byte)
//
// A word is 4 bytes. With its highest bit set it is the number of a descriptor that nobody has, to
// be closed: the agent looks whether it can see that. Any other one lets the command run. At the
// end of the words (the agent has gone) the command does not run.
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
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

// False at the end.
static bool Receive(int32_t* word) {
  size_t have = 0;
  while (have < sizeof *word) {
    const ssize_t got = read(GATE, (char*)word + have, sizeof *word - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    have += (size_t)got;
  }
  return true;
}

static int Become(char** command) {
  close(GATE);
  execvp(command[0], command);
  const int failure = errno;
  fprintf(stderr, "lanner: cannot run the command: %s\n", strerror(failure));
  return failure == ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
}

int main(int argc, char** argv) {
  if (argc < 2) return USAGE;
  for (int i = 1; i < argc; i++) {
    argv[i] = Decode(argv[i]);
    if (argv[i] == NULL) return USAGE;
  }
  int32_t word;
  while (Receive(&word)) {
    if (word >= 0) return Become(&argv[1]);
    close(word);
  }
  return USAGE;
}
