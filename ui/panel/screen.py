"""The screen: one panel on one canvas, with what may lie over it.

A :class:`Panel` is a table: widgets, furniture, shortcuts. The :class:`Screen` draws it, all of it
when the size changed and otherwise only what changed, then the focus ring, the tooltip and the
help overlay. It handles no events, so it also renders pictures where there is no window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pygame

from . import help_overlay, theme
from .canvas import Canvas
from .part import Widget
from .session import Session


@dataclass(eq=False)
class Help:
    """The help overlay: whether it is open; a key on the panel and F1 both turn it."""

    open: bool = False

    def toggle(self) -> None:
        """Open it or close it."""
        self.open = not self.open


@dataclass(frozen=True)
class Panel:
    """A machine's panel.

    Attributes
    ----------
    title
        What stands on the window.
    session
        The sitting at the machine.
    widgets
        What is on it, in the order in which Tab goes round.
    furniture
        Draws what the widgets stand in on a canvas's base.
    shortcuts
        What the keys of the keyboard do, by name: ``a``, ``shift+a``, ``ctrl+z``, ``space``.
    help
        Whether the help overlay is open.
    notes
        Draws the card of the help overlay on a surface; it says what is known and what invented.
    each_frame
        What is done before the machine's time passes, sixty times a second: looking through an eye.
    """

    title: str
    session: Session
    widgets: Sequence[Widget]
    furniture: Callable[[Canvas], None]
    shortcuts: Mapping[str, Callable[[], object]]
    help: Help
    notes: Callable[[Canvas, pygame.Surface], None]
    each_frame: Callable[[], object] = lambda: None

    def find(self, widget_id: str) -> Widget:
        """Find a widget by its id."""
        return next(widget for widget in self.widgets if widget.part.id == widget_id)

    def under(self, x: float, y: float) -> Widget | None:
        """Find the widget under a logical point; one that can be touched goes before others."""
        found = [widget for widget in self.widgets if widget.part.box.holds(x, y)]
        touchable = [widget for widget in found if widget.part.keys]
        return next(iter(touchable or found), None)


@dataclass(eq=False)
class Screen:
    """A panel on a surface."""

    panel: Panel
    surface: pygame.Surface
    focus: Widget | None = None
    tooltip: tuple[str, float, float, float] | None = None
    canvas: Canvas = field(init=False)
    _over: object = field(default=None, init=False)
    _overlay: pygame.Surface | None = field(default=None, init=False)
    _afresh: bool = field(default=True, init=False)

    def __post_init__(self) -> None:
        self.resize(self.surface)

    def resize(self, surface: pygame.Surface) -> None:
        """Draw on this surface from now on."""
        self.surface = surface
        self.canvas = Canvas(surface)
        self.panel.furniture(self.canvas)
        for widget in self.panel.widgets:
            widget.prepare(self.canvas)
        self._overlay = None
        self._afresh = True

    @property
    def surface_size(self) -> tuple[int, int]:
        """Size in pixels for which everything was prepared."""
        return self.canvas.base.get_size()

    def draw_afresh(self) -> None:
        """Draw everything at the next frame: the window was covered, or another hand drew on it."""
        self._afresh = True

    def draw(self, dt_s: float, afresh: bool = False) -> bool:
        """Draw what changed since last time; tell whether anything did.

        Parameters
        ----------
        dt_s
            Wall seconds since the last frame, for glowing and needles.
        afresh
            Draw everything.
        """
        over = (self.focus, self.tooltip, self.panel.help.open)
        afresh = afresh or self._afresh or over != self._over
        changed = self._draw_widgets(dt_s, afresh)
        if self.panel.help.open and changed:
            if not afresh:
                self._draw_widgets(0.0, True)
            if self._overlay is None:
                self._overlay = help_overlay.overlay(self.canvas, self.panel)
            self.surface.blit(self._overlay, (0, 0))
        elif changed and self.focus is not None:
            rect = self.canvas.rect(self.focus.part.box.inside(-3))
            pygame.draw.rect(self.surface, theme.LAMP, rect, max(2, self.canvas.size(2)), 5)
        if changed and self.tooltip is not None and not self.panel.help.open:
            help_overlay.tooltip(self.canvas, *self.tooltip)
        self._over, self._afresh = over, False
        return changed

    def _draw_widgets(self, dt_s: float, afresh: bool) -> bool:
        if afresh:
            self.surface.blit(self.canvas.base, (0, 0))
        changed = afresh
        for widget in self.panel.widgets:
            changed |= widget.draw(self.canvas, dt_s, afresh)
        return changed
