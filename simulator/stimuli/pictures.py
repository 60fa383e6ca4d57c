"""Picture files as stimuli: any photograph or drawing, reduced to the cells of a retina.

A picture goes the way of light through a camera: it is set upright as its EXIF data ask, made
grey, cropped if one likes, averaged over the area of each photocell, and cut into lit and dark.
A folder of pictures becomes a set of stimuli with classes.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulator.errors import Mistake
from simulator.stimuli.area import area_average, check_retina
from simulator.stimuli.light import DARK, LIT, StimulusSet
from simulator.stimuli.picture_files import SUFFIXES, read_grey, reason_of
from simulator.stimuli.thresholds import figure_is_dark, lit_cells, parse_threshold

_FIGURE_SHARE = 0.8  # of the retina, which a figure cropped to its bounding box takes up
_SURVEY = 80  # cells along the longer side when looking for the figure

Crop = Literal["none", "square", "figure"]
Invert = Literal["auto"] | bool
Window = tuple[int, int, int, int]  # first row, first column, height, width in pixels


def picture(
    path: str | os.PathLike[str],
    rows: int = 20,
    columns: int = 20,
    *,
    threshold: str | float = "otsu",
    crop: Crop = "none",
    invert: Invert = "auto",
) -> NDArray[np.uint8]:
    """Show a picture file (PNG, JPEG, GIF, BMP, TIFF or WebP; of several frames the first).

    Where the picture is transparent, a dark board shines through; behind a figure that is itself
    dark (on average below half light), a light one.

    Parameters
    ----------
    path
        The file. Its format is read from its contents, not its suffix.
    rows, columns
        Size of the retina in cells, each from 8 to 1024.
    threshold
        A level 0 to 255, ``"mean"``, ``"otsu"``, ``"local"`` (for uneven light) or ``"none"``
        (grey levels are kept); see :func:`simulator.stimuli.thresholds.lit_cells`.
    crop
        ``"none"``: the whole picture, stretched to the retina. ``"square"``: the largest central
        piece in the retina's proportions. ``"figure"``: a piece of those proportions around the
        figure, which then fills four fifths of the retina.
    invert
        True: exchange light and dark. False: leave them. ``"auto"``: exchange them if the figure
        is dark, that is, if the border is light.

    Returns
    -------
    numpy.ndarray
        uint8, shape (rows, columns); 0 and 255 only, unless ``threshold`` is ``"none"``.

    Raises
    ------
    Mistake
        If the file is missing, unreadable, no picture, damaged, too small, too large, too long for
        its breadth or shows no figure; if an argument is out of range.
    """
    check_retina(rows, columns)
    threshold = parse_threshold(threshold)
    if crop not in ("none", "square", "figure"):
        raise Mistake(f"crop {str(crop)[:40]!r}: give none, square or figure")
    if invert not in ("auto", True, False):
        raise Mistake(f"invert {str(invert)[:40]!r}: give auto, True or False")
    levels = read_grey(Path(path))
    try:
        return _reduce(levels, rows, columns, threshold, crop, invert)
    except Mistake as mistake:
        raise Mistake(f"{path}: the picture {mistake}") from None


def folder(
    path: str | os.PathLike[str],
    rows: int = 20,
    columns: int = 20,
    *,
    threshold: str | float = "otsu",
    crop: Crop = "none",
    invert: Invert = "auto",
) -> StimulusSet:
    """Make a set of stimuli of all pictures in a folder.

    The pictures of a sub-folder form the class of its name. A picture directly in the folder
    belongs to the class that its name begins with: its leading letters, or if there are none its
    leading digits (``E-1.png`` and ``E2.jpg`` are of class E, ``square_3.gif`` of class square,
    ``7.png`` and ``7-b.png`` of class 7). Classes and, within a class, files are in alphabetical
    order. Files without a picture's suffix, hidden files and folders, and folders two levels down
    are passed over.

    Parameters
    ----------
    path
        The folder.
    rows, columns, threshold, crop, invert
        As in :func:`picture`, for every file.

    Raises
    ------
    Mistake
        If the folder is missing, unreadable or without pictures, a sub-folder has no picture, a
        file's name begins with neither letter nor digit, or a picture is refused.
    """
    top = Path(path)
    if not os.path.isdir(top):
        cure = "it is a file: name the folder" if os.path.isfile(top) else "check its name"
        raise Mistake(f"{path}: there is no such folder ({cure})")
    classes: dict[str, list[Path]] = {}
    for entry in _entries(top):
        if os.path.isdir(entry):
            within = [file for file in _entries(entry) if _is_picture(file)]
            if not within:
                raise Mistake(
                    f"{entry}: there is no picture in this sub-folder, which stands for a class; "
                    f"put one in ({', '.join(SUFFIXES)}) or remove the folder"
                )
            classes.setdefault(entry.name, []).extend(within)
        elif _is_picture(entry):
            begins = re.match(r"[^\W\d_]+|\d+", entry.stem)
            if begins is None:
                raise Mistake(
                    f"{entry}: its class cannot be told, for its name begins with neither letter "
                    f"nor digit; call it for example E-1{entry.suffix}"
                )
            classes.setdefault(begins.group(), []).append(entry)
    if not classes:
        raise Mistake(f"{path}: there is no picture in this folder ({', '.join(SUFFIXES)})")
    names = sorted(classes)
    files = [(label, file) for label, name in enumerate(names) for file in sorted(classes[name])]
    levels = [
        picture(file, rows, columns, threshold=threshold, crop=crop, invert=invert)
        for _, file in files
    ]
    return StimulusSet(
        levels=np.stack(levels),
        labels=np.array([label for label, _ in files], dtype=np.int64),
        classes=tuple(names),
        names=tuple(file.relative_to(top).as_posix() for _, file in files),
    )


def _entries(path: Path) -> list[Path]:
    """List what is in a folder, sorted, without what is hidden."""
    try:
        return sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise Mistake(f"{path}: the folder cannot be read ({reason_of(error)})") from None


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not os.path.isdir(path)


def _reduce(
    levels: NDArray[np.uint8],
    rows: int,
    columns: int,
    threshold: str | float,
    crop: Crop,
    invert: Invert,
) -> NDArray[np.uint8]:
    """Crop, average, cut and invert."""
    height, width = levels.shape
    _check_large_enough(height, width, rows, columns, "")
    dark = invert != "auto" and bool(invert)
    window = (0, 0, height, width)
    if crop == "square":
        window = _central_piece(height, width, rows, columns)
    elif crop == "figure":
        window, dark = _around_figure(levels, rows, columns, threshold, invert)
    _check_large_enough(*window[2:], rows, columns, f", cropped to its {crop},")

    cells = area_average(levels, rows, columns, window)
    if threshold == "none":
        if invert == "auto" and crop != "figure":
            contrast = int(cells.max()) > int(cells.min())
            dark = contrast and figure_is_dark(cells > (int(cells.max()) + int(cells.min())) / 2)
        return np.invert(cells) if dark else cells
    lit = lit_cells(cells, threshold)
    if invert == "auto" and crop != "figure":
        dark = figure_is_dark(lit)
    return np.where(lit != dark, LIT, DARK).astype(np.uint8)


def _check_large_enough(height: int, width: int, rows: int, columns: int, how: str) -> None:
    if height < rows or width < columns:
        raise Mistake(
            f"{how} is {width} x {height} pixels, smaller than the retina of {columns} x {rows} "
            f"cells; give a larger picture"
        )


def _central_piece(height: int, width: int, rows: int, columns: int) -> Window:
    high = min(height, width * rows // columns)
    wide = min(width, height * columns // rows)
    return (height - high) // 2, (width - wide) // 2, high, wide


def _around_figure(
    levels: NDArray[np.uint8], rows: int, columns: int, threshold: str | float, invert: Invert
) -> tuple[Window, bool]:
    """Find the figure; give the window around it and whether it is dark.

    The window may reach beyond the edge of the picture, even far beyond if that is long.

    The search is done on a coarse picture, where a cell counts only if at least three of the nine
    cells around and with it belong to the figure, so that specks do not stretch the box.
    """
    height, width = levels.shape
    longer = max(height, width)
    high, wide = (max(1, min(side, side * _SURVEY // longer)) for side in (height, width))
    lit = lit_cells(area_average(levels, high, wide), "otsu" if threshold == "none" else threshold)
    dark = figure_is_dark(lit) if invert == "auto" else bool(invert)
    figure = np.pad((lit != dark).astype(np.int64), 1)
    around = sum(figure[i : i + high, j : j + wide] for i in range(3) for j in range(3))
    found_rows, found_columns = np.nonzero(figure[1:-1, 1:-1] & (np.asarray(around) >= 3))
    if not found_rows.size:
        raise Mistake("shows no figure but specks; crop it yourself, or choose another threshold")
    top, bottom = found_rows.min() * height / high, (found_rows.max() + 1) * height / high
    left, right = found_columns.min() * width / wide, (found_columns.max() + 1) * width / wide
    pixels_per_cell = max((bottom - top) / rows, (right - left) / columns) / _FIGURE_SHARE
    tall, broad = round(pixels_per_cell * rows), round(pixels_per_cell * columns)
    first_row = round((top + bottom - tall) / 2)
    first_column = round((left + right - broad) / 2)
    return (first_row, first_column, tall, broad), dark
