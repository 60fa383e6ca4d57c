"""Stimuli by name: what one types after ``--stimuli``.

``E,X`` are two letters, ``A-Z,0-9`` the whole type case, ``square,circle`` two figures, and
``my-letters`` or ``./E`` a folder of pictures.
"""

from __future__ import annotations

import difflib
import os

import numpy as np

from simulator.errors import Mistake
from simulator.stimuli.figures import FIGURES, figure
from simulator.stimuli.letters import LETTERS, letter
from simulator.stimuli.light import StimulusSet
from simulator.stimuli.pictures import Crop, Invert, folder

_FIGURES = {name.lower(): name for name in FIGURES if len(name) > 1}
_KNOWN = f"letters and digits (A-Z, 0-9), {', '.join(_FIGURES.values())}, or a folder of pictures"


def named(
    text: str,
    rows: int = 20,
    columns: int = 20,
    *,
    threshold: str | float = "otsu",
    crop: Crop = "none",
    invert: Invert = "auto",
) -> StimulusSet:
    """Make the set of stimuli that a text names.

    The text is a list with commas; spaces around a name, and capital or small letters, make no
    difference. Each name is

    1. a single letter or digit: that letter of the type case (the figures E, F and X of
       :func:`simulator.stimuli.figure` yield to the letters);
    2. a range of letters or of digits, ``A-F`` or ``0-9``, ascending;
    3. a figure: ``square``, ``circle-outline``.

    If any name is none of these, the whole text is taken for the path of a folder. A folder that
    is called like a letter or figure is meant by ``./E``.

    Parameters
    ----------
    text
        As above.
    rows, columns
        Size of the retina in cells, each from 8 to 1024.
    threshold, crop, invert
        For pictures of a folder, as in :func:`simulator.stimuli.picture`.

    Returns
    -------
    StimulusSet
        One stimulus and one class per name, in the order given; of a folder, see
        :func:`simulator.stimuli.folder`.

    Raises
    ------
    Mistake
        If a name is unknown (with the nearest known one) or given twice, or a folder is refused.
    """
    names: list[str] = []
    unknown: list[str] = []
    for piece in text.split(","):
        found = _names_of(piece.strip())
        names += found
        if not found:
            unknown.append(piece.strip())
    if unknown:
        if os.path.isdir(text):
            return folder(text, rows, columns, threshold=threshold, crop=crop, invert=invert)
        raise Mistake(_not_known(text, unknown[0]))
    for place, name in enumerate(names):
        if name in names[:place]:
            raise Mistake(f"stimuli {text[:60]!r}: {name} is named twice; name each once")
    levels = [
        letter(name, rows, columns) if len(name) == 1 else figure(name, rows=rows, columns=columns)
        for name in names
    ]
    return StimulusSet(
        levels=np.stack(levels),
        labels=np.arange(len(names), dtype=np.int64),
        classes=tuple(names),
        names=tuple(names),
    )


def _names_of(piece: str) -> list[str]:
    """Give the letters or the figure that one piece stands for; none if it is unknown."""
    if piece.lower() in _FIGURES:
        return [_FIGURES[piece.lower()]]
    if not piece.isascii():
        return []
    first, dash, last = (part.strip().upper() for part in piece.partition("-"))
    last = last if dash else first
    if len(first) != 1 or len(last) != 1 or first not in LETTERS or last not in LETTERS:
        return []
    if first.isdigit() != last.isdigit():
        return []
    # A range that runs backwards is an empty slice, and so unknown.
    return list(LETTERS[LETTERS.index(first) : LETTERS.index(last) + 1])


def _not_known(text: str, name: str) -> str:
    """Word the line for a name that is unknown."""
    where = f"stimuli {text[:60]!r}"
    if os.path.isfile(text):
        return f"{where}: this is a file; name the folder it is in"
    if not name:
        return f"{where}: a name is missing; known are {_KNOWN}"
    near = difflib.get_close_matches(name[:60].lower(), _FIGURES, n=1)
    if near:
        return f"{where}: {name[:60]!r} is unknown, perhaps {near[0]}? Known are {_KNOWN}"
    if os.sep in name or "/" in name:
        return f"{where}: there is no folder {name[:60]!r}; known are {_KNOWN}"
    no_folder = ", and there is no folder of that name" if name == text.strip() else ""
    return f"{where}: {name[:60]!r} is unknown{no_folder}; known are {_KNOWN}"
