"""The way into the front panels, which live in a room of their own and need pygame-ce."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.errors import Mistake

if TYPE_CHECKING:
    from ui.cli.eye import Eye, EyeRequest

SIZE = (1280, 800)


def has_display() -> bool:
    """Tell whether there is a display to open a panel on."""
    from ui import panels

    with _drivers_quiet():
        return panels.has_display()


@contextlib.contextmanager
def _drivers_quiet() -> Iterator[None]:
    """Keep what video drivers print while they are tried off stderr."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def open_panel(
    machine: str,
    shot: Path | None = None,
    after_s: float = 3.0,
    seed: int = 1,
    state: Path | None = None,
    eye: EyeRequest | None = None,
) -> int:
    """Open a panel, or take a picture of it; give the exit status when it is closed.

    Raises
    ------
    Mistake
        If there is no such panel, no fit pygame, a file that does not fit, or no display and no
        picture was asked for.
    """
    from ui import panels
    from ui.cli.console import check_outputs

    check_outputs({"state": state}, shot=shot)
    with contextlib.ExitStack() as stack:
        looks: Eye | None = None
        if eye is not None and eye.wanted:
            from ui.cli.eye import check, opened

            if shot is not None:
                raise Mistake("--shot with an eye: a picture of a lesson has its own stimuli")
            check(eye)
        if machine in panels.PANELS and shot is None and not has_display():
            raise Mistake(
                "there is no display; try `firstwave demo`, or a picture with --shot FILE"
            )
        if eye is not None and eye.wanted:
            looks = stack.enter_context(opened(eye, *_retina(state), wait=False))
        return panels.open_panel(
            machine, shot=shot, after_s=after_s, size=SIZE, seed=seed, state=state, eye=looks
        )


def _retina(state: Path | None) -> tuple[int, int]:
    """Tell the rows and columns of the retina the panel will have."""
    from machines.mark1 import Description, load

    d = Description() if state is None else load(state)[0].description
    return d.rows, d.columns
