// What Swift cannot call of ncursesw: macros, variadic functions, stdscr, cchar_t; and the signal handlers,
// which must be async-signal-safe and so cannot be Swift.
#pragma once
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#define MAIN_ACTOR __attribute__((swift_attr("@MainActor")))

// Is there a description of that terminal, and can it move the cursor? Leaves the terminal alone.
// Returns 0, 1 (no description) or 2 (no cursor movement); `colors` receives how many colours it has.
MAIN_ACTOR int cn_probe(const char *name, int *colors);
// Starts ncurses on standard input and output; false if it cannot.
MAIN_ACTOR bool cn_start(const char *name);
// Leaves ncurses' screen and frees it.
MAIN_ACTOR void cn_stop(void);
// The value of a string capability, or NULL.
MAIN_ACTOR const char *cn_capability(const char *name);

MAIN_ACTOR static inline int cn_rows(void) { return getmaxy(stdscr); }
MAIN_ACTOR static inline int cn_columns(void) { return getmaxx(stdscr); }
MAIN_ACTOR static inline int cn_color_pairs(void) { return COLOR_PAIRS; }
MAIN_ACTOR static inline void cn_resize(int rows, int columns) { resizeterm(rows, columns); }
MAIN_ACTOR static inline void cn_end(void) { endwin(); }
MAIN_ACTOR static inline void cn_clear(void) { werase(stdscr); }
MAIN_ACTOR static inline void cn_redraw_all(void) { clearok(curscr, TRUE); }
MAIN_ACTOR static inline void cn_update(void) { wnoutrefresh(stdscr); doupdate(); }
MAIN_ACTOR static inline void cn_define_pair(int pair, int foreground, int background) {
  init_extended_pair(pair, foreground, background);
}
MAIN_ACTOR static inline void cn_cursor(bool visible, int row, int column) {
  curs_set(visible ? 1 : 0);
  if (visible) wmove(stdscr, row, column);
}
// Puts a base character and its marks, `text` ended by 0.
MAIN_ACTOR static inline void cn_put(int row, int column, const wchar_t *text, attr_t attributes, int pair) {
  cchar_t cell;
  if (setcchar(&cell, text, attributes, 0, &pair) == OK) mvwadd_wch(stdscr, row, column, &cell);
}
// The columns that the C library thinks a character takes; -1 if it does not know it.
int cn_width(wchar_t character);
// The character encoding of the locale is set from the environment; to UTF-8 by another locale if that is asked for
// and the environment's does not do it. Returns whether it is UTF-8.
MAIN_ACTOR bool cn_set_locale(bool utf8);

static const attr_t cn_bold = A_BOLD, cn_dim = A_DIM, cn_reverse = A_REVERSE, cn_underline = A_UNDERLINE,
                    cn_italic = A_ITALIC;

// A pipe whose both ends do not block and are closed on exec; 0 or -1.
int cn_pipe(int ends[2]);

// From now on SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT and SIGWINCH write their number to `descriptor`.
MAIN_ACTOR void cn_remember_signals(void);
MAIN_ACTOR void cn_catch_signals(int descriptor);
MAIN_ACTOR void cn_restore_signals(void);
// Stops the process as SIGTSTP does by default, returns when it goes on.
MAIN_ACTOR void cn_stop_process(void);

// Remembers the terminal's settings, to be restored by cn_restore_settings and after a crash.
MAIN_ACTOR void cn_save_settings(void);
MAIN_ACTOR void cn_restore_settings(bool drop_input);
// On a crash or exit(): writes `reset`, restores the settings, copies `captured` to `standard_error`
// (-1: neither), then does what would have been done without it.
MAIN_ACTOR void cn_arm(const char *reset, size_t length, int standard_error, int captured);
MAIN_ACTOR void cn_disarm(void);
