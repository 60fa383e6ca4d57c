"""A hand and an eye: posts real SDL events at widgets named by id, and looks at their pixels."""

from __future__ import annotations

import numpy as np
import pygame

from ui.panel.app import App
from ui.panel.canvas import Box
from ui.panels.mark1 import open_machine

FRAME_S = 1 / 60
SCANCODES = {str(n): pygame.KSCAN_1 + n - 1 for n in range(1, 10)} | {
    "[": pygame.KSCAN_LEFTBRACKET,
    "]": pygame.KSCAN_RIGHTBRACKET,
}
MODS = {"shift": pygame.KMOD_LSHIFT, "ctrl": pygame.KMOD_LCTRL, "alt": pygame.KMOD_LALT}
KEYS = {
    "return": pygame.K_RETURN, "tab": pygame.K_TAB, "space": pygame.K_SPACE,
    "right": pygame.K_RIGHT, "left": pygame.K_LEFT, "up": pygame.K_UP, "down": pygame.K_DOWN,
    "backspace": pygame.K_BACKSPACE, "escape": pygame.K_ESCAPE, "f1": pygame.K_F1,
    "f10": pygame.K_F10, "f11": pygame.K_F11,
}  # fmt: skip


class Driver:
    """One panel in a window of the dummy driver, with a clock of its own."""

    def __init__(self, size=(1280, 800), opened=open_machine):
        self.now_s = 0.0
        self.panel = opened(clock=lambda: self.now_s)
        self.app = App(self.panel, size)
        pygame.event.clear()
        self.frames(2)

    @property
    def machine(self):
        return self.panel.session.machine

    @property
    def session(self):
        return self.panel.session

    def close(self):
        self.app.close()

    # hand

    def frames(self, count=1):
        shown = 0
        for _ in range(count):
            self.now_s += FRAME_S
            shown += self.app.frame()
        return shown

    def seconds(self, s):
        self.frames(round(s / FRAME_S))

    def pixel(self, x, y):
        """Window position of a logical point."""
        return self.app.screen.canvas.at(x, y)

    def mouse(self, kind, at, button=1):
        x, y = at
        if kind == pygame.MOUSEMOTION:
            event = pygame.event.Event(kind, pos=(x, y), rel=(0, 0), buttons=(0, 0, 0))
        else:
            event = pygame.event.Event(kind, pos=(x, y), button=button)
        pygame.event.post(event)

    def click(self, widget_id, button=1, dx=0.0, dy=0.0):
        x, y = self.panel.find(widget_id).part.box.middle
        at = self.pixel(x + dx, y + dy)
        self.mouse(pygame.MOUSEBUTTONDOWN, at, button)
        self.frames(1)
        self.mouse(pygame.MOUSEBUTTONUP, at, button)
        self.frames(1)

    def cell(self, row, column):
        """Window position of the middle of a cell of the retina."""
        retina = self.panel.find("retina")
        return self.pixel(
            retina.left + (column + 0.5) * retina.pitch, retina.top + (row + 0.5) * retina.pitch
        )

    def drag(self, cells, button=1):
        self.mouse(pygame.MOUSEBUTTONDOWN, self.cell(*cells[0]), button)
        self.frames(1)
        for cell in cells[1:]:
            self.mouse(pygame.MOUSEMOTION, self.cell(*cell))
            self.frames(1)
        self.mouse(pygame.MOUSEBUTTONUP, self.cell(*cells[-1]), button)
        self.frames(1)

    def key(self, name):
        *mods, last = name.split("+") if name != "+" else ["+"]
        code = KEYS.get(last) or ord(last)
        mask = sum(MODS[mod] for mod in mods)
        scancode = SCANCODES.get(last, 0)
        pygame.event.post(
            pygame.event.Event(pygame.KEYDOWN, key=code, mod=mask, scancode=scancode, unicode="")
        )
        self.frames(1)

    # eye

    def look(self, box):
        """RGB pixels of a logical box, int (w, h, 3)."""
        rect = self.app.screen.canvas.rect(box)
        picture = pygame.surfarray.array3d(self.app.screen.surface.subsurface(rect))
        return picture.astype(int)

    def brightness(self, box):
        return float(self.look(box).mean())

    def a_lamp(self, label):
        return self._tile("bank.A", label)

    def pot(self, label):
        return self._tile("bank.V", label)

    def _tile(self, bank_id, label):
        bank = self.panel.find(bank_id)
        return Box(*bank.places[label - 1], *bank.tile)

    def s_cell(self, row, column):
        retina = self.panel.find("retina")
        side = retina.pitch
        return Box(retina.left + column * side, retina.top + row * side, side, side)

    def light(self):
        return self.machine.rack("mark1.retina.light").reshape(20, 20)

    def same_as_fresh(self):
        """Names of the fields (but for time) in which the machine differs from a fresh one."""
        fresh = open_machine().session.machine.snapshot()
        now = self.machine.snapshot()
        return [
            name
            for name, a, b in zip(now._fields, now, fresh, strict=True)
            if name != "now_ns" and not np.array_equal(a, b)
        ]
