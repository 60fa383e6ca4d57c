"""What every widget has in common: a name, a place, an explanation and a way to reach it.

A widget is anything with a :class:`Part` and the methods of :class:`Widget`. Those that can be
touched have a keyboard path, in words, which the help overlay prints; those that only show have
none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from .canvas import Box, Canvas

LEFT, MIDDLE, RIGHT = 1, 2, 3
"""Mouse buttons."""


@dataclass(frozen=True)
class Part:
    """What every widget has.

    Attributes
    ----------
    id
        Its name, for tests and tools: ``key.reinforce``.
    box
        Where it can be touched: the part and its label, logical.
    label
        A few words for the help overlay.
    tip
        What it is and does; for a bank, a function of the logical point.
    keys
        How the keyboard reaches it; empty if it only shows.
    wheel
        Whether the mouse wheel moves it.
    """

    id: str
    box: Box
    label: str
    tip: str | Callable[[float, float], str]
    keys: str = ""
    wheel: bool = False

    def tip_at(self, x: float, y: float) -> str:
        """Give the explanation for a point."""
        return self.tip if isinstance(self.tip, str) else self.tip(x, y)


class Widget(Protocol):
    """What the application asks of a widget."""

    @property
    def part(self) -> Part:
        """Its common part."""

    def prepare(self, canvas: Canvas) -> None:
        """Draw on the base what never changes, and make ready for this size."""

    def draw(self, canvas: Canvas, dt_s: float, afresh: bool) -> bool:
        """Draw what changed (all of it if ``afresh``); tell whether anything did."""

    def press(self, x: float, y: float, button: int) -> None:
        """Take a mouse button that goes down here."""

    def drag(self, x: float, y: float) -> None:
        """Take a movement of the mouse while the button pressed here is down."""

    def release(self) -> None:
        """Take the button's going up."""

    def enter(self, way: int) -> None:
        """Take Enter (way +1), Shift+Enter (-1) or a turn of the wheel."""

    def arrow(self, dx: int, dy: int) -> bool:
        """Take an arrow key, having the focus; False leaves the key to others."""


class Untouchable:
    """The gestures of a widget that only shows; also what most others leave out."""

    def press(self, x: float, y: float, button: int) -> None:
        """Do nothing."""

    def drag(self, x: float, y: float) -> None:
        """Do nothing."""

    def release(self) -> None:
        """Do nothing."""

    def enter(self, way: int) -> None:
        """Do nothing."""

    def arrow(self, dx: int, dy: int) -> bool:
        """Leave the key to others."""
        return False
