#if !defined(_XOPEN_SOURCE) && !defined(__APPLE__)
#define _XOPEN_SOURCE 700  // wcwidth
#define _DEFAULT_SOURCE
#endif
#include "CNcurses.h"
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>

static SCREEN *screen;

int cn_probe(const char *name, int *colors) {
  int error = 0;
  if (setupterm(name, 1, &error) != OK) return 1;
  const char *move = tigetstr("cup");
  bool moves = move != NULL && move != (const char *)-1;
  *colors = tigetnum("colors");
  del_curterm(cur_term);
  return moves ? 0 : 2;
}

bool cn_start(const char *name) {
  if (screen != NULL) return false;
  screen = newterm(name, stdout, stdin);
  if (screen == NULL) return false;
  raw();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  return true;
}

void cn_stop(void) {
  if (screen == NULL) return;
  if (!isendwin()) endwin();
  delscreen(screen);
  screen = NULL;
}

const char *cn_capability(const char *name) {
  const char *value = tigetstr(name);
  return value == (const char *)-1 ? NULL : value;
}

static bool is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

bool cn_set_locale(bool utf8) {
  // One that is not installed is refused, and nothing but ASCII is left.
  static const char *const standins[] = {"C.UTF-8", "en_US.UTF-8"};
  setlocale(LC_CTYPE, "");
  for (size_t i = 0; utf8 && !is_utf8() && i < sizeof standins / sizeof *standins; i++)
    setlocale(LC_CTYPE, standins[i]);
  return is_utf8();
}

int cn_width(wchar_t character) { return wcwidth(character); }
