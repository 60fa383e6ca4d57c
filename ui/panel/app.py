"""The application: a window, sixty frames a second, and what mouse and keyboard do.

What is pressed is known from events alone, never by asking the mouse or the keyboard how they
stand: so a test (or a replay) that posts events drives exactly what a hand drives. A frame in which
nothing changed is not shown again.
"""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Callable
from pathlib import Path

import pygame

from simulator.errors import Mistake
from simulator.files import write_whole

from . import theme
from .canvas import Canvas
from .part import Widget
from .screen import Panel, Screen

FRAMES_PER_S = 60
TOOLTIP_S, RESIZE_S = 0.6, 0.1
_DIGITS = range(pygame.KSCAN_1, pygame.KSCAN_9 + 1)
_BRACKETS = {pygame.KSCAN_LEFTBRACKET: "[", pygame.KSCAN_RIGHTBRACKET: "]"}
_ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class App:
    """A panel in a window.

    Parameters
    ----------
    panel
        The panel.
    window
        The window, or the size of one to be opened, in its own units.

    Attributes
    ----------
    open
        False once the user has quit.
    """

    def __init__(
        self, panel: Panel, window: pygame.Window | tuple[int, int] = theme.LOGICAL
    ) -> None:
        self.panel = panel
        self.open = True
        self._window = _open_window(window) if isinstance(window, tuple) else window
        self.screen = Screen(panel, self._window.get_surface())
        self._held: Widget | None = None
        self._pointer: tuple[float, float] = (-1.0, -1.0)
        self._windowed: tuple[tuple[int, int], tuple[int, int]] | None = None
        self._last_s = self._pointed_s = self._resized_s = panel.session.clock()
        self._size = self._window.get_surface().get_size()
        self._shortcuts = {
            "f1": self.panel.help.toggle,
            "f10": self._screenshot,
            "f11": self._toggle_full,
            "alt+return": self._toggle_full,
            "escape": self._escape,
            "tab": lambda: self._next_focus(1),
            "shift+tab": lambda: self._next_focus(-1),
            "return": lambda: self._enter(1),
            "shift+return": lambda: self._enter(-1),
            **panel.shortcuts,
        }

    def frame(self) -> bool:
        """Do one frame: events, the machine's time, the picture; tell whether it was shown anew."""
        for event in pygame.event.get():
            self._handle(event)
        now_s = self.panel.session.clock()
        dt_s, self._last_s = max(0.0, now_s - self._last_s), now_s
        self._look()
        self.panel.session.advance()
        surface = self._window.get_surface()
        if surface.get_size() != self._size:
            self._size, self._resized_s = surface.get_size(), now_s
        if self._size != self.screen.surface_size:
            if now_s - self._resized_s < RESIZE_S:
                return False
            self.screen.resize(surface)
        self._point(now_s)
        if not self.screen.draw(dt_s):
            return False
        self._tell_speed()
        self._window.flip()
        return True

    def close(self) -> None:
        """Take the window down."""
        self._window.destroy()

    def _look(self) -> None:
        try:
            self.panel.each_frame()
        except Mistake as mistake:
            self.panel.session.message = str(mistake)

    def _tell_speed(self) -> None:
        session = self.panel.session
        speed = session.asked if session.running else "stopped"
        title = f"{self.panel.title}, {speed}"
        if title != self._window.title:
            self._window.title = title

    # events

    def _handle(self, event: pygame.event.Event) -> None:
        try:
            if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
                self.open = False
            elif event.type == pygame.MOUSEBUTTONDOWN:
                self._press(event)
            elif event.type == pygame.MOUSEMOTION:
                self._move(event)
            elif event.type == pygame.MOUSEBUTTONUP:
                self._release()
            elif event.type == pygame.MOUSEWHEEL and event.y:
                self._wheel(1 if event.y > 0 else -1)
            elif event.type == pygame.KEYDOWN:
                self._key(event)
            elif event.type == pygame.WINDOWFOCUSLOST:
                self._release()
            elif event.type == pygame.WINDOWEXPOSED:
                self.screen.draw_afresh()
            elif event.type == pygame.WINDOWLEAVE:
                self._pointer = (-1.0, -1.0)
        except Mistake as mistake:
            self.panel.session.message = str(mistake)

    def _at(self, event: pygame.event.Event) -> tuple[float, float]:
        """Give the logical point of a mouse event (on fine screens a unit is several pixels)."""
        ratio = self._window.get_surface().get_width() / max(1, self._window.size[0])
        return self.screen.canvas.point((event.pos[0] * ratio, event.pos[1] * ratio))

    def _press(self, event: pygame.event.Event) -> None:
        if event.button > 3:
            return
        if self.panel.help.open:
            self.panel.help.open = False
            return
        self._release()
        self._pointer = self._at(event)
        self._pointed_s = math.inf  # no explanation in the way until the mouse moves again
        self.screen.focus = None
        self._held = self.panel.under(*self._pointer)
        if self._held is not None:
            self._held.press(*self._pointer, event.button)

    def _move(self, event: pygame.event.Event) -> None:
        self._pointer = self._at(event)
        self._pointed_s = self.panel.session.clock()
        if self._held is not None:
            self._held.drag(*self._pointer)

    def _release(self) -> None:
        if self._held is not None:
            self._held.release()
        self._held = None

    def _wheel(self, way: int) -> None:
        under = self.panel.under(*self._pointer)
        if under is not None and under.part.wheel:
            under.enter(way)

    def _key(self, event: pygame.event.Event) -> None:
        name = key_name(event)
        if self.panel.help.open and name not in ("f10", "f11"):
            self.panel.help.open = False
            if name in ("f1", "escape"):
                return
        focus = self.screen.focus
        if focus is not None and name in _ARROWS and focus.arrow(*_ARROWS[name]):
            return
        if name in self._shortcuts:
            self._shortcuts[name]()

    # what the application's own keys do

    def _escape(self) -> None:
        if self.screen.focus is not None:
            self.screen.focus = None
        else:
            self.open = False

    def _next_focus(self, way: int) -> None:
        ring = [widget for widget in self.panel.widgets if widget.part.keys]
        at = ring.index(self.screen.focus) if self.screen.focus in ring else -(way > 0)
        self.screen.focus = ring[(at + way) % len(ring)]

    def _enter(self, way: int) -> None:
        if self.screen.focus is not None:
            self.screen.focus.enter(way)

    def _toggle_full(self) -> None:
        window = self._window
        if self._windowed is None:
            # where there is no window manager (kiosks), the window has to be made to fit by itself
            self._windowed = window.position, window.size
            window.position, window.size = (0, 0), pygame.display.get_desktop_sizes()[0]
            window.set_fullscreen(True)
        else:
            window.set_windowed()
            window.position, window.size = self._windowed
            self._windowed = None

    def _screenshot(self) -> None:
        stamp = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
        path = Path(f"firstwave-{stamp}.png").resolve()
        save_png(self.screen.surface, path)
        self.panel.session.message = f"picture written to {path}"

    def _point(self, now_s: float) -> None:
        """Show the explanation of what the pointer rests on."""
        under = self.panel.under(*self._pointer) if self._held is None else None
        if under is None or now_s - self._pointed_s < TOOLTIP_S:
            self.screen.tooltip = None
            return
        tip = under.part.tip_at(*self._pointer)
        keys = f"\n[{under.part.keys}]" if under.part.keys else ""
        self.screen.tooltip = (tip + keys, *self._pointer, under.part.box.y) if tip else None


