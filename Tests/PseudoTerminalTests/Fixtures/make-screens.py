"""Writes screens.json: random output of programs, and what tmux 3.x makes of it on a screen of 20 x 6.

    python3 make-screens.py        needs tmux
"""

import json
import random
import subprocess
import tempfile

COLUMNS, ROWS, CASES = 20, 6, 60
SEQUENCES = "A B C D E F G d H J K X @ P L M S T r b Z".split()
OTHERS = ["\r", "\n", "\b", "\t", "\x1bM", "\x1bD", "\x1bE", "\x1b7", "\x1b8",
          "\x1b[?1049h", "\x1b[?1049l", "\x1b[31;1m", "\x1b[m", "\x1b[4h", "\x1b[4l",
          "\x1b[?7l", "\x1b[?7h", "\x1b[?6h", "\x1b[?6l", "\x1b]0;title\x07", "\x1b[?2026h"]


# Terminals differ in what becomes of the halves of wide characters.
NARROW = ["@", "P", "X", "\x1b[4h"]


def part(generator, wide):
    kind = generator.random()
    if kind < 0.45:
        # Not into the last column, from where terminals go on differently.
        row, column = generator.randint(1, ROWS), generator.randint(1, COLUMNS - 5)
        letters = "漢字é" if wide else "abcdefghé⠿ "
        count = (COLUMNS - column) // (2 if wide else 1)
        run = "".join(generator.choice(letters) for _ in range(generator.randint(1, count)))
        return f"\x1b[{row};{column}H{run}"
    if kind < 0.75:
        final = generator.choice([each for each in SEQUENCES if not wide or each not in NARROW])
        if final in "JK":
            return f"\x1b[{generator.choice(['', '0', '1', '2'])}{final}"
        if final == "b":
            return f"\x1b[{generator.randint(1, ROWS)};5Hx\x1b[{generator.randint(1, 9)}b"
        if final in "Hr":
            return f"\x1b[{generator.randint(1, ROWS)};{generator.randint(1, COLUMNS)}{final}"
        return f"\x1b[{generator.choice(['', str(generator.randint(1, 8))])}{final}"
    return generator.choice([each for each in OTHERS if not wide or each not in NARROW])


def tmux(*arguments):
    return subprocess.run(["tmux", "-L", "screens", *arguments], check=True, capture_output=True,
                          text=True).stdout


def screen(text):
    with tempfile.NamedTemporaryFile("w", newline="") as file:
        file.write(text)
        file.flush()
        tmux("new-session", "-d", "-s", "case", "-x", str(COLUMNS), "-y", str(ROWS),
             f"stty -opost; cat {file.name}; tmux -L screens wait-for -S shown; cat")
        tmux("wait-for", "shown")
        # What was written before is read before the window is asked for anything.
        lines = tmux("capture-pane", "-p", "-t", "case").split("\n")[:ROWS]
        column, row = tmux("display-message", "-p", "-t", "case", "#{cursor_x} #{cursor_y}").split()
        tmux("kill-session", "-t", "case")
    return {"text": text, "lines": [line.rstrip(" ") for line in lines],
            "cursor": [int(column), int(row)]}


with tempfile.NamedTemporaryFile("w") as settings:
    settings.write("set -g status off\n")
    settings.flush()
    tmux("-u", "-f", settings.name, "new-session", "-d", "-s", "keep", "cat")
generator = random.Random(7)
cases = [screen("".join(part(generator, number % 3 == 0) for _ in range(generator.randint(4, 25))))
         for number in range(CASES)]
tmux("kill-server")
with open("screens.json", "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(case, ensure_ascii=True) for case in cases) + "\n]\n")
