"""The front panels' own instruments, on pygame: lamps, knobs, keys, meters and their loop.

Nothing here knows a particular machine. A panel is a table of widgets (``ui.panels``); this
package draws it, scales it to the window, feeds it mouse and keyboard, and lets the machine's
time pass. ``session`` is the part that knows no pygame: one machine, its speed, its undo.
"""

import os

# pygame prints a greeting on stdout unless told not to; stdout is for data.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