def key_name(event: pygame.event.Event) -> str:
    """Name a key with its modifiers: ``a``, ``shift+a``, ``ctrl+z``, ``space``, ``alt+return``.

    Digits and brackets go by their place, letters by what is printed on them.
    """
    scancode = getattr(event, "scancode", 0)
    if scancode in _DIGITS:
        name = str(scancode - pygame.KSCAN_1 + 1)
    elif scancode in _BRACKETS:
        name = _BRACKETS[scancode]
    else:
        name = pygame.key.name(event.key)
    name = {"enter": "return", "keypad enter": "return"}.get(name, name)
    mods = ((pygame.KMOD_CTRL, "ctrl+"), (pygame.KMOD_ALT, "alt+"), (pygame.KMOD_SHIFT, "shift+"))
    return "".join(text for mask, text in mods if event.mod & mask) + name


def save_png(surface: pygame.Surface, path: Path) -> None:
    """Write a picture, whole or not at all.

    Raises
    ------
    Mistake
        If the file cannot be written.
    """
    buffer = io.BytesIO()
    pygame.image.save(surface, buffer, "picture.png")
    write_whole(path, buffer.getvalue())


def run(switch_on: Callable[[], Panel], size: tuple[int, int] = theme.LOGICAL) -> int:
    """Open a window with a panel and stay until the user quits; give the exit status.

    Parameters
    ----------
    switch_on
        Makes the panel. That may take a while, so the window is there before it.
    size
        Of the window, in its own units.
    """
    window = _open_window(size)
    try:
        _say_wait(window)
        app = App(switch_on(), window)
        clock = pygame.time.Clock()
        while app.open:
            app.frame()
            clock.tick(FRAMES_PER_S)
    finally:
        window.destroy()
        pygame.quit()
    return 0


def _open_window(size: tuple[int, int]) -> pygame.Window:
    # not pygame.init(): it would wake the sound card, which nothing here uses
    pygame.display.init()
    pygame.font.init()
    window = pygame.Window("firstwave", size, resizable=True, allow_high_dpi=True)
    window.minimum_size = theme.LEAST_WINDOW
    return window


def _say_wait(window: pygame.Window) -> None:
    canvas = Canvas(window.get_surface())
    canvas.surface.blit(canvas.base, (0, 0))
    x, y = canvas.logical[0] / 2, canvas.logical[1] / 2
    canvas.text("The machine is being switched on.", (x, y - 20), 24, theme.LAMP, "center")
    once = "The very first time this takes 10 to 20 seconds: its engine is compiled, once."
    canvas.text(once, (x, y + 20), 16, theme.FAINT, "center")
    pygame.event.pump()
    window.flip()
