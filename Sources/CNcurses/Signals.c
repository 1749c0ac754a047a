#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "CNcurses.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const int caught[] = {SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT, SIGWINCH};
static struct sigaction caught_before[COUNT(caught)];
static volatile sig_atomic_t signal_pipe = -1;

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
static struct sigaction crashes_before[COUNT(crashes)];
static struct termios settings;
static bool has_settings;
static char reset[1024];
static size_t reset_length;
static int real_stderr = -1, captured_stderr = -1;
static volatile sig_atomic_t armed;

int cn_pipe(int ends[2]) {
  if (pipe(ends) != 0) return -1;
  for (int i = 0; i < 2; i++) {
    fcntl(ends[i], F_SETFL, O_NONBLOCK);
    fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  }
  return 0;
}

static void pass_on(int signal) {
  int saved = errno;
  unsigned char byte = (unsigned char)signal;
  // A full pipe already wakes the reader.
  if (write(signal_pipe, &byte, 1) < 0) errno = 0;
  errno = saved;
}

void cn_remember_signals(void) {
  for (size_t i = 0; i < COUNT(caught); i++) sigaction(caught[i], NULL, &caught_before[i]);
}

void cn_catch_signals(int descriptor) {
  signal_pipe = descriptor;
  struct sigaction action = {.sa_handler = pass_on, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < COUNT(caught); i++) {
    // What the parent had ignored (nohup) stays ignored.
    if (caught_before[i].sa_handler != SIG_IGN) sigaction(caught[i], &action, NULL);
  }
}

void cn_restore_signals(void) {
  for (size_t i = 0; i < COUNT(caught); i++) sigaction(caught[i], &caught_before[i], NULL);
}

void cn_stop_process(void) {
  struct sigaction stop = {.sa_handler = SIG_DFL}, before;
  sigemptyset(&stop.sa_mask);
  sigaction(SIGTSTP, &stop, &before);
  raise(SIGTSTP);
  sigaction(SIGTSTP, &before, NULL);
}

void cn_save_settings(void) { has_settings = tcgetattr(STDIN_FILENO, &settings) == 0; }

void cn_restore_settings(bool drop_input) {
  if (has_settings) tcsetattr(STDIN_FILENO, drop_input ? TCSAFLUSH : TCSADRAIN, &settings);
}

static void copy_captured(void) {
  if (captured_stderr < 0) return;
  char block[4096];
  ssize_t count;
  dup2(real_stderr, STDERR_FILENO);
  lseek(captured_stderr, 0, SEEK_SET);
  while ((count = read(captured_stderr, block, sizeof block)) > 0)
    if (write(real_stderr, block, (size_t)count) < 0) break;
}

static void give_back(void) {
  if (!armed) return;
  armed = 0;
  if (write(STDOUT_FILENO, reset, reset_length) < 0) errno = 0;
  if (has_settings) tcsetattr(STDIN_FILENO, TCSANOW, &settings);
  copy_captured();
}

static void crashed(int signal, siginfo_t *info, void *context) {
  give_back();
  for (size_t i = 0; i < COUNT(crashes); i++) {
    if (crashes[i] != signal) continue;
    struct sigaction *before = &crashes_before[i];
    if (before->sa_flags & SA_SIGINFO) {
      before->sa_sigaction(signal, info, context);
    } else if (before->sa_handler != SIG_DFL && before->sa_handler != SIG_IGN) {
      before->sa_handler(signal);
    }
    // One that another process has sent does not come again by itself, and the screen is gone.
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigaction(signal, &standard, NULL);
    raise(signal);
  }
}

void cn_arm(const char *text, size_t length, int standard_error, int captured) {
  static char stack[64 * 1024];
  static bool registered;
  reset_length = length < sizeof reset ? length : sizeof reset;
  for (size_t i = 0; i < reset_length; i++) reset[i] = text[i];
  real_stderr = standard_error;
  captured_stderr = captured;
  if (!registered) atexit(give_back);
  registered = true;
  // A stack of its own, so that running out of stack can be handled as well.
  stack_t present;
  if (sigaltstack(NULL, &present) == 0 && (present.ss_flags & SS_DISABLE)) {
    stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&own, NULL);
  }
  if (!armed) {
    struct sigaction action = {.sa_sigaction = crashed, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < COUNT(crashes); i++) sigaction(crashes[i], &action, &crashes_before[i]);
  }
  armed = 1;
}

void cn_disarm(void) {
  if (!armed) return;
  armed = 0;
  for (size_t i = 0; i < COUNT(crashes); i++) sigaction(crashes[i], &crashes_before[i], NULL);
}
