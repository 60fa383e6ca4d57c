"""Mistakes of the user, worded for the user.

Anything a person can get wrong (a picture, a file, a number, a name) raises :class:`Mistake`
with one line that says what was wrong, where, and what would be right. The command line prints
that line and exits with status 2; a panel shows it in its status bar. Every other exception is a
defect of firstwave and is allowed to show its traceback.
"""

from __future__ import annotations


class Mistake(ValueError):  # noqa: N818  (it is the user's, not the program's, error)
    """A user's mistake; ``str()`` of it is one line fit to be shown as it stands."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))
