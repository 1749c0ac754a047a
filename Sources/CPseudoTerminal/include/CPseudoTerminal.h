// What Swift cannot call of POSIX on every system: pseudo-terminals, and spawning with a session of one's own.
#pragma once
#include <stddef.h>
#include <sys/types.h>

// Opens a terminal of that size, closed on exec; writes the name of its other end. -1 if there is none to be had.
int cp_open_terminal(int rows, int columns, char *name, size_t length);
// Tells a terminal another size; the program on it gets SIGWINCH.
int cp_resize(int terminal, int rows, int columns);
// A pipe whose ends are closed on exec; 0 or -1.
int cp_pipe(int ends[2]);

// Starts a program in a folder, all signals as by default. With `terminal`, the name of one, it leads a session
// of its own there; otherwise its input is empty. `output` and `errors` are descriptors, -1 for the terminal.
// Returns 0 or an error number.
int cp_spawn(pid_t *process, const char *program, char *const arguments[], char *const environment[],
             const char *folder, const char *terminal, int output, int errors);
