#ifndef __APPLE__
#define _GNU_SOURCE
#endif
#include "CPseudoTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int cp_open_terminal(int rows, int columns, char *name, size_t length) {
  int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0) return -1;
  if (grantpt(terminal) != 0 || unlockpt(terminal) != 0 || ptsname_r(terminal, name, length) != 0 ||
      cp_resize(terminal, rows, columns) != 0) {
    close(terminal);
    return -1;
  }
  return terminal;
}

int cp_resize(int terminal, int rows, int columns) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  return ioctl(terminal, TIOCSWINSZ, &size);
}

int cp_pipe(int ends[2]) {
#ifdef __APPLE__
  if (pipe(ends) != 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return 0;
#else
  return pipe2(ends, O_CLOEXEC);
#endif
}

int cp_spawn(pid_t *process, const char *program, char *const arguments[], char *const environment[],
             const char *folder, const char *terminal, int output, int errors) {
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_init(&actions);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | (terminal != NULL ? POSIX_SPAWN_SETSID : 0);
  posix_spawnattr_setflags(&attributes, flags);
  // The first terminal that the leader of a session opens controls the session.
  int error = posix_spawn_file_actions_addopen(&actions, 0, terminal != NULL ? terminal : "/dev/null",
                                               terminal != NULL ? O_RDWR : O_RDONLY, 0);
  if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, output < 0 ? 0 : output, 1);
  if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, errors < 0 ? 0 : errors, 2);
  if (error == 0) error = posix_spawn_file_actions_addchdir_np(&actions, folder);
  if (error == 0) error = posix_spawn(process, program, &actions, &attributes, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error;
}
